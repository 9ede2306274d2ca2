"""Addresses of the treasury's API."""

from rest_framework.routers import SimpleRouter

from caudal.apps.treasury.api import (
    GatewayPaymentViewSet,
    LineViewSet,
    LinkViewSet,
    ReportViewSet,
)

router = SimpleRouter()
router.register("bank-lines", LineViewSet)
router.register("gateway-payments", GatewayPaymentViewSet)
router.register("payment-links", LinkViewSet)
router.register("reported-payments", ReportViewSet)
urlpatterns = router.urls
