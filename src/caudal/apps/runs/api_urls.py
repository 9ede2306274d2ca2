"""Addresses of the runs API."""

from rest_framework.routers import SimpleRouter

from caudal.apps.runs.api import RunViewSet

router = SimpleRouter()
router.register("runs", RunViewSet)
urlpatterns = router.urls
