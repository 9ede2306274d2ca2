"""Addresses of the API of customers and services."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from caudal.apps.desk.api import CustomerViewSet, ServiceViewSet
from caudal.apps.desk.page_api import LetterViewSet

router = SimpleRouter()
router.register("customers", CustomerViewSet)
router.register("services", ServiceViewSet)
urlpatterns = [
    path("customers/<int:pk>/letters/", LetterViewSet.as_view({"post": "write"}), name="letters"),
    *router.urls,
]
