"""Telling routers of plans that changed: the catalog does not know that routers exist."""

import hashlib
from datetime import datetime

from django.db import transaction

from caudal.apps.catalog.models import Plan
from caudal.apps.customers.actions import touch
from caudal.apps.customers.models import Service
from caudal.apps.network.models import PlanSeen

ON_ROUTERS = (
    "name",
    "profile",
    "up_kbps",
    "down_kbps",
    "burst_up_kbps",
    "burst_down_kbps",
    "burst_threshold_up_kbps",
    "burst_threshold_down_kbps",
    "burst_seconds",
    "priority",
)
LATER = ("guaranteed_up_kbps", "guaranteed_down_kbps")
"""Columns younger than the first digests: a plan without them is no other than it was."""


def notice_plan_changes(now: datetime) -> int:
    """Touch the services of plans whose speed or name is another than routers were told.

    Two queries where nothing changed. Returns how many plans had.
    """
    told = dict(PlanSeen.objects.values_list("plan_id", "digest"))
    changed = 0
    for plan in Plan.objects.only("pk", *ON_ROUTERS, *LATER):
        digest = _digest(plan)
        if told.get(plan.pk) != digest:
            _tell(plan, digest, now, is_new=plan.pk not in told)
            changed += 1
    return changed


@transaction.atomic
def _tell(plan: Plan, digest: str, now: datetime, *, is_new: bool) -> None:
    """A plan seen for the first time has no service that was told anything else."""
    PlanSeen.objects.update_or_create(plan=plan, defaults={"digest": digest})
    if not is_new:
        touch(Service.objects.filter(plan=plan, connection__released_at=None), now)


def _digest(plan: Plan) -> str:
    said = [*ON_ROUTERS, *(name for name in LATER if getattr(plan, name) is not None)]
    text = "\n".join(f"{name}={getattr(plan, name)}" for name in said)
    return hashlib.sha256(text.encode()).hexdigest()
