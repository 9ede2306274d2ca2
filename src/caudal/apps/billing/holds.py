"""Service held at the customer's request from one day to another: not served, not charged."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.calendars import zones_in
from caudal.apps.billing.corrections import (
    Act,
    Difference,
    left_out,
    served_again,
    settle_differences,
)
from caudal.apps.billing.models import Hold, OwedDays
from caudal.apps.billing.owing import leave_unbilled
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Service, ServiceState, SuspensionReason
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.civil import require_near
from caudal.core.errors import ErrorCode, RuleError
from caudal.core.periods import ONE_DAY, Period

HELD = SuspensionReason.HOLD


@transaction.atomic
def hold(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    service: Service,
    first: date,
    last: date,
    credit: bool = True,
    note: str = "",
) -> Hold:
    """Days `first` to `last` without service. Those not billed yet will not be.

    `credit` gives back those that are billed, on the next service invoice. The daily job suspends
    the service on the first day and restores it after the last; days that have come count at once.
    Raises RuleError "hold-overlaps", or for a service that is pending or cancelled.
    """
    lock_customers([service.customer_id])
    service.refresh_from_db()
    require_near(today, first, last)
    days = Period(first, last)
    _require_free(service, days)
    row = Hold.objects.create(
        service=service, first=first, last=last, credit=credit, note=note[:200],
        created_by=actor.name, created_at=now,
    )  # fmt: skip
    if credit:
        settle_differences(Act(actor, now, today), service, left_out(service, days))
    record(
        actor,
        "billing.hold",
        row,
        now=now,
        customer_id=service.customer_id,
        after={"first": first.isoformat(), "last": last.isoformat()},
        note=note,
    )
    turn(row, actor=actor, now=now, today=today)
    return row


@transaction.atomic
def release_hold(
    *, actor: Actor, now: datetime, today: date, hold: Hold, on: date | None = None
) -> Hold:
    """Served again from `on` (today): the rest of the hold is charged like any other day.

    A hold that had not begun by then never was. Raises RuleError "hold-over" for one that ended.
    """
    lock_customers([hold.service.customer_id])
    row = Hold.objects.select_for_update().get(pk=hold.pk)
    day = max(on or today, row.first)
    if row.dropped_at is not None or row.last < day:
        raise RuleError("hold-over", last=row.last)
    given_back = Period(day, row.last)
    _end(row, day, now)
    act = Act(actor, now, today)
    settle_differences(act, row.service, served_again(row.service, given_back))
    leave_unbilled(row.service, day, today, OwedDays.Cause.HOLD)
    record(
        actor,
        "billing.release_hold",
        row,
        now=now,
        customer_id=row.service.customer_id,
        before={"last": given_back.last.isoformat()},
        after={"last": (day - ONE_DAY).isoformat()},
    )
    turn(row, actor=actor, now=now, today=today)
    return row


def preview_hold(service: Service, days: Period) -> Sequence[Difference]:
    """What a hold of these days would give back of what is billed; refuses as `hold` does."""
    _require_free(service, days)
    return left_out(service, days)


def turn_holds(today: date, now: datetime, zone: str, actor: Actor) -> dict[str, int]:
    """Turn every hold of that clock: suspend where it begins, restore where it is over.

    Twice is nothing. Returns how many were looked at.
    """
    rows = Hold.objects.filter(
        closed_at=None,
        dropped_at=None,
        first__lte=today,
        service__customer__zone__in=zones_in(zone),
    )
    found = list(rows.select_related("service__customer"))
    for row in found:
        with transaction.atomic():
            turn(row, actor=actor, now=now, today=today)
    return {"holds": len(found)}


def end_holds(service: Service, last_served: date, now: datetime) -> None:
    """The service ends: holds end with it, those to come never begin."""
    rows = Hold.objects.filter(service=service, dropped_at=None)
    rows.filter(first__gt=last_served).update(dropped_at=now)
    rows.filter(first__lte=last_served, last__gt=last_served).update(last=last_served)
    rows.filter(first__lte=last_served, closed_at=None).update(closed_at=now)


def turn(row: Hold, *, actor: Actor, now: datetime, today: date) -> None:
    """Bring the service to what the hold says of `today`."""
    service = Service.objects.get(pk=row.service_id)
    live = service.state in (ServiceState.ACTIVE, ServiceState.SUSPENDED)
    holds_now = row.dropped_at is None and row.first <= today <= row.last
    if holds_now and row.opened_at is None and live:
        customers.suspend(
            actor=actor, now=now, today=today, service=service, reason=HELD, note=row.note
        )
        row.opened_at = now
    if not holds_now and row.closed_at is None and (row.dropped_at or row.last < today):
        if row.opened_at is not None and live:
            customers.lift(actor=actor, now=now, service=service, reason=HELD)
        row.closed_at = now
    row.save(update_fields=["opened_at", "closed_at"])


def _require_free(service: Service, days: Period) -> None:
    if service.state not in (ServiceState.ACTIVE, ServiceState.SUSPENDED):
        raise RuleError(ErrorCode.NOT_ALLOWED_IN_STATE, state=str(service.state), act="hold")
    other = Hold.objects.filter(
        service=service, dropped_at=None, first__lte=days.last, last__gte=days.first
    ).first()
    if other is not None:
        raise RuleError("hold-overlaps", field="first", first=other.first, last=other.last)


def _end(row: Hold, day: date, now: datetime) -> None:
    if day <= row.first:
        row.dropped_at = now
    else:
        row.last = day - ONE_DAY
    row.save(update_fields=["dropped_at", "last"])
