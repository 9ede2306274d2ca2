"""Services that left a router for another one: is their new place proved, or still to come?"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Q

from caudal.apps.clock import jobs
from caudal.apps.customers.models import ServiceState
from caudal.apps.network.models import Connection, Router
from caudal.core.access import Code, Diff, Snapshot, service_of

Sync = Connection.Sync
DIGITS = 19
"""A mark with so many was written by hand: no database has such a key."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Services, by id as in marks, that another router serves now or is to serve."""

    there: frozenset[str] = frozenset()
    """Verified on their router as they are wanted."""
    coming: frozenset[str] = frozenset()
    """Should browse, and their router is not known to hold them yet."""


def elsewhere(router: Router, found: Snapshot, own: Collection[str]) -> Elsewhere:
    """Of the services whose mark a reading found and that are not the router's `own` any more.

    No query where there are none. Who is suspended has nothing to wait for; who came back to this
    very router since the pass began is still to be looked at.
    """
    marked = {service_of(row) for row in found.rows} - {*own}
    strays = [int(service) for service in marked if service.isdecimal() and len(service) < DIGITS]
    if not strays:
        return Elsewhere()
    there = _proved(router, strays)
    active = Connection.objects.live().filter(
        service__in=strays, service__state=ServiceState.ACTIVE
    )
    coming = frozenset(map(str, active.values_list("service_id", flat=True)))
    return Elsewhere(there, coming - there)


def _proved(router: Router, services: Collection[int]) -> frozenset[str]:
    """Those of the services that another router holds as they are wanted."""
    held = Q(sync=Sync.IN_SYNC, synced_revision__gte=F("service__revision"))
    rows = Connection.objects.live().filter(held, service__in=services).exclude(router=router)
    return frozenset(map(str, rows.values_list("service_id", flat=True)))


def wake_old_places(router: Router, left: Diff, settled: Collection[str]) -> None:
    """Note what stays here for others, and look again at the routers that wait for `settled`."""
    stays = _staying(left)
    if router.facts.get("moving", []) != stays:
        router.facts = router.facts | {"moving": stays}
        Router.objects.filter(pk=router.pk).update(facts=router.facts)
    if not settled:
        return
    waiting = Router.objects.filter(dirty_since__isnull=False, failing_since=None)
    ready = [
        other.pk
        for other in waiting.exclude(pk=router.pk)
        if not {*settled}.isdisjoint(other.facts.get("moving", []))
    ]
    _look_again(ready)


def wake_if_proved(router: Router, left: Diff) -> None:
    """Two passes may end in the same instant: the new place was proved after this pass had
    compared, and before it had noted what waits. Then nobody else would wake it."""
    stays = _staying(left)
    if stays and _proved(router, [int(service) for service in stays if service.isdecimal()]):
        _look_again([router.pk])


def _look_again(routers: Collection[int]) -> None:
    if routers:
        Router.objects.filter(pk__in=routers).update(retry_at=None)
        jobs.wake()


def _staying(left: Diff) -> list[str]:
    return sorted(s for f in left.findings if f.code is Code.MOVING for s in f.services)
