"""Who is cut for what he owes, who is not, and why: the cut job of a date, and its preview."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from caudal.apps.billing.batches import in_transactions, lock_customers, pages
from caudal.apps.billing.calendars import clock_named, zones_in
from caudal.apps.billing.models import Credit, Invoice, ReconnectionCharge
from caudal.apps.clock.jobs import Run
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import (
    Customer,
    OwnCalendar,
    Service,
    ServiceState,
    Suspension,
    SuspensionReason,
)
from caudal.apps.dunning.notices import leave_cut_notice, leave_restored_notice
from caudal.apps.staff.actor import Actor
from caudal.core import fees
from caudal.core.civil import local_date
from caudal.core.dunning import CutPolicy, Decision, DunningInvoice, Exemptions, should_cut
from caudal.core.money import ZERO, minor_digits
from caudal.core.settlement import InvoiceKind

CLOCK = Actor.system("clock")
CONNECTED = (ServiceState.ACTIVE, ServiceState.SUSPENDED)


@dataclass(frozen=True)
class Judged:
    """A service, whether the job of the date cuts it and why, and its overdue invoices."""

    service: Service
    decision: Decision
    invoices: tuple[Invoice, ...]

    @property
    def debt(self) -> Decimal:
        return sum((invoice.remaining for invoice in self.invoices), ZERO)


def cut_overdue(
    today: date,
    now: datetime,
    zone: str = "",
    run: Run | None = None,
    actor: Actor = CLOCK,
) -> dict[str, Any]:
    """CUT-1: suspend every service that the rules cut on `today`; returns counts.

    A service already suspended for non-payment is left as it is, so running it again does nothing.
    """
    job = run or Run()
    count, batches = pages(candidates(today, zone))
    job.plan(count)
    cut = 0
    on = local_date(now, clock_named(zone))

    def work(ids: list[int]) -> int:
        rows = candidates(today, zone).filter(customer__in=[c.pk for c in lock_customers(ids)])
        return sum(cut_judged(each, on, now, actor) is not None for each in judge(rows, today))

    def failed(customer_id: int, error: Exception) -> None:
        job.fail(Customer.objects.get(pk=customer_id), error)

    for ids in batches:
        cut += sum(in_transactions(ids, work, failed))
        job.advance(len(ids))
    return {"cut": cut}


def candidates(today: date, zone: str | None = None) -> QuerySet[Service]:
    """Services with an invoice whose cut date has come, that may be cut and are not yet.

    `zone` names a clock as in `create_invoices`; None is all of them.
    """
    due = Invoice.objects.to_cut(today)
    unpaid = Suspension.objects.filter(
        service=OuterRef("pk"), reason=SuspensionReason.UNPAID, closed_at=None
    )
    found = Service.objects.filter(
        ~Exists(unpaid),
        Q(pk__in=due.values("service"))
        | Q(customer__in=due.filter(service=None).values("customer")),
        state__in=CONNECTED,
        customer__may_be_cut=True,
        customer__automatic_state=True,
        customer__is_invoiced=True,
        customer__archived_at=None,
    )
    return found if zone is None else found.filter(customer__zone__in=zones_in(zone))


def judge(services: Iterable[Service], today: date) -> list[Judged]:
    """What the rules say of each service on `today`, in as many queries for one as for many."""
    rows = list(services)
    rows = list(
        Service.objects.filter(pk__in=[row.pk for row in rows])
        .select_related("plan", "customer__company", "customer__zone")
        .order_by("customer_id", "number")
    )
    owners = {row.customer_id for row in rows}
    after = dict(
        OwnCalendar.objects.filter(customer__in=owners).values_list("customer", "cut_after")
    )
    invoices: dict[int, list[Invoice]] = defaultdict(list)
    for invoice in Invoice.objects.to_cut(today).filter(customer__in=owners).order_by("due", "id"):
        invoices[invoice.customer_id].append(invoice)
    credit = _credit(owners)
    return [
        _judged(
            row,
            today,
            invoices[row.customer_id],
            after.get(row.customer_id, row.customer.zone.cut_after),
            credit[row.customer_id, row.customer.company_id, row.plan.currency],
        )
        for row in rows
    ]


def restore_paid(
    *, customer: Customer, today: date, now: datetime, actor: Actor, note: str = ""
) -> list[Service]:
    """Lift the suspensions for non-payment that the rules no longer ask for; returns the services.

    Only that reason is lifted: a service suspended for another one stays suspended.
    """
    suspended = Service.objects.filter(
        customer=customer,
        suspensions__reason=SuspensionReason.UNPAID,
        suspensions__closed_at=None,
    )
    restored = []
    for judged in judge(suspended, today):
        if not judged.decision.cut:
            customers.lift(
                actor=actor,
                now=now,
                service=judged.service,
                reason=SuspensionReason.UNPAID,
                note=note,
            )
            restored.append(judged.service)
            _tell_restored(judged.service, now)
    return restored


def _tell_restored(service: Service, now: datetime) -> None:
    """He browses again only if no other reason is open."""
    if service.state == ServiceState.ACTIVE:
        last = service.suspensions.filter(reason=SuspensionReason.UNPAID).latest("opened_at", "id")
        leave_restored_notice(service, f"suspension:{last.pk}:restored", now)


def _judged(
    service: Service, today: date, invoices: Sequence[Invoice], after: int, credit: Decimal
) -> Judged:
    customer = service.customer
    mine = tuple(
        invoice
        for invoice in invoices
        if invoice.service_id in (None, service.pk) and invoice.currency == service.plan.currency
    )
    decision = should_cut(
        today,
        [_dunning(invoice) for invoice in mine],
        CutPolicy(after=after, threshold=customer.company.unlock_value),
        exempt=Exemptions(
            gratis=not customer.is_invoiced,
            never_cut=not (customer.may_be_cut and customer.automatic_state),
        ),
        credit=credit,
    )
    return Judged(service, decision, mine)


def _dunning(invoice: Invoice) -> DunningInvoice:
    return DunningInvoice(
        id=invoice.pk,
        kind=InvoiceKind(invoice.kind),
        due=invoice.due,
        cut=invoice.cut or invoice.due,
        remaining=invoice.remaining,
    )


def _credit(owners: set[int]) -> dict[tuple[int, int, str], Decimal]:
    found: dict[tuple[int, int, str], Decimal] = defaultdict(lambda: ZERO)
    free = Credit.objects.filter(customer__in=owners, remaining__gt=ZERO)
    for customer, company, currency, remaining in free.values_list(
        "customer_id", "company_id", "currency", "remaining"
    ):
        found[customer, company, currency] += remaining
    return found


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
    suspension = service.suspensions.get(reason=SuspensionReason.UNPAID, closed_at=None)
    _leave_charge(suspension, service.customer, on)
    leave_cut_notice(service, judged.invoices, f"suspension:{suspension.pk}:cut", now)
    return suspension


def _leave_charge(suspension: Suspension, customer: Customer, on: date) -> None:
    """FEE-3: what this suspension adds to the next service invoice, where the company asks it."""
    if not customer.reconnection_fee_applies:
        return
    company = customer.company
    for line in fees.reconnection_lines(
        [fees.Suspension(suspension.pk, on, automatic=True)],
        company.reconnection_fee,
        minor_digits(company.currency),
    ):
        ReconnectionCharge.objects.create(
            suspension=suspension, customer=customer, amount=line.amount
        )
