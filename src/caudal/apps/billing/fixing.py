"""Fecha fija: the next invoice of a customer is created on a chosen day, once (GEN-7)."""

from datetime import date, datetime

from django.db import transaction

from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.calendars import calendar_of
from caudal.apps.billing.models import FixedDate
from caudal.apps.customers.models import Customer
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.errors import RuleError
from caudal.core.periods import fix_next_emission


@transaction.atomic
def fix_date(
    *, actor: Actor, now: datetime, today: date, customer: Customer, on: date
) -> FixedDate:
    """Create the customer's next invoice on `on` instead of its usual day; the others stay.

    Created after its due date, it is due on that day. Raises RuleError "date-in-the-past".
    """
    (customer,) = lock_customers([customer.pk])
    if on < today:
        raise RuleError("date-in-the-past", day=on)
    fixed = fix_next_emission(calendar_of(customer), today, on)
    FixedDate.objects.filter(customer=customer, on__gte=today).exclude(due=fixed.due).delete()
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
    return row


@transaction.atomic
def free_date(*, actor: Actor, now: datetime, fixed: FixedDate) -> None:
    """The invoice is created on its usual day again."""
    lock_customers([fixed.customer_id])
    record(actor, "billing.free_date", fixed, now=now, customer_id=fixed.customer_id)
    fixed.delete()
