"""Addresses of the API of monitoring."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from caudal.apps.monitoring.api import (
    AlarmViewSet,
    DeviceViewSet,
    MapViewSet,
    OutageViewSet,
)
from caudal.apps.monitoring.credits_api import CreditViewSet

router = SimpleRouter()
router.register("devices", DeviceViewSet)
router.register("alarms", AlarmViewSet)
router.register("outages", OutageViewSet)
router.register("outage-credits", CreditViewSet)
urlpatterns = [
    path("network-map/", MapViewSet.as_view({"get": "list"}), name="network-map"),
    *router.urls,
]
