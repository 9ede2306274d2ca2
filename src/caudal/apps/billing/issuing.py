"""Invoices made by hand: of a service with its days prorated, or free ones (GEN-2, GEN-5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import translation

from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.calendars import calendar_of, time_zone_of
from caudal.apps.billing.drafts import Draft, Line, taxations
from caudal.apps.billing.extras import Extras, land_items
from caudal.apps.billing.models import BilledPeriod, Invoice, InvoiceLine, PendingItem
from caudal.apps.billing.notices import leave_issued
from caudal.apps.billing.prices import day_lines, parts_of
from caudal.apps.billing.schedules import BILLED_STATES
from caudal.apps.billing.service_days import ServiceDays
from caudal.apps.billing.writing import write
from caudal.apps.catalog.models import Product
from caudal.apps.customers.models import Customer, Service
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.civil import local_date, require_near, zone_named
from caudal.core.days import Charged
from caudal.core.emission import late_shift
from caudal.core.errors import RuleError
from caudal.core.money import (
    EXACT,
    minor_digits,
    require_not_negative,
    require_scale,
    round_half_up,
)
from caudal.core.periods import (
    ONE_DAY,
    Part,
    Period,
    Schedule,
    next_due,
    part_schedule,
    schedule_for,
)


@dataclass(frozen=True, slots=True)
class ManualLine:
    """What an operator typed: `price` < 0 is a discount."""

    description: str
    price: Decimal
    quantity: Decimal = Decimal(1)
    product: Product | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What an invoice made by hand shall say; dates that are None follow the calendar."""

    kind: str = Invoice.Kind.SERVICE
    emission: date | None = None
    due: date | None = None
    cut: date | None = None
    service: Service | None = None
    days: Period | None = None
    """Days of the service that it charges, and that no other invoice may charge."""
    price: Decimal | None = None
    """For those days: None is the prorated price; Decimal(0) makes them free (P05)."""
    lines: Sequence[ManualLine] = ()
    items: Sequence[PendingItem] = ()
    """What waited and lands on it, whatever else does."""
    note: str = ""
    takes_waiting: bool = False
    """Whether it charges products, discounts and items that wait, as automatic ones do."""
    origin: str = Invoice.Origin.MANUAL
    """AUTOMATIC for what another act brings about: it stops no invoice of the month (GEN-2)."""


@transaction.atomic
def issue_invoice(*, actor: Actor, now: datetime, customer: Customer, order: Order) -> Invoice:
    """Write the invoice that `order` describes. It takes waiting credit and debit notes if it is
    a service one (ADJ-2).

    Raises RuleError: "nothing-to-charge" without days or lines, "already-billed-period" when an
    invoice charges one of the days, "dates-out-of-order" unless emission <= due < cut.
    """
    (customer,) = lock_customers([customer.pk])
    draft = draft_invoice(customer, order, now)
    if order.days is not None and order.service is not None:
        _require_free(order.service, order.days)
    invoice = write([draft], now=now, actor=actor)[0]
    leave_issued([invoice], now)
    record(
        actor,
        "billing.issue_invoice",
        invoice,
        now=now,
        customer_id=customer.pk,
        after=snapshot(invoice, ["kind", "emission", "due", "cut", "total"]),
    )
    return invoice


def draft_invoice(customer: Customer, order: Order, now: datetime) -> Draft:
    """The invoice that `issue_invoice` would write, for the preview; changes nothing."""
    today = local_date(now, zone_named(time_zone_of(customer.zone)))
    span = () if order.days is None else (order.days.first, order.days.last)
    require_near(today, order.emission, order.due, order.cut, *span)
    schedule = _schedule(customer, order, today)
    charged = _charged(customer, order)
    with translation.override(settings.LANGUAGE_CODE):
        lines = [*_service_lines(customer, order, charged), *_typed_lines(customer, order)]
    if not lines and not order.items:
        raise RuleError("nothing-to-charge")
    service = order.service
    draft = Draft(
        customer=customer,
        currency=_currency(customer, order),
        taxation=taxations([customer])[customer.pk],
        emission=schedule.emission,
        notice=schedule.notice,
        due=schedule.due,
        cut=schedule.cut if order.kind == Invoice.Kind.SERVICE else None,
        kind=order.kind,
        origin=order.origin,
        service_id=None if service is None else service.pk,
        lines=lines,
        periods=[] if service is None else [(service.pk, each) for each in charged],
        note=order.note,
    )
    if order.takes_waiting and service is not None and charged:
        with translation.override(settings.LANGUAGE_CODE):
            _take_waiting(draft, service, charged)
    land_items(draft, order.items)
    _require_order(draft)
    return draft


def _take_waiting(draft: Draft, service: Service, charged: Sequence[Charged]) -> None:
    days = Period(charged[0].days.first, charged[-1].days.last)
    extras = Extras([draft.customer], draft.emission, days.first)
    extras.add(draft, service, days, calendar_of(draft.customer).payment_day)
    others = draft.customer.services.filter(state__in=BILLED_STATES)
    extras.finish(draft, others.values_list("pk", flat=True))


def _schedule(customer: Customer, order: Order, today: date) -> Schedule:
    """Typed dates win; else the calendar's, moved so that nobody is born overdue (RUN-5)."""
    calendar = calendar_of(customer)
    emission = order.emission or today
    if order.days is not None:
        first = next(parts_of(order.days, calendar.payment_day))
        schedule = part_schedule(calendar, Part(first.part, first.cycle))
    else:
        schedule = schedule_for(calendar, next_due(calendar.payment_day, emission - ONE_DAY))
    if order.kind == Invoice.Kind.FREE:
        schedule = replace(schedule, due=max(emission, today), notice=None)
    overdue_at_birth = replace(schedule, emission=min(emission, today - ONE_DAY))
    moved = late_shift(overdue_at_birth, max(today, emission), lead_days=0)
    due = order.due or moved.due
    cut = order.cut or max(moved.cut, due + ONE_DAY)
    return replace(moved, emission=emission, due=due, cut=cut)


def _charged(customer: Customer, order: Order) -> list[Charged]:
    """The days that were typed, at the prices of those days; or at the one that was agreed."""
    service, days = order.service, order.days
    if service is None or days is None or order.kind != Invoice.Kind.SERVICE:
        return []
    if order.price is not None:
        price = require_scale(order.price, minor_digits(service.plan.currency))
        return [Charged(days, days, require_not_negative(price), agreed=True)]
    known = ServiceDays([service])
    parts = parts_of(days, calendar_of(customer).payment_day)
    return [each for part in parts for each in known.as_asked(service, part)]


def _service_lines(customer: Customer, order: Order, charged: list[Charged]) -> list[Line]:
    if order.service is None:
        return []
    lines = day_lines(order.service, charged, customer.company, ServiceDays([order.service]))
    return lines if order.price is None else [replace(line, trace=()) for line in lines]


def _typed_lines(customer: Customer, order: Order) -> list[Line]:
    digits = minor_digits(_currency(customer, order))
    return [
        Line(
            kind=InvoiceLine.Kind.OTHER if line.product is None else InvoiceLine.Kind.PRODUCT,
            description=line.description,
            amount=round_half_up(EXACT.multiply(line.price, line.quantity), digits),
            unit_price=line.price,
            quantity=line.quantity,
            product_id=None if line.product is None else line.product.pk,
        )
        for line in order.lines
    ]


def _currency(customer: Customer, order: Order) -> str:
    return customer.company.currency if order.service is None else order.service.plan.currency


def _require_order(draft: Draft) -> None:
    if draft.due < draft.emission or (draft.cut is not None and draft.cut <= draft.due):
        raise RuleError("dates-out-of-order", emission=draft.emission, due=draft.due, cut=draft.cut)


def _require_free(service: Service, days: Period) -> None:
    taken = (
        BilledPeriod.objects.filter(
            service=service, is_void=False, first__lte=days.last, last__gte=days.first
        )
        .select_related("invoice")
        .first()
    )
    if taken is not None:
        raise RuleError(
            "already-billed-period",
            first=taken.first,
            last=taken.last,
            number=taken.invoice.label,
        )
