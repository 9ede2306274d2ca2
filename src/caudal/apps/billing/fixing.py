"""Fecha fija: the next invoice of a customer is created on a chosen day, once (GEN-7)."""

from datetime import date, datetime

from django.db import transaction

from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.calendars import calendar_of, clock_named, fixed_of, time_zone_of
from caudal.apps.billing.emissions import draft_invoices, emissions
from caudal.apps.billing.models import FixedDate
from caudal.apps.billing.writing import write
from caudal.apps.customers.models import Customer
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.civil import local_date, require_near
from caudal.core.errors import RuleError
from caudal.core.periods import FixedEmission, fix_next_emission, schedule_for


@transaction.atomic
def fix_date(
    *, actor: Actor, now: datetime, today: date, customer: Customer, on: date
) -> FixedDate:
    """Create the customer's next invoice on `on` instead of its usual day; the others stay.

    Created after its due date, it is due on that day; with `on` today it is created at once, for
    the day's job may be over. Raises RuleError "date-in-the-past".
    """
    (customer,) = lock_customers([customer.pk])
    require_near(today, on)
    if on < today:
        raise RuleError("date-in-the-past", day=on)
    fixed = _next_creation(customer, today, on)
    FixedDate.objects.filter(customer=customer, on__gt=today).exclude(due=fixed.due).delete()
    row, _ = FixedDate.objects.update_or_create(
        customer=customer,
        due=fixed.due,
        defaults={"on": on, "created_by": actor.name, "created_at": now},
    )
    record(
        actor,
        "billing.fix_date",
        row,
        now=now,
        customer_id=customer.pk,
        after={"due": fixed.due.isoformat(), "on": on.isoformat()},
    )
    if on == today:
        _create(customer, today, now, actor)
    return row


@transaction.atomic
def free_date(*, actor: Actor, now: datetime, fixed: FixedDate) -> None:
    """The invoice is created on its usual day again, or at once where that day is over."""
    (customer,) = lock_customers([fixed.customer_id])
    record(actor, "billing.free_date", fixed, now=now, customer_id=customer.pk)
    today = local_date(now, clock_named(time_zone_of(customer.zone)))
    if not _is_over(customer, fixed, today):
        fixed.delete()
        return
    fixed.on = today
    fixed.save(update_fields=["on"])
    _create(customer, today, now, actor)


def _is_over(customer: Customer, fixed: FixedDate, today: date) -> bool:
    """Whether its usual day has come while it still waits for the other one."""
    if fixed_of(customer, today) != FixedEmission(fixed.due, fixed.on):
        return False
    return schedule_for(calendar_of(customer), fixed.due).emission <= today


def _next_creation(customer: Customer, today: date, on: date) -> FixedEmission:
    """The one that waits for another day already, else the next that was not created ahead."""
    waiting = fixed_of(customer, today)
    if waiting is not None:
        return FixedEmission(waiting.due, on)
    calendar = calendar_of(customer)
    done = set(customer.fixed_dates.filter(on__lte=today).values_list("due", flat=True))
    fixed = fix_next_emission(calendar, today, on)
    while fixed.due in done:
        fixed = fix_next_emission(calendar, schedule_for(calendar, fixed.due).emission, on)
    return fixed


def _create(customer: Customer, today: date, now: datetime, actor: Actor) -> None:
    for emission in emissions(today, time_zone_of(customer.zone)):
        if emission.services().filter(customer=customer).exists():
            drafts, _ = draft_invoices([customer], emission, today)
            write(drafts, now=now, actor=actor)
