"""Addresses of the desk."""

from django.urls import URLPattern, path

from caudal.apps.desk.dashboard import dashboard, income, last_runs

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", dashboard, name="dashboard"),
    path("dashboard/income/", income, name="income"),
    path("dashboard/jobs/", last_runs, name="last_runs"),
]
