"""Addresses of the billing API."""

from rest_framework.routers import SimpleRouter

from caudal.apps.billing.api import InvoiceViewSet
from caudal.apps.billing.selling_api import (
    DiscountViewSet,
    FixedDateViewSet,
    ItemViewSet,
    SoldViewSet,
)

router = SimpleRouter()
router.register("invoices", InvoiceViewSet)
router.register("customer-products", SoldViewSet)
router.register("discounts", DiscountViewSet)
router.register("pending-items", ItemViewSet)
router.register("fixed-dates", FixedDateViewSet)
urlpatterns = router.urls
