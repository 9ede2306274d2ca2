"""The end of a service and its return: days not used, unpaid invoices, what was left to land."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet

from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.corrections import (
    Act,
    Difference,
    keys_of_corrections,
    left_out,
    net_of,
    served_again,
    settle_differences,
    with_tax,
)
from caudal.apps.billing.holds import end_holds
from caudal.apps.billing.leaving import settle_left, sum_of, waiting_items
from caudal.apps.billing.models import Invoice, OwedDays, PendingItem, ServiceChange
from caudal.apps.billing.owing import leave_unbilled
from caudal.apps.billing.voiding import void_invoice
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Service, ServiceState
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.civil import require_near
from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import ZERO
from caudal.core.periods import ONE_DAY, Period


@dataclass(frozen=True, slots=True)
class Farewell:
    """What a cancellation moves, or would: all amounts with tax, in the service's currency."""

    unused: Sequence[Difference]
    """Billed days after the last served one."""
    items: Sequence[PendingItem]
    """What waited for an invoice that will not come."""
    to_void: Sequence[Invoice]
    kept: Sequence[Invoice]
    """Unpaid invoices that stay: those with a payment on them, or all of them."""
    net: Decimal
    """> 0 is charged on a last invoice, < 0 becomes credit at once."""

    @property
    def debt(self) -> Decimal:
        """What is owed once the credit has paid what it can."""
        return sum((invoice.remaining for invoice in self.kept), ZERO) + self.net


@transaction.atomic
def cancel_service(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    service: Service,
    last_day: date,
    reason: str,
    credit_unused: bool = False,
    void_pending: bool = False,
) -> Farewell:
    """End the service; `last_day` is the last one served, and nothing after it is charged (CAN).

    `void_pending` voids invoices on which nothing was paid; one that is paid in part keeps the
    rest of its debt. `credit_unused` turns billed days after `last_day` into credit at once: it
    pays what he owes, the rest is in his favour. Raises RuleError where it is cancelled already.
    """
    require_near(today, last_day)
    lock_customers([service.customer_id])
    service.refresh_from_db()
    preview = partial(
        preview_cancellation,
        service=service,
        last_day=last_day,
        credit_unused=credit_unused,
        void_pending=void_pending,
    )
    to_void = preview().to_void
    for invoice in to_void:
        void_invoice(actor=actor, now=now, today=today, invoice=invoice, reason=reason)
    customers.cancel(actor=actor, now=now, service=service, last_day=last_day, reason=reason)
    end_holds(service, last_day, now)
    service.changes.filter(status=ServiceChange.Status.SCHEDULED).update(
        status=ServiceChange.Status.DROPPED, settled_at=now
    )
    farewell = preview()
    act = Act(actor, now, today)
    settle_differences(act, service, farewell.unused)
    settle_left(act, service, waiting_items(service))
    return replace(farewell, to_void=to_void)


def preview_cancellation(
    *, service: Service, last_day: date, credit_unused: bool, void_pending: bool
) -> Farewell:
    """What `cancel_service` would move; changes nothing."""
    unpaid = list(unpaid_of(service))
    untouched = [row for row in unpaid if row.remaining == row.asked and not row.merged_from.all()]
    to_void = untouched if void_pending else []
    voided = {row.pk for row in to_void}
    unused = left_out(service, Period(last_day + ONE_DAY, date.max)) if credit_unused else []
    unused = [each for each in unused if each.period.invoice_id not in voided]
    moot = keys_of_corrections(voided)
    items = [row for row in waiting_items(service) if row.origin_key.rstrip("+") not in moot]
    net = net_of(unused) + sum_of(items)
    return Farewell(
        unused=unused,
        items=items,
        to_void=to_void,
        kept=[row for row in unpaid if row.pk not in voided],
        net=with_tax(service.customer, net, service.plan.currency),
    )


@transaction.atomic
def schedule_cancellation(
    *,
    actor: Actor,
    now: datetime,
    service: Service,
    last_day: date,
    reason: str,
    credit_unused: bool = False,
    void_pending: bool = False,
) -> ServiceChange:
    """End the service after a day to come: the daily job does it, and days after it are not billed.

    A cancellation scheduled before gives way. Raises RuleError for a cancelled service.
    """
    require_near(now.date(), last_day)
    lock_customers([service.customer_id])
    service.refresh_from_db()
    if service.state == ServiceState.CANCELLED:
        raise RuleError(ErrorCode.NOT_ALLOWED_IN_STATE, state=str(service.state), act="cancel")
    waiting = service.changes.filter(
        kind=ServiceChange.Kind.CANCEL, status=ServiceChange.Status.SCHEDULED
    )
    waiting.update(status=ServiceChange.Status.DROPPED, settled_at=now)
    change = ServiceChange.objects.create(
        service=service,
        kind=ServiceChange.Kind.CANCEL,
        on=last_day + ONE_DAY,
        reason=reason[:200],
        credit_unused=credit_unused,
        void_pending=void_pending,
        created_by=actor.name,
        created_at=now,
    )
    record(
        actor,
        "billing.schedule_cancellation",
        change,
        now=now,
        customer_id=service.customer_id,
        after={"last_day": last_day.isoformat()},
        note=reason,
    )
    return change


@transaction.atomic
def return_service(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    service: Service,
    started_on: date,
    charge_days_left: bool = True,
) -> Service:
    """The customer is back with his history, numbers and debt; billed from `started_on` on.

    Days from then on that were credited when he left are charged again, and with
    `charge_days_left` those of the running cycle that no invoice took, all on the next one.
    """
    lock_customers([service.customer_id])
    customers.reactivate(actor=actor, now=now, service=service, started_on=started_on)
    service.refresh_from_db()
    again = served_again(service, Period(started_on, date.max))
    settle_differences(Act(actor, now, today), service, again)
    if charge_days_left:
        leave_unbilled(service, started_on, today, OwedDays.Cause.RETURN)
    return service


def unpaid_of(service: Service) -> QuerySet[Invoice]:
    """His unpaid service invoices of this service, and joint ones where it is his last."""
    others = service.customer.services.exclude(pk=service.pk)
    whose = Q(service=service)
    if not others.exclude(state=ServiceState.CANCELLED).exists():
        whose |= Q(service=None)
    unpaid = Invoice.objects.unpaid().service().filter(whose, customer=service.customer)
    return unpaid.order_by("due", "id")
