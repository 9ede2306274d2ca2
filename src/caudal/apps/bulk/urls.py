"""Addresses of acts on many rows."""

from django.urls import URLPattern, path

from caudal.apps.bulk import views

app_name = "bulk"

urlpatterns: list[URLPattern] = [
    path("", views.start, name="start"),
    path("latest/", views.latest, name="latest"),
    path("<int:pk>/", views.act, name="act"),
    path("<int:pk>/file/", views.file, name="file"),
    path("<int:pk>/results.csv", views.results, name="results"),
    path("<int:pk>/retry/", views.retry, name="retry"),
    path("<int:pk>/undo/", views.undo, name="undo"),
]
