"""Addresses of the API of promises and of "why?"."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from caudal.apps.dunning.api import NoticeViewSet, PromiseViewSet, WhyViewSet

router = SimpleRouter()
router.register("promises", PromiseViewSet)
urlpatterns = [
    path("customers/<int:pk>/why/", WhyViewSet.as_view({"get": "why"}), name="customer-why"),
    path(
        "customers/<int:pk>/notice/",
        NoticeViewSet.as_view({"get": "notice"}),
        name="customer-notice",
    ),
    path(
        "customers/<int:pk>/notices/",
        NoticeViewSet.as_view({"get": "to_come"}),
        name="customer-notices",
    ),
    *router.urls,
]
