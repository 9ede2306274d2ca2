"""Addresses of the billing API."""

from rest_framework.routers import SimpleRouter

from caudal.apps.billing.api import InvoiceViewSet

router = SimpleRouter()
router.register("invoices", InvoiceViewSet)
urlpatterns = router.urls
