"""Addresses of the billing API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from caudal.apps.billing.api import InvoiceViewSet
from caudal.apps.billing.documents_api import StatementPdfView, StatementView
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
urlpatterns = [
    path("customers/<int:pk>/statement/", StatementView.as_view(), name="statement"),
    path("customers/<int:pk>/statement/pdf/", StatementPdfView.as_view(), name="statement-pdf"),
    *router.urls,
]
