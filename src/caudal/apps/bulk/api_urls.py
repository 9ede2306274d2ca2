"""Addresses of the API of acts on many rows."""

from rest_framework.routers import SimpleRouter

from caudal.apps.bulk.api import BulkActViewSet

router = SimpleRouter()
router.register("bulk-acts", BulkActViewSet)
urlpatterns = router.urls
