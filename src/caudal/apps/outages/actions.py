"""Opening an outage, adding who is behind it, ending it, or taking it back."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from caudal.apps.outages.errors import OutageCode
from caudal.apps.outages.models import Affected, Outage
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.civil import local_date
from caudal.core.errors import RuleError
from caudal.store.bulk import insert_values

FIELDS = ["title", "cause", "started_at", "ended_at", "grace_days", "voided_at"]
COLUMNS = ("outage_id", "service_id", "customer_id", "through")
Behind = tuple[int, int, str]
"""(service, customer, what failed as people call it)."""


@transaction.atomic
def open_outage(
    *,
    actor: Actor,
    now: datetime,
    title: str,
    started_at: datetime,
    grace_days: int,
    cause: str = "",
    is_automatic: bool = False,
) -> Outage:
    """Write down that something fails since `started_at`; nobody is in it yet.

    Raises RuleError where that has not come yet.
    """
    _require_past(started_at, now)
    outage = Outage.objects.create(
        title=title[:160],
        cause=cause,
        started_at=started_at,
        grace_days=grace_days,
        held_from=_civil(started_at),
        is_automatic=is_automatic,
        opened_by=actor.name,
    )
    record(actor, "outage.open", outage, now=now, after=snapshot(outage, FIELDS))
    return outage


@transaction.atomic
def affect(*, outage: Outage, services: Iterable[Behind]) -> int:
    """Add who is behind it; those who are in it already stay as they are. Returns how many came."""
    _lock(outage)
    known = set(outage.affected.values_list("service", flat=True))
    rows = {
        service: (outage.pk, service, customer, through[:160])
        for service, customer, through in services
        if service not in known
    }
    insert_values(Affected, COLUMNS, list(rows.values()))
    return len(rows)


@transaction.atomic
def edit_outage(
    *,
    actor: Actor,
    now: datetime,
    outage: Outage,
    title: str,
    cause: str,
    started_at: datetime,
    grace_days: int,
    ended_at: datetime | None = None,
) -> Outage:
    """Correct what is known of it; `ended_at` moves the end of one that is over.

    Raises RuleError where it would end before it begins, or begin later than now.
    """
    row = _lock(outage)
    before = snapshot(row, FIELDS)
    row.title, row.cause, row.grace_days = title[:160], cause, grace_days
    row.started_at, row.held_from = started_at, _civil(started_at)
    if row.ended_at is not None:
        row.ended_at = ended_at or row.ended_at
    _require_past(started_at, now)
    _place_end(row, now)
    row.save()
    record(actor, "outage.edit", row, now=now, before=before, after=snapshot(row, FIELDS))
    return row


@transaction.atomic
def end_outage(*, actor: Actor, now: datetime, outage: Outage, ended_at: datetime) -> Outage:
    """Everything works again since `ended_at`. One that is over already stays as it is."""
    row = _lock(outage)
    if row.state != Outage.State.OPEN:
        return row
    before = snapshot(row, FIELDS)
    row.ended_at, row.ended_by = ended_at, actor.name
    _place_end(row, now)
    row.save()
    record(actor, "outage.end", row, now=now, before=before, after=snapshot(row, FIELDS))
    return row


@transaction.atomic
def void_outage(*, actor: Actor, now: datetime, outage: Outage, note: str = "") -> Outage:
    """It was a false alarm: it holds nobody any more. Twice is nothing."""
    row = _lock(outage)
    if row.voided_at is not None:
        return row
    before = snapshot(row, FIELDS)
    row.voided_at = now
    if row.ended_at is None:
        row.ended_at, row.ended_by = max(now, row.started_at), actor.name
    _place_end(row, now)
    row.save()
    after = snapshot(row, FIELDS)
    record(actor, "outage.void", row, now=now, before=before, after=after, note=note)
    return row


def _lock(outage: Outage) -> Outage:
    return Outage.objects.select_for_update().get(pk=outage.pk)


def _place_end(row: Outage, now: datetime) -> None:
    if row.ended_at is None:
        row.held_until = None
        return
    _require_past(row.ended_at, now)
    if row.ended_at < row.started_at:
        raise RuleError(OutageCode.ENDS_BEFORE, field="ended_at")
    row.held_until = _civil(row.ended_at) + timedelta(days=row.grace_days)


def _require_past(instant: datetime, now: datetime) -> None:
    if instant > now:
        raise RuleError(OutageCode.IN_FUTURE)


def _civil(instant: datetime) -> date:
    """The day of the installation's clock: an outage crosses zones, and so has one calendar."""
    return local_date(instant, ZoneInfo(settings.TIME_ZONE))
