"""Proving what stands on invoices: prices, taxes, and the fees and products that they took."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Abs
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caudal.apps.billing.models import (
    Adjustment,
    DiscountUse,
    Invoice,
    InvoiceLine,
    InvoiceTax,
    LateFee,
    PendingItem,
    ProductCharge,
    ReconnectionCharge,
)
from caudal.apps.ledger.verify import Finding, register
from caudal.apps.staff.models import JournalEntry
from caudal.core.money import minor_digits
from caudal.core.taxes import TaxMode
from caudal.store.compare import differing
from caudal.store.money import MoneyField, money

Kind = InvoiceLine.Kind
TOOK = (
    Kind.LATE_FEE, Kind.RECONNECTION, Kind.PRODUCT, Kind.DISCOUNT, Kind.PENDING, Kind.DEBIT,
)  # fmt: skip
"""Kinds of lines that rows of their own put on invoices."""


def lines_cost_price_times_quantity() -> Iterator[Finding]:
    """To the rounding; a price with included taxes contains them."""
    amount = Case(
        When(invoice__tax_mode=TaxMode.INCLUDED, then=F("net") + F("tax")),
        default=F("net"),
        output_field=MoneyField(),
    )
    for currency, unit in _units():
        lines = InvoiceLine.objects.filter(invoice__currency=currency).annotate(amount=amount)
        off = _apart(F("unit_price") * F("quantity"), F("amount"))
        wrong: Any = lines.annotate(off=off).filter(off__gte=money(unit))
        if not wrong.count():  # counting keeps a million whole rows out of the join
            continue
        for line in wrong.select_related("invoice").order_by("id").iterator():
            yield wrong_invoice(
                line.invoice, f"{line.unit_price} × {line.quantity}", str(line.amount)
            )


def taxes_add_up() -> Iterator[Finding]:
    """TAX-4: the rows of an invoice's taxes are its tax, and each is of all that it nets."""
    invoices = Invoice.objects.values_list("pk", "tax")
    rows = InvoiceTax.objects.values_list("invoice_id", "amount")
    for (key,), expected, found in differing([invoices], [rows]):
        yield wrong_invoice(_invoice(key), str(expected), str(found))
    # A fee that an invoice bears itself has the taxes of that day, which may be others.
    own_fee = LateFee.objects.filter(overdue=OuterRef("invoice"), invoice=OuterRef("invoice"))
    wrong = InvoiceTax.objects.exclude(base=F("invoice__net")).exclude(Exists(own_fee))
    yield from _wrong_taxes(wrong)


def taxes_are_shares_of_their_base() -> Iterator[Finding]:
    """TAX-2, TAX-3: to the rounding of each line."""
    off = _apart(F("base") * F("rate") / 100, F("amount"))
    for currency, unit in _units():
        rows = InvoiceTax.objects.filter(invoice__currency=currency).annotate(off=off)
        far = rows.filter(off__gt=money(unit)).values("pk")  # so few that lines may be counted
        most = ExpressionWrapper((F("lines") * 2 + 1) * money(unit), output_field=MoneyField())
        counted = rows.filter(pk__in=far).annotate(lines=Count("invoice__lines"), most=most)
        yield from _wrong_taxes(counted.filter(off__gt=F("most")))


def what_invoices_took_stands_on_them() -> Iterator[Finding]:
    """Late fees, reconnections, products, discounts, items and notes are lines of their amounts."""
    price = Case(When(kind=Kind.DISCOUNT, then=money() - F("unit_price")), default="unit_price")
    lines = InvoiceLine.objects.filter(kind__in=TOOK).exclude(
        # Products may be typed on invoices by hand; those of the cycle have nothing but charges.
        ~Q(invoice__origin=Invoice.Origin.AUTOMATIC), kind=Kind.PRODUCT
    )  # fmt: skip
    debits = Invoice.objects.exclude(debits=money()).annotate(took=Value(str(Kind.DEBIT)))
    said = [
        lines.annotate(price=price).values_list("invoice_id", "kind", "price"),
        debits.values_list("pk", "took", "debits"),
    ]
    unlike = list(differing(said, _took()))
    written = as_written(Invoice.objects.filter(pk__in={key for (key, _kind), *_ in unlike}))
    known = {invoice.pk: invoice for invoice in written} if unlike else {}
    for (key, kind), expected, found in unlike:
        if key in known:
            yield wrong_invoice(known[key], str(expected), f"{Kind(kind).label} {found}")


def as_written(rows: QuerySet[Any], invoice: str = "") -> QuerySet[Any]:
    """Those of invoices as they were written: neither void nor edited by a person since.

    `invoice` is the path to it, with its underscores.
    """
    edited = JournalEntry.objects.filter(
        verb="billing.edit_invoice", subject_kind=Invoice._meta.label_lower
    )
    return rows.exclude(
        Q(**{f"{invoice}state": Invoice.State.VOID})
        | Q(**{f"{invoice}pk__in": edited.values("subject_id")})
    )


def wrong_invoice(invoice: Invoice | None, expected: str, found: str) -> Finding:
    number, key = (invoice, invoice.pk) if invoice is not None else ("?", "?")
    return Finding(
        _("invoice %(number)s (%(id)s)") % {"number": number, "id": key}, expected, found
    )


def _took() -> list[QuerySet[Any, Any]]:
    """The rows that put such lines on invoices: the invoice, the kind of line and the amount."""
    cycle = {"invoice__origin": Invoice.Origin.AUTOMATIC}
    rows: dict[str, QuerySet[Any]] = {
        Kind.LATE_FEE: LateFee.objects.filter(is_void=False),
        Kind.RECONNECTION: ReconnectionCharge.objects.all(),
        Kind.PRODUCT: ProductCharge.objects.filter(is_void=False, **cycle),
        Kind.DISCOUNT: DiscountUse.objects.filter(is_void=False),
        Kind.PENDING: PendingItem.objects.all(),
        Kind.DEBIT: Adjustment.objects.filter(kind=Adjustment.Kind.DEBIT),
    }
    return [
        each.filter(invoice__isnull=False)
        .annotate(took=Value(str(kind)))
        .values_list("invoice_id", "took", "amount")
        for kind, each in rows.items()
    ]


def _wrong_taxes(rows: QuerySet[Any]) -> Iterator[Finding]:
    for row in rows.select_related("invoice").order_by("id").iterator():
        expected = f"{row.rate} % × {row.invoice.net}"
        yield wrong_invoice(row.invoice, expected, f"{row.base}: {row.amount}")


def _units() -> list[tuple[str, Decimal]]:
    """Every currency of the invoices with the smallest amount in it."""
    found = Invoice.objects.order_by().values_list("currency", flat=True).distinct()
    return [(currency, Decimal(1).scaleb(-minor_digits(currency))) for currency in found]


def _apart(one: Any, other: Any) -> Any:
    difference = ExpressionWrapper(one - other, output_field=MoneyField())
    return ExpressionWrapper(Abs(difference), output_field=MoneyField())


def _invoice(key: int) -> Invoice | None:
    return Invoice.objects.filter(pk=key).first()


register(gettext_lazy("Lines cost price times quantity"), lines_cost_price_times_quantity)
register(gettext_lazy("Taxes of invoices add up"), taxes_add_up)
register(gettext_lazy("Taxes are shares of what they tax"), taxes_are_shares_of_their_base)
register(gettext_lazy("What invoices took stands on them"), what_invoices_took_stands_on_them)
