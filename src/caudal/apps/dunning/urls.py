"""Addresses of the dunning room."""

from django.urls import URLPattern, path

from caudal.apps.dunning.views import cuts, promises

app_name = "dunning"

CUSTOMER = "customers/<int:pk>/promise/"

urlpatterns: list[URLPattern] = [
    path("cuts/", cuts.cuts, name="cuts"),
    path("cuts/export.<slug:kind>", cuts.export, name="export"),
    path("promises/", promises.promises, name="promises"),
    path("promises/alerts/", promises.alerts, name="alerts"),
    path("promises/<int:pk>/seen/", promises.see, name="see_alert"),
    path(CUSTOMER, promises.take, name="promise"),
    path(f"{CUSTOMER}panel/", promises.panel, name="customer-promises"),
    path("customers/<int:pk>/notices/", promises.notices, name="customer-notices"),
    path(f"{CUSTOMER}withdraw/", promises.withdraw, name="withdraw"),
]
