"""Addresses of the payments API."""

from rest_framework.routers import SimpleRouter

from caudal.apps.payments.api import PaymentViewSet
from caudal.apps.payments.cash_api import (
    BoxViewSet,
    ChequeViewSet,
    MovementViewSet,
    RefundViewSet,
    SessionViewSet,
)

router = SimpleRouter()
router.register("payments", PaymentViewSet)
router.register("cash-boxes", BoxViewSet)
router.register("cash-sessions", SessionViewSet)
router.register("cash-movements", MovementViewSet)
router.register("cheques", ChequeViewSet)
router.register("refunds", RefundViewSet)
urlpatterns = router.urls
