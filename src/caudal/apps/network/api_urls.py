"""Addresses of the network's API."""

from rest_framework.routers import SimpleRouter

from caudal.apps.network.api.addresses import BlockViewSet, PoolViewSet, UseViewSet
from caudal.apps.network.api.journal import OperationViewSet, PassViewSet
from caudal.apps.network.api.routers import DecisionViewSet, RouterViewSet
from caudal.apps.network.api.safety import SafetyViewSet
from caudal.apps.network.api.settings import SiteViewSet
from caudal.apps.network.api.tools import BackupViewSet, ToolsViewSet
from caudal.apps.network.api.zones import ZoneViewSet

router = SimpleRouter()
router.register("zones", ZoneViewSet)
router.register("sites", SiteViewSet)
router.register("routers", RouterViewSet)
router.register("router-tools", ToolsViewSet, basename="router-tools")
router.register("router-backups", BackupViewSet)
router.register("row-decisions", DecisionViewSet)
router.register("router-passes", PassViewSet)
router.register("router-operations", OperationViewSet)
router.register("network-safety", SafetyViewSet)
router.register("address-blocks", BlockViewSet)
router.register("address-pools", PoolViewSet)
router.register("address-uses", UseViewSet)
urlpatterns = router.urls
