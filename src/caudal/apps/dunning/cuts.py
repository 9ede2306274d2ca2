"""Who may be cut on a date, and cutting those whom the rules cut."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from caudal.apps.billing.batches import in_transactions, lock_customers, pages
from caudal.apps.billing.calendars import clock_named, zones_in
from caudal.apps.billing.models import Invoice, ReconnectionCharge
from caudal.apps.catalog.models import BillingRules
from caudal.apps.clock.jobs import Run
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import (
    Customer,
    Service,
    ServiceState,
    Suspension,
    SuspensionReason,
)
from caudal.apps.dunning.attempts import note_attempt
from caudal.apps.dunning.following import CLOCK, follow_promises
from caudal.apps.dunning.judging import Judged, judge
from caudal.apps.dunning.notices import leave_cut_notice
from caudal.apps.dunning.restoring import restore_paid
from caudal.apps.staff.actor import Actor
from caudal.core import fees
from caudal.core.civil import local_date
from caudal.core.money import minor_digits

__all__ = [
    "Judged",
    "candidates",
    "cut_judged",
    "cut_overdue",
    "judge",
    "owing",
    "restore_paid",
]

CONNECTED = (ServiceState.ACTIVE, ServiceState.SUSPENDED)
PER_INVOICE = BillingRules.ReconnectionStyle.PER_INVOICE


def cut_overdue(
    today: date,
    now: datetime,
    zone: str = "",
    run: Run | None = None,
    actor: Actor = CLOCK,
) -> dict[str, Any]:
    """CUT-1: suspend every service that the rules cut on `today`; returns counts.

    A service already suspended for non-payment is left as it is, so running it again does nothing.
    Then the promises whose day has come are followed.
    """
    job = run or Run()
    count, batches = pages(candidates(today, zone))
    job.plan(count)
    cut = 0
    on = local_date(now, clock_named(zone))

    def work(ids: list[int]) -> int:
        rows = candidates(today, zone).filter(customer__in=[c.pk for c in lock_customers(ids)])
        return sum(cut_judged(each, on, now, actor) is not None for each in judge(rows, today, now))

    def failed(customer_id: int, error: Exception) -> None:
        job.fail(Customer.objects.get(pk=customer_id), error)

    for ids in batches:
        cut += sum(in_transactions(ids, work, failed))
        job.advance(len(ids))
    follow_promises(today, now, zone, job, actor)
    return {"cut": cut}


def candidates(today: date, zone: str | None = None) -> QuerySet[Service]:
    """Services with an invoice whose cut date has come, that may be cut and are not yet.

    `zone` names a clock as in `create_invoices`; None is all of them.
    """
    found = owing(today).filter(
        customer__may_be_cut=True,
        customer__automatic_state=True,
        customer__is_invoiced=True,
    )
    return found if zone is None else found.filter(customer__zone__in=zones_in(zone))


def owing(today: date) -> QuerySet[Service]:
    """Services that browse although an invoice's cut date has come, whatever protects them."""
    due = Invoice.objects.to_cut(today)
    unpaid = Suspension.objects.filter(
        service=OuterRef("pk"), reason=SuspensionReason.UNPAID, closed_at=None
    )
    return Service.objects.filter(
        ~Exists(unpaid),
        Q(pk__in=due.values("service"))
        | Q(customer__in=due.filter(service=None).values("customer")),
        state__in=CONNECTED,
        customer__archived_at=None,
    )


def cut_judged(judged: Judged, on: date, now: datetime, actor: Actor) -> Suspension | None:
    """Cut the service if that is the verdict; None where it is not, or where it is cut already.

    `on` is the real civil date. The caller has opened the transaction and locked the customer.
    """
    service = judged.service
    done = judged.decision.cut and customers.suspend(
        actor=actor,
        now=now,
        today=on,
        service=service,
        reason=SuspensionReason.UNPAID,
        trace=[reason.to_plain() for reason in judged.decision.reasons],
        automatic=True,
    )
    if not done:
        return None
    if judged.broken is not None:
        note_attempt(judged.broken, service, on)
    suspension = service.suspensions.get(reason=SuspensionReason.UNPAID, closed_at=None)
    _leave_charge(suspension, judged, on)
    leave_cut_notice(service, judged.invoices, f"suspension:{suspension.pk}:cut", now)
    return suspension


def _leave_charge(suspension: Suspension, judged: Judged, on: date) -> None:
    """FEE-3: what this suspension adds to the next service invoice, where the company asks it.

    Like the late fee it is in the company's own currency.
    """
    customer, oldest = judged.service.customer, judged.oldest
    company = customer.company
    is_own = judged.service.plan.currency == company.currency
    if not (customer.reconnection_fee_applies and is_own):
        return
    once = company.rules.reconnection_style == PER_INVOICE
    if once and ReconnectionCharge.objects.filter(overdue=oldest).exists():
        return
    for line in fees.reconnection_lines(
        [fees.Suspension(suspension.pk, on, automatic=True)],
        company.reconnection_fee,
        minor_digits(company.currency),
    ):
        ReconnectionCharge.objects.create(
            suspension=suspension, overdue=oldest, customer=customer, amount=line.amount
        )
