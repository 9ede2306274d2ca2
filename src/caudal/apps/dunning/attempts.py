"""The tries to cut who broke his promise: one a day, until the router has done it (PRM-2)."""

from collections.abc import Iterable
from datetime import date

from caudal.apps.customers.models import Service
from caudal.apps.dunning.models import Promise, PromiseAttempt
from caudal.apps.network.reads import revisions_held


def note_attempt(promise: Promise, service: Service, on: date) -> PromiseAttempt:
    """Today's try to cut the service, as it is now; where no router serves it, it is done."""
    managed = revisions_held([service.pk])
    row, _is_new = PromiseAttempt.objects.get_or_create(
        promise=promise,
        service=service,
        on=on,
        defaults={"revision": service.revision, "done": service.pk not in managed},
    )
    return row


def last_attempts(promises: Iterable[int]) -> dict[tuple[int, int], PromiseAttempt]:
    """(promise, service) -> its last try."""
    rows = PromiseAttempt.objects.filter(promise__in=list(promises)).order_by("on", "id")
    return {(row.promise_id, row.service_id): row for row in rows}


def settle_attempts() -> int:
    """Mark the last tries of live promises whose router has meanwhile done them; how many."""
    live = Promise.objects.live().filter(attempts__done=False).values_list("pk", flat=True)
    waiting = [row for row in last_attempts(set(live)).values() if not row.done]
    held = revisions_held(row.service_id for row in waiting)
    done = [row.pk for row in waiting if held.get(row.service_id, row.revision) >= row.revision]
    return PromiseAttempt.objects.filter(pk__in=done).update(done=True)
