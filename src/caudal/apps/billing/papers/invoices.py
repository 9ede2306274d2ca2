"""Invoices as sheets, many at once: the number of queries does not depend on how many."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from caudal.apps.billing.models import Adjustment, Application, Credit, Invoice, InvoiceLine
from caudal.apps.billing.papers.words import day, in_words
from caudal.apps.billing.why import tell_all
from caudal.apps.documents import verification
from caudal.apps.documents.columns import invoice_columns
from caudal.apps.documents.sheets import Amount, Fact, Row, Sheet
from caudal.core.money import EXACT, ZERO, minor_digits, round_half_up
from caudal.core.taxes import TaxMode
from caudal.web.money import format_money

LETTER = "i"
"""What stands for invoices in the links that prove documents."""


def with_details(found: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """All that a sheet needs, in as many queries for a hundred invoices as for one."""
    used = Application.objects.filter(undone_at=None).select_related("credit")
    debits = Adjustment.objects.filter(kind=Adjustment.Kind.DEBIT)
    return found.select_related("company", "customer").prefetch_related(
        "lines",
        "taxes",
        "periods",
        Prefetch("applications", used, "in_force"),
        Prefetch("adjustments", debits, "debit_notes"),
    )


def invoice_sheets(ids: Iterable[int]) -> list[tuple[Invoice, Sheet]]:
    """The invoices as they stand now, in the order given; those that are not there are left out."""
    wanted = list(ids)
    found = {row.pk: row for row in with_details(Invoice.objects.filter(pk__in=wanted))}
    rows = [found[pk] for pk in wanted if pk in found]
    owed = _owed_before(rows)
    return [(row, _sheet(row, owed[row.pk])) for row in rows]


def _sheet(invoice: Invoice, before: Decimal) -> Sheet:
    def money(amount: Decimal) -> str:
        return format_money(amount, invoice.currency)

    is_free = invoice.kind == Invoice.Kind.FREE
    return Sheet(
        title=_("Free invoice") if is_free else _("Invoice"),
        number=invoice.label,
        stamp=_stamp(invoice),
        party_label=_("Customer"),
        party=invoice.customer_name,
        party_facts=[
            Fact(_("Customer code"), invoice.customer.code),
            Fact(_("Document"), invoice.customer_document),
            Fact(_("Address"), invoice.customer_address),
        ],
        facts=[
            Fact(_("Emission"), day(invoice.emission)),
            Fact(_("Pay until"), day(invoice.due)),
            Fact(_("Cut"), day(invoice.cut)),
        ],
        columns=invoice_columns(),
        rows=list(_rows(invoice)),
        totals=_totals(invoice),
        totals_gross=_totals_gross(invoice),
        is_gross=invoice.tax_mode == TaxMode.INCLUDED,
        asked_label=_("To pay"),
        asked=money(invoice.remaining),
        asked_note=_pay_until(invoice),
        words=in_words(invoice.total, invoice.currency),
        previous=_previous(invoice, before),
        notes=[invoice.note],
        link=verification.link_to(LETTER, invoice.pk) or _plain(invoice),
        keys={
            "number": invoice.label,
            "code": invoice.customer.code,
            "amount": f"{invoice.remaining:.2f}",
            "currency": invoice.currency,
        },
    )


def _stamp(invoice: Invoice) -> str:
    marks = {Invoice.State.VOID: _("VOID"), Invoice.State.MERGED: _("MERGED")}
    if invoice.state == Invoice.State.PAID and invoice.total:
        return _("PAID")
    return marks.get(Invoice.State(invoice.state), "")


def _pay_until(invoice: Invoice) -> str:
    if not invoice.remaining:
        return ""
    return _("Pay until %(day)s") % {"day": day(invoice.due)}


def _rows(invoice: Invoice) -> Iterable[Row]:
    periods = {row.service_id: (day(row.first), day(row.last)) for row in invoice.periods.all()}
    for line in invoice.lines.all():
        is_plan = line.kind == InvoiceLine.Kind.PLAN and line.service_id is not None
        days = _days_of(line) or periods.get(line.service_id or 0) if is_plan else None
        yield Row(
            _cells(invoice, line) | {"period": f"{days[0]} – {days[1]}" if days else ""},
            small=_("From %(first)s to %(last)s") % {"first": days[0], "last": days[1]}
            if days
            else "",
            why=tell_all(line.trace, invoice.currency),
        )


def _days_of(line: InvoiceLine) -> tuple[str, str] | None:
    """Its own days, where an invoice charges parts of a period at several prices."""
    return None if line.days is None else (day(line.days.first), day(line.days.last))


def _cells(invoice: Invoice, line: InvoiceLine) -> dict[str, str]:
    """Net and gross apart, so that a page shows one of them from the price to the total."""

    def money(amount: Decimal) -> str:
        return format_money(amount, invoice.currency)

    gross = line.net + line.tax
    price_net, price_gross = _prices(invoice, line)
    return {
        "description": line.description,
        "quantity": f"{line.quantity.normalize():f}",
        "price": money(price_net),
        "price_gross": money(price_gross),
        "net": money(line.net),
        "tax": money(line.tax),
        "amount": money(line.net),
        "amount_gross": money(gross),
    }


def _prices(invoice: Invoice, line: InvoiceLine) -> tuple[Decimal, Decimal]:
    """One unit without and with tax; the one that was agreed is printed to the letter."""
    digits = minor_digits(invoice.currency)
    gross = line.net + line.tax

    def each(amount: Decimal) -> Decimal:
        if not line.quantity:
            return amount
        return round_half_up(EXACT.divide(amount, line.quantity), digits)

    if invoice.tax_mode == TaxMode.INCLUDED:
        return each(line.net), line.unit_price
    return line.unit_price, each(gross)


def _totals(invoice: Invoice) -> list[Amount]:
    """Net prices: subtotal, taxes, total."""
    rows = []
    if invoice.tax:
        rows.append(Amount(_("Subtotal"), format_money(invoice.net, invoice.currency)))
        rows += _taxes(invoice, small=False)
    return [*rows, *_asked(invoice)]


def _totals_gross(invoice: Invoice) -> list[Amount]:
    """Prices with tax add up to the total; what it holds of tax stands below it."""
    total_row, *rest = _asked(invoice)
    if not invoice.tax:
        return [total_row, *rest]
    net = Amount(_("Without tax"), format_money(invoice.net, invoice.currency), small=True)
    return [total_row, net, *_taxes(invoice, small=True), *rest]


def _taxes(invoice: Invoice, *, small: bool) -> list[Amount]:
    return [
        Amount(
            f"{tax.name} ({tax.rate.normalize():f} %)",
            format_money(tax.amount, invoice.currency),
            small=small,
        )
        for tax in invoice.taxes.all()
    ]


def _asked(invoice: Invoice) -> list[Amount]:
    """The fiscal total, then what is asked or taken off beside it (ADJ-4)."""

    def money(amount: Decimal) -> str:
        return format_money(amount, invoice.currency)

    rows = [Amount(_("Total"), money(invoice.total), strong=True, ruled=True)]
    if invoice.debits:
        rows += [
            Amount(f"{note} · {note.reason}", money(note.amount))
            for note in invoice.debit_notes  # type: ignore[attr-defined]
        ]
    by_origin: dict[str, Decimal] = defaultdict(Decimal)
    for part in invoice.in_force:  # type: ignore[attr-defined]
        by_origin[part.credit.origin] += part.amount
    labels = {
        Credit.Origin.ADJUSTMENT: _("Credit notes (CX)"),
        Credit.Origin.PAYMENT: _("Paid or in favour"),
    }
    for origin, label in labels.items():
        if by_origin[origin]:
            rows.append(Amount(label, money(-by_origin[origin])))
    return rows


def _previous(invoice: Invoice, before: Decimal) -> list[Amount]:
    if not before:
        return []
    owed = before + invoice.remaining
    return [
        Amount(_("Earlier invoices, unpaid"), format_money(before, invoice.currency)),
        Amount(_("Owed in all"), format_money(owed, invoice.currency), strong=True),
    ]


def _owed_before(rows: Sequence[Invoice]) -> dict[int, Decimal]:
    """By invoice: what the same customer still owes the company of earlier ones."""
    owners = {row.customer_id for row in rows}
    unpaid = Invoice.objects.unpaid().filter(customer__in=owners)
    found: dict[tuple[int, int, str], list[tuple[int, Decimal]]] = defaultdict(list)
    for pk, *purse, remaining in unpaid.values_list(
        "pk", "customer_id", "company_id", "currency", "remaining"
    ):
        found[tuple(purse)].append((pk, remaining))  # type: ignore[index]
    return {
        row.pk: sum(
            (
                amount
                for pk, amount in found[row.customer_id, row.company_id, row.currency]
                if pk < row.pk
            ),
            ZERO,
        )
        for row in rows
    }


def _plain(invoice: Invoice) -> str:
    """What the QR code says where the installation has no public address."""
    parts = (
        invoice.company.tax_id or invoice.company.name,
        invoice.label,
        invoice.emission.isoformat(),
        f"{invoice.total:.2f} {invoice.currency}",
        invoice.customer.code,
    )
    return "|".join(parts)


def proof(invoice_id: int) -> list[Fact] | None:
    """What anybody may see who holds the invoice: nothing of the customer but his initials."""
    row = Invoice.objects.filter(pk=invoice_id).select_related("company").first()
    if row is None:
        return None
    return [
        Fact(_("Issued by"), row.company.name),
        Fact(_("Invoice"), row.label),
        Fact(_("Emission"), day(row.emission)),
        Fact(_("Total"), format_money(row.total, row.currency)),
        Fact(_("State"), str(row.get_state_display())),
        Fact(_("Still to pay"), format_money(row.remaining, row.currency)),
    ]
