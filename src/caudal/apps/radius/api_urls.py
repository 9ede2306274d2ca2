"""Addresses of RADIUS' API."""

from rest_framework.routers import SimpleRouter

from caudal.apps.radius.api import (
    ClientViewSet,
    PolicyViewSet,
    RefusalViewSet,
    SessionViewSet,
)

router = SimpleRouter()
router.register("radius-sessions", SessionViewSet)
router.register("radius-refusals", RefusalViewSet)
router.register("radius-clients", ClientViewSet)
router.register("radius-policy", PolicyViewSet)
urlpatterns = router.urls
