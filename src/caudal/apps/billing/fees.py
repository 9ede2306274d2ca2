"""Late fees and reconnection charges that the next service invoices of some customers take."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import formats
from django.utils.translation import gettext as _

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.drafts import Draft, Line
from caudal.apps.billing.models import Invoice, InvoiceLine, LateFee, ReconnectionCharge
from caudal.apps.customers.models import Customer, Service
from caudal.core.civil import local_date, zone_named
from caudal.core.fees import FeeInvoice, FeeLine, LateFeeRule, late_fee_lines
from caudal.core.money import minor_digits
from caudal.core.records import Reason, ReasonCode
from caudal.core.settlement import InvoiceKind


class Fees:
    """What some customers have to bear, read in two queries."""

    def __init__(self, customers: Sequence[Customer], today: date) -> None:
        self.today = today
        self.late = self._late([c for c in customers if _bears_late_fee(c)])
        self.charges: dict[int, list[ReconnectionCharge]] = defaultdict(list)
        waiting = ReconnectionCharge.objects.filter(
            customer__in=[c.pk for c in customers], invoice=None
        )
        for charge in waiting.select_related("suspension").order_by("id"):
            self.charges[charge.suspension.service_id].append(charge)

    def _late(self, customers: Sequence[Customer]) -> dict[int, list[Invoice]]:
        found: dict[int, list[Invoice]] = defaultdict(list)
        if not customers:
            return found
        borne = LateFee.objects.filter(overdue=OuterRef("pk"), is_void=False)
        late = (
            Invoice.objects.service()
            .unpaid()
            .filter(~Exists(borne), customer__in=[c.pk for c in customers], due__lt=self.today)
        )
        for invoice in late.select_related("customer__zone").order_by("due", "id"):
            found[invoice.customer_id].append(invoice)
        return found

    def add(self, draft: Draft, service: Service) -> None:
        """Put on the draft what this service brings; each fee is given once."""
        self._add_late(draft, service)
        for charge in self.charges.pop(service.pk, []):
            draft.reconnections.append(charge.pk)
            draft.lines.append(_reconnection(charge, service))

    def _add_late(self, draft: Draft, service: Service) -> None:
        waiting = self.late.get(draft.customer.pk, [])
        mine = [
            invoice
            for invoice in waiting
            if invoice.service_id in (None, service.pk) and invoice.currency == draft.currency
        ]
        if not mine:
            return
        waiting[:] = [invoice for invoice in waiting if invoice not in mine]
        company = draft.customer.company
        rule = LateFeeRule(fixed=company.late_fee) if company.currency == draft.currency else None
        lines = late_fee_lines(
            [_fee_invoice(invoice) for invoice in mine],
            self.today,
            rule,
            minor_digits(draft.currency),
        )
        for fee in lines:
            overdue = next(invoice for invoice in mine if invoice.pk == fee.source)
            draft.late_fees.append((overdue.pk, fee.amount))
            draft.lines.append(_late_line(fee, overdue))


def _bears_late_fee(customer: Customer) -> bool:
    return customer.late_fee_applies and customer.company.late_fee > 0


def _fee_invoice(invoice: Invoice) -> FeeInvoice:
    zone = zone_named(time_zone_of(invoice.customer.zone))
    return FeeInvoice(
        id=invoice.pk,
        kind=InvoiceKind.SERVICE,
        due=invoice.due,
        cut=invoice.cut or invoice.due,
        remaining=invoice.remaining,
        created_on=local_date(invoice.created_at, zone),
    )


def _late_line(fee: FeeLine, overdue: Invoice) -> Line:
    return Line(
        kind=InvoiceLine.Kind.LATE_FEE,
        description=_("Late fee of invoice %(number)s") % {"number": overdue.label},
        amount=fee.amount,
        unit_price=fee.amount,
        trace=(fee.reason,),
    )


def _reconnection(charge: ReconnectionCharge, service: Service) -> Line:
    on = charge.suspension.opened_on
    shown = formats.date_format(on, "SHORT_DATE_FORMAT")
    return Line(
        kind=InvoiceLine.Kind.RECONNECTION,
        description=_("Reconnection after the cut of %(date)s") % {"date": shown},
        amount=charge.amount,
        unit_price=charge.amount,
        service_id=service.pk,
        trace=(Reason("FEE-3", ReasonCode.RECONNECTION, {"on": on}),),
    )
