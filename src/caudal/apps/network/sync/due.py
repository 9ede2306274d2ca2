"""Which routers have to be worked on now."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from django.db.models import Exists, F, OuterRef, Q

from caudal.apps.clock.now import machine_time
from caudal.apps.network.actions import is_stopped
from caudal.apps.network.models import Connection, Router

FULL_PASS = timedelta(minutes=15)
"""Reboots and edits by hand are found by looking at every router so often."""
SPREAD = 0.1


def due_routers(now: datetime, machine: Callable[[], datetime] = machine_time) -> list[Router]:
    """Routers with something to do, or not looked at for long, that nobody has in hand; those
    that failed the last time come last."""
    held = Connection.objects.filter(router=OuterRef("pk"))
    routers = (
        Router.objects.filter(Q(lease_until=None) | Q(lease_until__lte=machine()), is_active=True)
        .annotate(untried=Exists(held.untried()), waiting=Exists(held.waiting()))
        .order_by(F("failing_since").asc(nulls_first=True), "verified_at", "pk")
    )
    stopped = is_stopped()
    return [
        router
        for router in routers
        if _is_due(router, now, stopped, untried=router.untried, waiting=router.waiting)
    ]


def full_pass_at(router: Router) -> datetime | None:
    """When the router is looked at again even if nothing changed; None: never was.

    Spread by a tenth, always the same for one router and instant.
    """
    if router.verified_at is None:
        return None
    seed = f"{router.pk}/{router.verified_at.isoformat()}"
    return router.verified_at + FULL_PASS * Random(seed).uniform(1 - SPREAD, 1 + SPREAD)


def _is_due(router: Router, now: datetime, stopped: bool, *, untried: bool, waiting: bool) -> bool:
    if router.requested:
        return True
    may_try = router.retry_at is None or router.retry_at <= now
    if router.failing_since is not None:
        return may_try
    look_at = full_pass_at(router)
    if look_at is None or look_at <= now:
        return True
    if router.is_frozen or stopped:
        return False
    left_over = bool(router.dirty_since or router.retry_at or waiting)
    return untried or (left_over and may_try)
