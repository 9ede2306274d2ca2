"""Services that left a router for another one: is their new place proved, or still to come?"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Q

from caudal.apps.customers.models import ServiceState
from caudal.apps.network.models import Connection, Router
from caudal.core.access import Code, Diff, Snapshot, service_of

Sync = Connection.Sync


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
    strays = [int(service) for service in marked if service.isdecimal()]
    if not strays:
        return Elsewhere()
    rows = Connection.objects.live().filter(service__in=strays)
    proved = rows.exclude(router=router).filter(
        Q(sync=Sync.IN_SYNC, synced_revision__gte=F("service__revision"))
    )
    there = frozenset(map(str, proved.values_list("service_id", flat=True)))
    active = rows.filter(service__state=ServiceState.ACTIVE)
    coming = frozenset(map(str, active.values_list("service_id", flat=True)))
    return Elsewhere(there, coming - there)


def wake_old_places(router: Router, left: Diff, settled: Collection[str]) -> None:
    """Note what stays here for others, and look again at the routers that wait for `settled`."""
    stays = sorted(s for f in left.findings if f.code is Code.MOVING for s in f.services)
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
    Router.objects.filter(pk__in=ready).update(retry_at=None)
