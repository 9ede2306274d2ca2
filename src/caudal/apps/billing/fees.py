"""Late fees and reconnection charges that the next service invoices of some customers take."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import formats
from django.utils.translation import gettext as _

from caudal.apps.billing.calendars import clock_named
from caudal.apps.billing.drafts import Draft, Line
from caudal.apps.billing.models import Invoice, InvoiceLine, LateFee, ReconnectionCharge
from caudal.apps.customers.models import Customer, Service, Zone
from caudal.apps.outages.reads import in_outage
from caudal.core.civil import local_date
from caudal.core.fees import (
    FeeInvoice,
    FeeLine,
    LateFeeRule,
    LateFeeTiming,
    LateFrom,
    late_fee_lines,
)
from caudal.core.money import ZERO, minor_digits
from caudal.core.records import Reason, ReasonCode
from caudal.core.settlement import InvoiceKind
from caudal.store.lookups import Among

LOOKS_BACK = timedelta(days=40)
"""Invoices paid late bear the fee on the next invoice: a cycle, and some days for a late run."""


class Fees:
    """What some customers have to bear on the invoices of `emission`, read in a few queries."""

    def __init__(self, customers: Sequence[Customer], today: date, emission: date) -> None:
        self.today = today
        self.emission = emission
        bearing = [customer for customer in customers if bears_late_fee(customer)]
        self.clocks = _clocks(bearing)
        self.late = self._late(bearing)
        self.charges: dict[int, list[ReconnectionCharge]] = defaultdict(list)
        waiting = ReconnectionCharge.objects.filter(
            Among("customer_id", [c.id for c in customers]), invoice=None
        )
        for charge in waiting.select_related("suspension").order_by("id"):
            self.charges[charge.suspension.service_id].append(charge)

    def _late(self, customers: Sequence[Customer]) -> dict[int, list[Invoice]]:
        found: dict[int, list[Invoice]] = defaultdict(list)
        if not customers:
            return found
        owed = Q(remaining__gt=ZERO)
        paid_late = [c.company_id for c in customers if c.company.rules.late_fee_paid_late]
        if paid_late:
            owed |= Q(
                company__in=set(paid_late),
                due__gte=self.today - LOOKS_BACK * 3,
                applications__undone_at=None,
                applications__at__date__gte=self.today - LOOKS_BACK,
            )
        late = (
            Invoice.objects.service()
            .filter(
                owed,
                ~in_outage(self.today),
                Among("customer_id", [c.id for c in customers]),
                due__lte=self.today,
            )
            .exclude(state__in=[Invoice.State.VOID, Invoice.State.MERGED])
            .annotate(borne=Exists(self._borne()))
        )
        if paid_late:
            late = late.distinct()
        known = late.order_by("due", "id")
        settled = _settled([row.id for row in known if not row.remaining]) if paid_late else {}
        for invoice in known:
            invoice.settled_at = settled.get(invoice.id)  # type: ignore[attr-defined]
            found[invoice.customer_id].append(invoice)
        return found

    def _borne(self) -> Any:
        """What the rule has charged already; a repeated fee is borne anew by each emission."""
        mine = LateFee.objects.filter(overdue=OuterRef("pk"), is_void=False)
        return mine.filter(Q(is_repeated=False) | Q(invoice__emission=self.emission))

    def add(self, draft: Draft, service: Service) -> None:
        """Put on the draft what this service brings; each fee is given once."""
        self._add_late(draft, service)
        for charge in self.charges.pop(service.id, []):
            draft.reconnections.append(charge.id)
            draft.lines.append(_reconnection(charge, service))

    def _add_late(self, draft: Draft, service: Service) -> None:
        waiting = self.late.get(draft.customer.id, [])
        mine = [
            invoice
            for invoice in waiting
            if invoice.service_id in (None, service.id) and invoice.currency == draft.currency
        ]
        if not mine:
            return
        waiting[:] = [invoice for invoice in waiting if invoice not in mine]
        clock = self.clocks[draft.customer.zone_id]
        rule = late_fee_rule(draft.customer, draft.currency)
        lines = late_fee_lines(
            [fee_invoice(row, clock) for row in mine if _falls_here(row, rule)],
            self.today,
            rule,
            minor_digits(draft.currency),
        )
        repeated = rule.timing is LateFeeTiming.EVERY_CYCLE
        for fee in lines:
            overdue = next(invoice for invoice in mine if invoice.id == fee.source)
            draft.late_fees.append((overdue.id, fee.amount, repeated))
            draft.lines.append(late_line(fee, overdue))


def bears_late_fee(customer: Customer) -> bool:
    company = customer.company
    has_fee = company.late_fee > 0 or company.rules.late_fee_percent > 0
    return customer.late_fee_applies and has_fee


def late_fee_rule(customer: Customer, currency: str) -> LateFeeRule:
    """RD-5, RD-24 as the customer's company reads them; the fixed fee is in its own currency."""
    company, rules = customer.company, customer.company.rules
    return LateFeeRule(
        fixed=company.late_fee if company.currency == currency else ZERO,
        fraction=rules.late_fee_percent.scaleb(-2),
        timing=LateFeeTiming(rules.late_fee_timing),
        counted_from=LateFrom(rules.late_from),
        paid_late=rules.late_fee_paid_late,
    )


def fee_invoice(invoice: Any, clock: Any) -> FeeInvoice:
    """`invoice` is annotated with `borne` and may carry `settled_at`."""
    settled = getattr(invoice, "settled_at", None)
    return FeeInvoice(
        id=invoice.id,
        kind=InvoiceKind.SERVICE,
        due=invoice.due,
        cut=invoice.cut or invoice.due,
        remaining=invoice.remaining,
        borne=invoice.borne,
        created_on=local_date(invoice.created_at, clock),
        settled_on=None if settled is None else local_date(settled, clock),
    )


def late_line(fee: FeeLine, overdue: Invoice) -> Line:
    return Line(
        kind=InvoiceLine.Kind.LATE_FEE,
        description=_("Late fee of invoice %(number)s") % {"number": overdue.label},
        amount=fee.amount,
        unit_price=fee.amount,
        trace=(fee.reason,),
    )


def _falls_here(invoice: Invoice, rule: LateFeeRule) -> bool:
    """With a fee on the overdue invoice itself, only an authorised one has the next one bear it."""
    return rule.timing is not LateFeeTiming.DAY_AFTER_DUE or invoice.fiscal_date is not None


def _clocks(customers: Sequence[Customer]) -> dict[int, Any]:
    zones = Zone.objects.filter(pk__in={customer.zone_id for customer in customers})
    return {pk: clock_named(name) for pk, name in zones.values_list("pk", "timezone")}


def _settled(invoices: Sequence[int]) -> dict[int, Any]:
    """When the last money came, by invoice."""
    rows = Invoice.objects.filter(Among("id", invoices), applications__undone_at=None)
    return dict(rows.annotate(last=Max("applications__at")).values_list("pk", "last"))


def _reconnection(charge: ReconnectionCharge, service: Service) -> Line:
    on = charge.suspension.opened_on
    shown = formats.date_format(on, "SHORT_DATE_FORMAT")
    return Line(
        kind=InvoiceLine.Kind.RECONNECTION,
        description=_("Reconnection after the cut of %(date)s") % {"date": shown},
        amount=charge.amount,
        unit_price=charge.amount,
        service_id=service.id,
        trace=(Reason("FEE-3", ReasonCode.RECONNECTION, {"on": on}),),
    )
