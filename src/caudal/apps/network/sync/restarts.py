"""Routers that forget their rules when they restart are looked at each minute, and told anew."""

from collections.abc import Callable
from datetime import datetime

from caudal.apps.clock.now import machine_time
from caudal.apps.network.actions.hurry import hurry
from caudal.apps.network.models import Router
from caudal.apps.network.sync.door import opened
from caudal.core.access.brakes import FORGETS
from caudal.core.ports.access import LIFE, AccessError, Forgetful

PATIENCE_S = 3.0


def forgetful(machine: Callable[[], datetime] = machine_time) -> list[Router]:
    """Those whose last answer said so, that may be written, and that nobody has in hand."""
    at = machine()
    rows = Router.objects.filter(is_active=True, is_frozen=False, failing_since=None)
    return [
        router
        for router in rows.order_by("pk")
        if FORGETS in router.facts.get("noticed", {})
        and (router.lease_until is None or router.lease_until <= at)
    ]


def has_forgotten(router: Router) -> bool:
    """Asks the router. One that does not answer has not: its pass will tell."""
    try:
        with opened(router, PATIENCE_S) as driver:
            if not isinstance(driver, Forgetful):
                return False
            known: str | None = router.facts["noticed"].get(LIFE)
            return driver.life() != known
    except AccessError:
        return False


def tell_anew(routers: list[Router], now: datetime) -> None:
    """Their next pass is due now."""
    if routers:
        hurry(Router.objects.filter(pk__in=[router.pk for router in routers]), now)
