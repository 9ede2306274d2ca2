"""Addresses of the catalog's API."""

from rest_framework.routers import SimpleRouter

from caudal.apps.catalog.api import CompanyViewSet, PlanViewSet, ProductViewSet, TaxViewSet

router = SimpleRouter()
router.register("plans", PlanViewSet)
router.register("products", ProductViewSet)
router.register("taxes", TaxViewSet)
router.register("companies", CompanyViewSet)
urlpatterns = router.urls
