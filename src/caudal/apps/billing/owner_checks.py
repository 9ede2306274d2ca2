"""Proving whose things are: what is on an invoice, what paid it, the days that it charges."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caudal.apps.billing.corrections import SIDES, key_of
from caudal.apps.billing.line_checks import as_written, wrong_invoice
from caudal.apps.billing.models import (
    Adjustment,
    Application,
    BilledPeriod,
    CustomerProduct,
    DayCorrection,
    DiscountUse,
    Invoice,
    InvoiceLine,
    LateFee,
    PendingItem,
    ProductCharge,
    ReconnectionCharge,
)
from caudal.apps.ledger.models import Transaction
from caudal.apps.ledger.verify import Finding, register
from caudal.core.money import minor_digits

OWNERS: tuple[tuple[Any, str], ...] = (
    (BilledPeriod, "service__customer"),
    (InvoiceLine, "service__customer"),
    (Adjustment, "customer"),
    (PendingItem, "customer"),
    (ReconnectionCharge, "customer"),
    (LateFee, "overdue__customer"),
    (ProductCharge, "customer_product__customer"),
    (DiscountUse, "discount__customer"),
)
"""What belongs to an invoice, and where it says whose it is."""
WHOLE = Q(cycle_first=None) | Q(first=F("cycle_first"), last=F("cycle_last"))
"""Days that are all of their period."""


def all_on_an_invoice_is_its_customers() -> Iterator[Finding]:
    """Days, lines, fees, products, discounts, items and notes."""
    for model, owner in OWNERS:
        rows = model.objects.filter(invoice__isnull=False, **{f"{owner}__isnull": False})
        wrong = rows.exclude(**{owner: F("invoice__customer")}).annotate(whose=F(owner))
        if not wrong.count():  # counting keeps a million whole rows out of the join
            continue
        for row in wrong.select_related("invoice").order_by("pk").iterator():
            found = f"{model._meta.label_lower} {row.pk}: {row.whose}"
            yield wrong_invoice(row.invoice, str(row.invoice.customer_id), found)


def money_pays_its_owners_invoices() -> Iterator[Finding]:
    """Of his, of the same company and in the same currency (MON-1)."""
    same = {
        f"credit__{name}": F(f"invoice__{name}") for name in ("customer", "company", "currency")
    }
    wrong = Application.objects.exclude(**same).select_related("invoice", "credit")
    for row in wrong.order_by("id").iterator():
        expected = f"{row.invoice.customer_id} {row.invoice.currency}"
        found = f"credit {row.credit_id}: {row.credit.customer_id} {row.credit.currency}"
        yield wrong_invoice(row.invoice, expected, found)


def plans_charge_days() -> Iterator[Finding]:
    """Where a plan is charged days are billed, and a whole period costs what it says."""
    plans = InvoiceLine.objects.filter(kind=InvoiceLine.Kind.PLAN)
    days = BilledPeriod.objects.filter(invoice=OuterRef("invoice"), service=OuterRef("service"))
    as_it_says = days.filter(~WHOLE | Q(price=None) | Q(price=OuterRef("unit_price")))
    odd = plans.filter(~Exists(as_it_says)).values_list("invoice_id", "service_id")
    asked = {*odd, *_of_one_period(plans)}
    invoices = as_written(Invoice.objects.filter(pk__in={invoice for invoice, _service in asked}))
    written = {invoice.pk: invoice for invoice in invoices}
    for key, service in sorted(asked, key=str):
        if key in written:
            yield from _wrong_days(written[key], service)


def _of_one_period(plans: QuerySet[InvoiceLine]) -> set[tuple[int, int | None]]:
    """Invoices with a service that several lines charge for, though not for several periods."""
    lines = plans.order_by().values_list("invoice_id", "service_id").annotate(lines=Count("pk"))
    found = {(invoice, service) for invoice, service, _many in lines.filter(lines__gt=1)}
    periods = BilledPeriod.objects.filter(invoice__in={invoice for invoice, _service in found})
    many = Counter(periods.values_list("invoice_id", "service_id"))
    return {key for key in found if many[key] < 2}


def _wrong_days(invoice: Invoice, service: int | None) -> Iterator[Finding]:
    """Only a period that stands alone says what its line costs; finer prices were rounded."""
    lines = invoice.lines.filter(kind=InvoiceLine.Kind.PLAN, service=service)
    days = BilledPeriod.objects.filter(invoice=invoice, service=service)
    if not days.exists():
        yield wrong_invoice(invoice, ", ".join(line.description for line in lines), _("no days"))
    elif days.count() == 1 and (alone := days.filter(WHOLE, price__isnull=False).first()):
        expected, found = alone.price, sum(line.unit_price for line in lines)
        if abs(expected - found) >= Decimal(1).scaleb(-minor_digits(invoice.currency)):
            yield wrong_invoice(invoice, str(expected), str(found))


def corrections_are_settled() -> Iterator[Finding]:
    """PRO-3: what corrected days cost more or less is in the items that they left.

    Those of old cancellations left none: they are in its credit or its last invoice.
    """
    rows = DayCorrection.objects.filter(is_void=False)
    known = {key_of(row, side): row for row in rows.iterator() for side in SIDES}
    left: dict[DayCorrection, Decimal] = defaultdict(Decimal)
    items = PendingItem.objects.filter(origin_key__startswith="days:")
    for key, amount in items.values_list("origin_key", "amount").iterator():
        row = known.get(key.rstrip("+"))
        if row is not None:
            left[row] += amount
    for row, amount in left.items():
        if amount != row.net:
            yield Finding(_("correction %(id)s") % {"id": row.pk}, str(amount), str(row.net))


def products_are_numbered_by_their_charges() -> Iterator[Finding]:
    """A charge keeps its number when its invoice is void; the product knows the last."""
    last = Coalesce(Max("charges__number"), 0)
    for row in CustomerProduct.objects.annotate(last=last).exclude(numbered=F("last")).iterator():
        label = _("product %(name)s (%(id)s)") % {"name": row, "id": row.pk}
        yield Finding(label, str(row.last), str(row.numbered))


def notes_have_their_credit_and_booking() -> Iterator[Finding]:
    """ADJ-4: a CX is a credit of its amount, and what is booked as a note is one."""
    same = Q(credit__amount=F("amount"), credit__customer=F("customer"))
    notes: QuerySet[Adjustment] = Adjustment.objects.filter(kind=Adjustment.Kind.CREDIT)
    for note in notes.exclude(same).select_related("credit").order_by("id"):
        found = f"{note.credit and note.credit.amount}"
        yield Finding(f"{note.prefix}{note.number}", str(note.amount), found)
    booked = Transaction.objects.filter(document__startswith="adjustment:", reverses=None)
    for row in booked.filter(adjustment=None).order_by("sequence"):
        yield Finding(row.document, _("a note"), _("none"))


register(gettext_lazy("All on an invoice is of one customer"), all_on_an_invoice_is_its_customers)
register(gettext_lazy("Money pays its owner's invoices"), money_pays_its_owners_invoices)
register(gettext_lazy("Plans charge days"), plans_charge_days)
register(gettext_lazy("Corrections of days are settled"), corrections_are_settled)
register(
    gettext_lazy("Products are numbered by their charges"), products_are_numbered_by_their_charges
)
register(
    gettext_lazy("Notes have their credit and their booking"), notes_have_their_credit_and_booking
)
