"""Tables of the network: sites, routers, pools, connections and what reconciliation did."""

from caudal.apps.network.models.addresses import Pool
from caudal.apps.network.models.connections import (
    AddressUse,
    Connection,
    ConnectionQuerySet,
    PlanSeen,
    sync_state,
)
from caudal.apps.network.models.passes import Installation, Operation, SyncPass, SyncPassQuerySet
from caudal.apps.network.models.routers import Router, Site

__all__ = [
    "AddressUse",
    "Connection",
    "ConnectionQuerySet",
    "Installation",
    "Operation",
    "PlanSeen",
    "Pool",
    "Router",
    "Site",
    "SyncPass",
    "SyncPassQuerySet",
    "sync_state",
]
