"""Addresses of the runs room."""

from django.urls import URLPattern

app_name = "runs"
urlpatterns: list[URLPattern] = []
