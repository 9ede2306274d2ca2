"""Addresses of the documents room."""

from django.urls import URLPattern, path

from caudal.apps.documents import views

app_name = "documents"
urlpatterns: list[URLPattern] = [path("v/<str:token>/", views.verify, name="verify")]
