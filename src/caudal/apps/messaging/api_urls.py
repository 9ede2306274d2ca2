"""Addresses of the API of messages."""

from rest_framework.routers import SimpleRouter

from caudal.apps.messaging.api import MessageViewSet

router = SimpleRouter()
router.register("messages", MessageViewSet)
urlpatterns = router.urls
