"""Addresses of the payments API."""

from rest_framework.routers import SimpleRouter

from caudal.apps.payments.api import PaymentViewSet

router = SimpleRouter()
router.register("payments", PaymentViewSet)
urlpatterns = router.urls
