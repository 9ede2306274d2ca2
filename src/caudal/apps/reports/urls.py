"""Addresses of reports."""

from django.urls import URLPattern, path

from caudal.apps.reports import views

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("churn/", views.movements, name="churn"),
    path("churn/export/<slug:what>.csv", views.export, name="churn_export"),
]
