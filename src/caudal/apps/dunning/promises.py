"""Promises to pay: taken, replaced and withdrawn."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from caudal.apps.billing.actions import lock_customers
from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Customer
from caudal.apps.dunning.models import Promise
from caudal.apps.dunning.outcomes import end_promise, live_promise
from caudal.apps.dunning.restoring import restore_paid
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core import dunning
from caudal.core.civil import local_date, require_near, zone_named
from caudal.core.errors import RuleError


@transaction.atomic
def promise(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    until: date | None,
    control_days: int | None = None,
    invoices: Iterable[Invoice] = (),
    note: str = "",
    restore: bool = False,
) -> Promise | None:
    """The customer promises to pay by `until`; None withdraws his promise (PRM-1, PRM-4).

    A live promise is replaced; the same one again changes nothing. `control_days` None is the
    company's number; `invoices` are those that it covers where the company lets a promise name
    them, none being all that he owes now. `restore` lets him browse at once if he is suspended
    for non-payment. Raises RuleError "promise-in-past" or "invoice-of-another-customer".
    """
    lock_customers([customer.pk])
    if until is None:
        _withdraw(customer, actor, now)
        return None
    today = local_date(now, zone_named(time_zone_of(customer.zone)))
    require_near(today, until)
    if until < today:
        raise RuleError("promise-in-past", field="until")
    rules = customer.company.rules
    days = rules.promise_control_days if control_days is None else control_days
    named = (
        _named(customer, list(invoices)) if rules.promise_scope == Promise.Scope.INVOICES else []
    )
    row = live_promise(customer)
    if row is None or not _is_same(row, until, days, note, named):
        row = _take(customer, until, days, note, named, row, actor, now)
    if restore:
        restore_paid(customer=customer, today=today, now=now, actor=actor, note=note)
    return row


def _withdraw(customer: Customer, actor: Actor, now: datetime) -> None:
    row = live_promise(customer)
    if row is not None:
        end_promise(row, Promise.Outcome.REMOVED, actor, now)


def _named(customer: Customer, invoices: list[Invoice]) -> list[Invoice]:
    if any(row.customer_id != customer.pk for row in invoices):
        number = next(row.label for row in invoices if row.customer_id != customer.pk)
        raise RuleError("invoice-of-another-customer", number=number)
    owed = Invoice.objects.service().unpaid().filter(customer=customer)
    return invoices or list(owed.order_by("pk"))


def _is_same(row: Promise, until: date, days: int, note: str, named: list[Invoice]) -> bool:
    if (row.until, row.control_days, row.note) != (until, days, note):
        return False
    return {each.pk for each in row.invoices.all()} == {each.pk for each in named}


def _take(
    customer: Customer,
    until: date,
    days: int,
    note: str,
    named: list[Invoice],
    old: Promise | None,
    actor: Actor,
    now: datetime,
) -> Promise:
    if old is not None:
        end_promise(old, Promise.Outcome.REPLACED, actor, now)
    scope = Promise.Scope.INVOICES if named else Promise.Scope.CUSTOMER
    row = Promise(
        customer=customer,
        until=until,
        control_days=days,
        scope=scope,
        note=note[:250],
        created_by=actor.name,
        created_at=now,
    )
    dunning.Promise(until, control_days=days)  # refuses days that are out of range
    row.save()
    row.invoices.set(named)
    record(
        actor,
        "dunning.promise",
        row,
        now=now,
        customer_id=customer.pk,
        after={"until": until.isoformat(), "control_days": days, "scope": str(scope)},
        note=note,
    )
    return row
