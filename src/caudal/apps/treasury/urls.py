"""Addresses of the treasury room."""

from django.urls import URLPattern, path

from caudal.apps.treasury.views import notices

app_name = "treasury"
urlpatterns: list[URLPattern] = [
    path("notices/<slug:slug>/", notices.notice, name="notice"),
]
