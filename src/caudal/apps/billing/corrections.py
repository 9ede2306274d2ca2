"""What billed days bear once something changed: each difference is written and settled once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from caudal.apps.billing.drafts import taxations
from caudal.apps.billing.issuing import ManualLine, Order, issue_invoice
from caudal.apps.billing.models import (
    BilledPeriod,
    DayCorrection,
    Invoice,
    InvoiceLine,
    PendingItem,
)
from caudal.apps.billing.pending import leave_item
from caudal.apps.billing.service_days import ServiceDays
from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Customer, Service
from caudal.apps.staff.actor import Actor
from caudal.core.days import Charged, Correction, Rate, corrections, overlay, rates
from caudal.core.money import EXACT, ZERO, minor_digits
from caudal.core.periods import Period
from caudal.core.proration import ProrationBase
from caudal.core.records import Reason, ReasonCode, Value
from caudal.core.taxes import TaxableLine, tax_document

SIDES = ("credit", "charge")
Wanted = Callable[[BilledPeriod, Charged], Sequence[Rate]]


@dataclass(frozen=True, slots=True)
class Difference:
    """Days of a billed period that bore one price and bear another; both amounts are >= 0."""

    period: BilledPeriod
    correction: Correction
    credit: Decimal
    charge: Decimal

    @property
    def days(self) -> Period:
        return self.correction.days

    @property
    def net(self) -> Decimal:
        return self.charge - self.credit


@dataclass(frozen=True, slots=True)
class Act:
    """Who does what when: what every row that an act leaves has in common."""

    actor: Actor
    now: datetime
    on: date


def billed_days(service: Service, first: date) -> list[tuple[BilledPeriod, list[Charged]]]:
    """What the days from `first` on bear, as billed and corrected since, by billed period."""
    found = []
    periods = BilledPeriod.objects.filter(service=service, is_void=False, last__gte=first)
    for period in periods.prefetch_related("corrections").order_by("first"):
        charged = [_charged(period)]
        for row in period.corrections.all():
            if not row.is_void:
                charged = overlay(charged, row.days, row.price)
        found.append((period, charged))
    return found


def repriced(service: Service, span: Period) -> list[Difference]:
    """Charged days of `span` that cost something else now; days at an agreed price keep it."""
    wanted = rates(span, ServiceDays([service]).steps(service), [span])
    return _differences(
        service, span, lambda _p, each: [] if each.agreed or each.price is None else wanted
    )


def left_out(service: Service, span: Period) -> list[Difference]:
    """Charged days of `span` that are not to be charged after all."""
    return _differences(service, span, lambda _p, _each: [Rate(span, None)])


def served_again(service: Service, span: Period) -> list[Difference]:
    """Days of `span` that were left out and are served nevertheless."""
    known = ServiceDays([service]).rates(service, span)
    by_plan = [rate for rate in known if rate.price is not None]

    def wanted(period: BilledPeriod, each: Charged) -> Sequence[Rate]:
        if each.price is not None:
            return []
        return [Rate(rate.days, period.price) for rate in by_plan] if each.agreed else by_plan

    return _differences(service, span, wanted)


def settle_differences(
    act: Act,
    service: Service,
    differences: Sequence[Difference],
    *,
    credit_kind: str = PendingItem.Kind.UNUSED_DAYS,
    charge_kind: str = PendingItem.Kind.OTHER,
    credit_plan: Plan | None = None,
    at_once: bool = False,
) -> Invoice | None:
    """Write them down and leave an item for each credit and charge.

    `at_once` puts them on an invoice of their own where they ask for money (RD-8), and returns it.
    """
    rows = write_corrections(act, differences)
    with translation.override(settings.LANGUAGE_CODE):
        texts = [_texts(service, each, credit_plan or service.plan) for each in differences]
    if at_once and sum((each.net for each in differences), ZERO) > 0:
        invoice = _invoice(act, service, differences, texts)
        DayCorrection.objects.filter(pk__in=[row.pk for row in rows]).update(invoice=invoice)
        return invoice
    for row, each, (credit_text, charge_text) in zip(rows, differences, texts, strict=True):
        sides = (
            ("credit", -each.credit, credit_kind, credit_text),
            ("charge", each.charge, charge_kind, charge_text),
        )
        for side, amount, kind, text in sides:
            if amount:
                leave_item(
                    actor=act.actor,
                    now=act.now,
                    customer=service.customer,
                    service=service,
                    amount=amount,
                    currency=service.plan.currency,
                    on=act.on,
                    description=text,
                    kind=kind,
                    trace=[_reason(kind, each.days, abs(amount))],
                    origin_key=key_of(row, side),
                )
    return None


def write_corrections(act: Act, differences: Iterable[Difference]) -> list[DayCorrection]:
    """The rows that say what the days bear from now on."""
    return [
        DayCorrection.objects.create(
            period=each.period,
            first=each.days.first,
            last=each.days.last,
            price=each.correction.after.price,
            net=each.net,
            on=act.on,
        )
        for each in differences
    ]


def key_of(row: DayCorrection, side: str) -> str:
    """The origin key of the item that a correction left; `side` is "credit" or "charge"."""
    return f"days:{row.pk}:{side}"


def keys_of_corrections(invoices: Iterable[int]) -> set[str]:
    """The origin keys of the items that corrections of these invoices' days left."""
    rows = DayCorrection.objects.filter(period__invoice__in=invoices, is_void=False)
    return {key_of(row, side) for row in rows for side in SIDES}


def net_of(differences: Iterable[Difference]) -> Decimal:
    """What all of them ask for (> 0) or give back (< 0), before added taxes."""
    return sum((each.net for each in differences), ZERO)


def with_tax(customer: Customer, amount: Decimal, currency: str) -> Decimal:
    """The amount as an invoice of this customer would ask for it; its sign stays."""
    taxation = taxations([customer])[customer.pk]
    line = TaxableLine(abs(amount), taxation.rates)
    taxed = tax_document([line], taxation.mode, minor_digits(currency), taxation.rounding)
    return taxed.total if amount >= 0 else -taxed.total


def _charged(period: BilledPeriod) -> Charged:
    days = Period(period.first, period.last)
    if period.cycle_first is None or period.cycle_last is None:
        return Charged(days, days, period.price, agreed=True)
    return Charged(days, Period(period.cycle_first, period.cycle_last), period.price)


def _differences(service: Service, span: Period, wanted: Wanted) -> list[Difference]:
    digits = minor_digits(service.plan.currency)
    base = ProrationBase(service.customer.company.prorate_base)
    found = []
    for period, charged in billed_days(service, span.first):
        share: Decimal | None = None
        for each in charged:
            for correction in corrections([each], wanted(period, each)):
                share = share_charged(period) if share is None else share
                credit, charge = (
                    replace(side, price=EXACT.multiply(side.price, share)).amount(digits, base)
                    if side.price is not None
                    else ZERO
                    for side in (correction.before, correction.after)
                )
                found.append(Difference(period, correction, credit, charge))
    return found


def share_charged(period: BilledPeriod) -> Decimal:
    """How much of the plan's price the invoice asked for: less than 1 where a discount helped."""
    sums = {InvoiceLine.Kind.PLAN: ZERO, InvoiceLine.Kind.DISCOUNT: ZERO}
    lines = InvoiceLine.objects.filter(
        invoice=period.invoice_id, service=period.service_id, kind__in=sums
    )
    for line in lines:
        sums[InvoiceLine.Kind(line.kind)] += line.unit_price
    plan, discount = sums[InvoiceLine.Kind.PLAN], sums[InvoiceLine.Kind.DISCOUNT]
    return EXACT.divide(plan + discount, plan) if plan and discount else Decimal(1)


def _texts(service: Service, difference: Difference, credit_plan: Plan) -> tuple[str, str]:
    days = difference.days
    values = {
        "first": formats.date_format(days.first, "SHORT_DATE_FORMAT"),
        "last": formats.date_format(days.last, "SHORT_DATE_FORMAT"),
    }
    credit = _("Credit for %(plan)s, %(first)s to %(last)s")
    charge = _("%(plan)s, %(first)s to %(last)s")
    return (
        credit % {"plan": credit_plan.description or credit_plan.name, **values},
        charge % {"plan": service.plan.description or service.plan.name, **values},
    )


def _reason(kind: str, days: Period, amount: Decimal) -> Reason:
    values: dict[str, Value] = {"first": days.first, "last": days.last, "amount": amount}
    if kind == PendingItem.Kind.PLAN_CREDIT:
        return Reason("PRO-3", ReasonCode.PLAN_CHANGE_CREDIT, values)
    if kind == PendingItem.Kind.PLAN_CHARGE:
        return Reason("PRO-3", ReasonCode.PLAN_CHANGE_CHARGE, values)
    if kind == PendingItem.Kind.UNUSED_DAYS:
        return Reason("CAN-1", ReasonCode.DAYS_NOT_SERVED, values)
    return Reason("CAN-1", ReasonCode.DAYS_SERVED_AGAIN, values)


def _invoice(
    act: Act,
    service: Service,
    differences: Sequence[Difference],
    texts: Sequence[tuple[str, str]],
) -> Invoice:
    lines = []
    for each, (credit_text, charge_text) in zip(differences, texts, strict=True):
        lines += [ManualLine(credit_text, -each.credit)] if each.credit else []
        lines += [ManualLine(charge_text, each.charge)] if each.charge else []
    order = Order(kind=Invoice.Kind.FREE, service=service, lines=lines)
    return issue_invoice(actor=act.actor, now=act.now, customer=service.customer, order=order)
