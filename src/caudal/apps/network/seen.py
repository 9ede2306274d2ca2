"""What the readings of a router tell a person: rows of the router name people he may not see."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404

from caudal.apps.network.models import Router, SyncPass
from caudal.apps.staff.models import User

NOT_NAMING = ("brakes", "cut")
"""Of what a reading found, the parts without names; pages look up the customers of the second."""


def told_by(user: User, found: SyncPass | None) -> Mapping[str, Any]:
    """What the reading found; for who sees a part of the router's customers, only how much."""
    told: dict[str, Any] = found.findings if found else {}
    if found is None or sees_all_of(user, found.router):
        return told
    return {
        name: value for name, value in told.items() if name in NOT_NAMING or isinstance(value, int)
    }


def sees_all_of(user: User, router: Router) -> bool:
    """Whether everybody whom the router serves is among the customers that he sees."""
    if not user.is_limited:
        return True
    if user.role.only_own_customers:
        return False
    served = set(router.zones.values_list("branch_id", flat=True))
    return bool(served) and served <= {*user.branch_ids, None}


def require_all_of(user: User, router: Router) -> None:
    """Raise Http404 where decisions about rows of this router are not his to take."""
    if not sees_all_of(user, router):
        raise Http404
