"""Addresses of the API of customers and services."""

from rest_framework.routers import SimpleRouter

from caudal.apps.desk.api import CustomerViewSet, ServiceViewSet

router = SimpleRouter()
router.register("customers", CustomerViewSet)
router.register("services", ServiceViewSet)
urlpatterns = router.urls
