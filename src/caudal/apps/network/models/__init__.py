"""Tables of the network: sites, routers, pools, connections and what reconciliation did."""

from caudal.apps.network.models.addresses import Pool
from caudal.apps.network.models.backups import BackupPolicy, BackupTry, RouterBackup
from caudal.apps.network.models.blocks import AddressBlock
from caudal.apps.network.models.connections import (
    AddressUse,
    Connection,
    ConnectionQuerySet,
    PlanSeen,
    sync_state,
)
from caudal.apps.network.models.passes import Installation, Operation, SyncPass, SyncPassQuerySet
from caudal.apps.network.models.routers import Router, Site
from caudal.apps.network.models.safety import CutRules, RowDecision, Safety

__all__ = [
    "AddressBlock",
    "AddressUse",
    "BackupPolicy",
    "BackupTry",
    "Connection",
    "ConnectionQuerySet",
    "CutRules",
    "Installation",
    "Operation",
    "PlanSeen",
    "Pool",
    "Router",
    "RouterBackup",
    "RowDecision",
    "Safety",
    "Site",
    "SyncPass",
    "SyncPassQuerySet",
    "sync_state",
]
