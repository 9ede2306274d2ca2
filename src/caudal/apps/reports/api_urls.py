"""Addresses of the API of reports."""

from django.urls import path

from caudal.apps.reports.api import ChurnViewSet

urlpatterns = [
    path("reports/churn/", ChurnViewSet.as_view({"get": "churn"}), name="reports-churn"),
    path(
        "reports/churn/services/",
        ChurnViewSet.as_view({"get": "services"}),
        name="reports-churn-services",
    ),
]
