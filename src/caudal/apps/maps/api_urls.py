"""Addresses of the API of the map."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from caudal.apps.maps.api import CustomerMapViewSet
from caudal.apps.maps.api_files import PositionFileViewSet

router = SimpleRouter()
router.register("position-files", PositionFileViewSet)
urlpatterns = [
    path("customer-map/", CustomerMapViewSet.as_view({"get": "list"}), name="customer-map"),
    *router.urls,
]
