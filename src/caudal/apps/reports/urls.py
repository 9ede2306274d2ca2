"""Addresses of reports."""

from django.urls import URLPattern, path

from caudal.apps.reports import services, views

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("churn/", views.movements, name="churn"),
    path("churn/services/", services.churn_services, name="churn_services"),
    path("churn/services.csv", services.churn_services_file, name="churn_services_file"),
    path("churn/export/<slug:what>.csv", views.export, name="churn_export"),
]
