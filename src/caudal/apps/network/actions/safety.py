"""The brakes of the whole installation: the kill switch, and the ceiling of cuts in an hour."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from caudal.apps.customers.models import ServiceState
from caudal.apps.network.actions.hurry import hurry
from caudal.apps.network.models import Connection, Router, Safety
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.access import hourly_ceiling

HOUR = timedelta(hours=1)


def safety() -> Safety:
    return Safety.objects.get_or_create(pk=1)[0]


def is_stopped() -> bool:
    """Is the kill switch of all routers on?"""
    return Safety.objects.filter(stopped_at__isnull=False).exists()


def ceiling() -> int:
    """Cuts in one hour over the installation."""
    active = Connection.objects.live().filter(service__state=ServiceState.ACTIVE)
    return hourly_ceiling(active.count(), safety().cuts_per_hour)


@transaction.atomic
def stop_all(*, actor: Actor, now: datetime) -> None:
    """From now on no router is written, not even the rest of a plan under way."""
    row = safety()
    if row.stopped_at is None:
        row.stopped_at, row.stopped_by = now, actor.name
        row.save(update_fields=["stopped_at", "stopped_by"])
        record(actor, "network.stop", row, now=now)


@transaction.atomic
def resume_all(*, actor: Actor, now: datetime) -> None:
    """Write again: what waited is done at the next passes, under the usual brakes."""
    row = safety()
    if row.stopped_at is None:
        return
    row.stopped_at, row.stopped_by = None, ""
    row.save(update_fields=["stopped_at", "stopped_by"])
    record(actor, "network.resume", row, now=now)
    hurry(Router.objects.filter(is_active=True), now)


@transaction.atomic
def set_ceiling(*, actor: Actor, now: datetime, cuts_per_hour: int | None) -> None:
    """None: go by the number of active services."""
    row = safety()
    before = {"cuts_per_hour": row.cuts_per_hour}
    row.cuts_per_hour = cuts_per_hour
    row.save(update_fields=["cuts_per_hour"])
    after = {"cuts_per_hour": cuts_per_hour}
    record(actor, "network.ceiling", row, now=now, before=before, after=after)


def cuts_left(now: datetime) -> int:
    """How many of this hour's cuts nobody has taken yet."""
    row = safety()
    taken = 0 if _is_over(row, now) else row.hour_cuts
    return max(0, ceiling() - taken)


def take_cuts(wanted: int, now: datetime) -> int:
    """Take up to so many of this hour's cuts; the number granted. Several workers may ask at once.

    What was taken and not used comes back with the next hour.
    """
    most = ceiling()
    granted = 0
    while wanted and not granted:
        row = safety()
        taken = 0 if _is_over(row, now) else row.hour_cuts
        granted = max(0, min(wanted, most - taken))
        if not granted:
            return 0
        same = Q(hour_since=row.hour_since, hour_cuts=row.hour_cuts)
        since = now if _is_over(row, now) else row.hour_since
        values = {"hour_since": since, "hour_cuts": taken + granted}
        if not Safety.objects.filter(same, pk=1).update(**values):
            granted = 0  # somebody else took some in between: look again
    return granted


def _is_over(row: Safety, now: datetime) -> bool:
    """Passes do not begin in the order of their instants: a little before counts as within."""
    return row.hour_since is None or abs(now - row.hour_since) >= HOUR
