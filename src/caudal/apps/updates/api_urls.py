"""Addresses of the API of updates by file."""

from rest_framework.routers import SimpleRouter

from caudal.apps.updates.api import UpdateViewSet

router = SimpleRouter()
router.register("updates", UpdateViewSet)
urlpatterns = router.urls
