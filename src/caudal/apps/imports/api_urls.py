"""Addresses of the imports' API."""

from rest_framework.routers import SimpleRouter

from caudal.apps.imports.api import FirstPlanViewSet, ImportRowViewSet, ImportViewSet

router = SimpleRouter()
router.register("imports", ImportViewSet)
router.register("import-rows", ImportRowViewSet)
router.register("first-plans", FirstPlanViewSet)
urlpatterns = router.urls
