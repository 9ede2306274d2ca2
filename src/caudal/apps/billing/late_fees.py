"""Late fees on the overdue invoice itself, the day after it was due (RD-5, the daily reading)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import translation

from caudal.apps.billing.batches import BATCH, in_transactions, lock_customers
from caudal.apps.billing.calendars import clock_named, zones_in
from caudal.apps.billing.drafts import Line, Taxation, taxations
from caudal.apps.billing.fees import bears_late_fee, fee_invoice, late_fee_rule, late_line
from caudal.apps.billing.models import Invoice, InvoiceLine, InvoiceTax, LateFee
from caudal.apps.billing.posting import document_of
from caudal.apps.catalog.models import BillingRules
from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.actions import RECEIVABLE, Chart, post
from caudal.apps.ledger.models import Account, Transaction
from caudal.apps.outages.reads import in_outage
from caudal.apps.staff.actor import Actor
from caudal.core.fees import late_fee_lines
from caudal.core.money import minor_digits
from caudal.core.settlement import invoice_state
from caudal.core.taxes import TaxableLine, TaxedDocument, TaxMode, tax_document
from caudal.store.lookups import Among

CLOCK = Actor.system("clock")


def charge_late_fees(
    today: date, now: datetime, *, zone: str = "", run: Run | None = None, actor: Actor = CLOCK
) -> dict[str, Any]:
    """Put the fee on every invoice that is late on `today`, for companies that charge it so.

    Once per invoice; twice on a day is nothing. Who is in an outage is charged when it is over and
    its days of grace too, if he has not paid by then. Authorised fiscal documents never change: for
    those the next service invoice bears the fee.
    """
    shown = run or Run()
    owners = list(
        _late(today, zone).order_by("customer_id").values_list("customer_id", flat=True).distinct()
    )
    shown.plan(len(owners))
    charged = 0
    for at in range(0, len(owners), BATCH):
        ids = owners[at : at + BATCH]

        def work(some: list[int]) -> int:
            customers = lock_customers(some)
            with translation.override(settings.LANGUAGE_CODE):
                return _Charging(customers, today, now, zone, actor).charge(_late(today, zone))

        def failed(customer: int, error: Exception) -> None:
            shown.fail(str(customer), error)

        charged += sum(in_transactions(ids, work, failed))
        shown.advance(len(ids))
    return {"charged": charged} if charged else {}


def _late(today: date, zone: str) -> QuerySet[Invoice]:
    borne = LateFee.objects.filter(overdue=OuterRef("pk"), is_void=False)
    daily = BillingRules.objects.filter(late_fee_timing=BillingRules.LateFeeTiming.DAY_AFTER_DUE)
    return (
        Invoice.objects.service()
        .unpaid()
        .filter(
            ~Exists(borne),
            ~in_outage(today),
            company__in=daily.values("company"),
            customer__in=Customer.objects.filter(
                zone__in=zones_in(zone), late_fee_applies=True, is_invoiced=True
            ),
            due__lte=today,
            fiscal_date=None,
        )
    )


class _Charging:
    """The fees of some customers, who are locked."""

    def __init__(
        self, customers: Sequence[Customer], today: date, now: datetime, zone: str, actor: Actor
    ) -> None:
        self.customers = {c.pk: c for c in customers if bears_late_fee(c)}
        self.today, self.now, self.actor = today, now, actor
        self.clock = clock_named(zone)
        self.taxations = taxations(list(self.customers.values()))
        self.charts: dict[int, Chart] = {}

    def charge(self, late: QuerySet[Invoice]) -> int:
        rows = late.filter(Among("customer_id", self.customers)).annotate(
            position=Max("lines__position")
        )
        return sum(self._charge(invoice) for invoice in rows.order_by("due", "id"))

    def _charge(self, invoice: Any) -> int:
        customer = self.customers[invoice.customer_id]
        digits = minor_digits(invoice.currency)
        invoice.borne = False
        rule = late_fee_rule(customer, invoice.currency)
        fees = late_fee_lines([fee_invoice(invoice, self.clock)], self.today, rule, digits)
        for fee in fees:
            taxed = _taxed(fee.amount, invoice, self.taxations[customer.pk], digits)
            _write(late_line(fee, invoice), invoice, taxed)
            LateFee.objects.create(overdue=invoice, invoice=invoice, amount=fee.amount)
            self._post(invoice, customer, taxed)
        return len(fees)

    def _post(self, invoice: Invoice, customer: Customer, taxed: TaxedDocument) -> None:
        chart = self.charts.setdefault(invoice.company_id, Chart(customer.company))
        kind = InvoiceLine.Kind.LATE_FEE
        name = str(kind.label)
        receivable = chart.account(*RECEIVABLE, invoice.currency)
        earned = chart.account(Account.Kind.REVENUE, kind, invoice.currency, name)
        owed = [
            (chart.account(Account.Kind.TAX, row.rate.code, invoice.currency, row.rate.code),
             None, -row.tax)
            for row in taxed.rows
        ]  # fmt: skip
        post(
            company=customer.company,
            currency=invoice.currency,
            kind=Transaction.Kind.INVOICE,
            on=self.today,
            now=self.now,
            actor=self.actor,
            legs=[(receivable, customer, taxed.total), (earned, None, -taxed.net), *owed],
            memo=f"{invoice.label} {name}",
            document=document_of(invoice),
        )


def _taxed(amount: Decimal, invoice: Invoice, taxation: Taxation, digits: int) -> TaxedDocument:
    """The fee bears tax as the invoice does, apart from its other lines."""
    line = TaxableLine(amount, taxation.rates)
    return tax_document([line], TaxMode(invoice.tax_mode), digits, taxation.rounding)


def _write(line: Line, invoice: Any, taxed: TaxedDocument) -> None:
    InvoiceLine.objects.create(
        invoice=invoice,
        position=(invoice.position or 0) + 1,
        kind=line.kind,
        description=line.description,
        unit_price=line.unit_price,
        net=taxed.net,
        tax=taxed.tax,
        trace=[reason.to_plain() for reason in line.trace],
    )
    for row in taxed.rows:
        found, _ = InvoiceTax.objects.get_or_create(
            invoice=invoice,
            name=row.rate.code,
            rate=row.rate.rate.scaleb(2),
            defaults={"base": Decimal(0), "amount": Decimal(0)},
        )
        found.base, found.amount = found.base + row.base, found.amount + row.tax
        found.save(update_fields=["base", "amount"])
    invoice.net += taxed.net
    invoice.tax += taxed.tax
    invoice.total += taxed.total
    invoice.remaining += taxed.total
    invoice.state = invoice_state(invoice.asked, invoice.remaining).value
    invoice.save(update_fields=["net", "tax", "total", "remaining", "state"])
