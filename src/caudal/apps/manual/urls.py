"""Addresses of the manual, Spanish as its pages are."""

from django.urls import URLPattern, path

from caudal.apps.manual import views

app_name = "manual"

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("imagenes/<slug:name>.png", views.picture, name="picture"),
    path("<slug:slug>/", views.page, name="page"),
]
