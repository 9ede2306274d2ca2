"""Addresses of the API of the map."""

from django.urls import path

from caudal.apps.maps.api import CustomerMapViewSet

urlpatterns = [
    path("customer-map/", CustomerMapViewSet.as_view({"get": "list"}), name="customer-map"),
]
