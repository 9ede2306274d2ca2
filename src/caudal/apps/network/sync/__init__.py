"""Making routers match the rows: the only place of this room that talks to integrations."""

from caudal.apps.network.sync.adopting import adopt
from caudal.apps.network.sync.door import candidates, kinds, served, try_router
from caudal.apps.network.sync.passes import reconcile
from caudal.apps.network.sync.wanted import profile_of, wanted_state

__all__ = [
    "adopt",
    "candidates",
    "kinds",
    "profile_of",
    "reconcile",
    "served",
    "try_router",
    "wanted_state",
]
