"""Addresses of imports."""

from django.urls import path

from caudal.apps.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("file/", views.open_file, name="file"),
    path("router/", views.open_router, name="router"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/rows/", views.rows, name="rows"),
    path("<int:pk>/select/", views.select, name="select"),
    path("<int:pk>/missing/", views.missing, name="missing"),
    path("<int:pk>/approve/", views.approve, name="approve"),
    path("<int:pk>/discard/", views.discard, name="discard"),
    path("<int:pk>/failed/", views.failed, name="failed"),
]
