"""Runs asked for on a screen: left as a row, which a worker takes up."""

from datetime import date, datetime

from django.db import transaction

from caudal.apps.billing.models import RequestedRun
from caudal.apps.clock.jobs import wake
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record


@transaction.atomic
def request_run(*, actor: Actor, now: datetime, kind: str, on: date) -> RequestedRun:
    """Ask for the creation or the cut of a date at once; one that waits is not asked twice."""
    waiting = RequestedRun.objects.filter(kind=kind, on=on).exclude(status=RequestedRun.Status.DONE)
    found = waiting.first()
    if found is not None:
        return found
    row = RequestedRun.objects.create(kind=kind, on=on, requested_by=actor.name, requested_at=now)
    record(actor, f"billing.run_{kind}", row, now=now, note=on.isoformat())
    wake()
    return row
