"""Addresses of the dunning room."""

from django.urls import URLPattern

app_name = "dunning"
urlpatterns: list[URLPattern] = []
