"""Addresses of the API of customers and services."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from caudal.apps.desk.api import CustomerViewSet
from caudal.apps.desk.causes_api import CauseViewSet
from caudal.apps.desk.localities_api import LocalityViewSet
from caudal.apps.desk.own_api import CustomFieldViewSet, TagViewSet
from caudal.apps.desk.page_api import JournalViewSet, LetterViewSet
from caudal.apps.desk.papers_api import AttachmentViewSet, NoteViewSet
from caudal.apps.desk.services_api import ServiceViewSet
from caudal.apps.desk.views_api import SavedViewViewSet

router = SimpleRouter()
router.register("customers", CustomerViewSet)
router.register("services", ServiceViewSet)
router.register("custom-fields", CustomFieldViewSet)
router.register("tags", TagViewSet)
router.register("causes", CauseViewSet)
router.register("saved-views", SavedViewViewSet)
router.register("localities", LocalityViewSet)
router.register("notes", NoteViewSet)
router.register("attachments", AttachmentViewSet)
urlpatterns = [
    path("customers/<int:pk>/letters/", LetterViewSet.as_view({"post": "write"}), name="letters"),
    path("customers/<int:pk>/journal/", JournalViewSet.as_view({"get": "journal"}), name="journal"),
    *router.urls,
]
