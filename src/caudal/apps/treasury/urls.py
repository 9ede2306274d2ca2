"""Addresses of the treasury room."""

from django.urls import URLPattern

app_name = "treasury"
urlpatterns: list[URLPattern] = []
