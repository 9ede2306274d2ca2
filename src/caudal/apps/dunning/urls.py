"""Addresses of the dunning room."""

from django.urls import URLPattern, path

from caudal.apps.dunning.views import cuts

app_name = "dunning"

urlpatterns: list[URLPattern] = [
    path("cuts/", cuts.cuts, name="cuts"),
]
