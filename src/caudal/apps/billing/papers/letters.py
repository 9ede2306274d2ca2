"""Statements, notes (DX, CX), reminder letters and payment coupons as sheets."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from caudal.apps.billing.models import Adjustment, Invoice
from caudal.apps.billing.papers.words import day, in_words, party_facts
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.documents import verification
from caudal.apps.documents.columns import statement_columns
from caudal.apps.documents.sheets import Amount, Column, Fact, Row, Sheet
from caudal.apps.ledger.reads import Statement
from caudal.core.money import ZERO
from caudal.web.money import format_money

NOTE_LETTER = "n"


def statement_sheet(
    customer: Customer, currency: str, found: Statement, first: date | None, last: date
) -> Sheet:
    """STM-1 on paper: the opening balance, every movement, and what is owed at the end."""

    def money(amount: Decimal) -> str:
        return format_money(amount, currency)

    rows = [
        Row(
            {
                "date": day(row.on),
                "movement": " · ".join(part for part in (row.kind_label, row.memo) if part),
                "charge": money(row.charge) if row.charge else "",
                "payment": money(row.payment) if row.payment else "",
                "balance": money(row.balance),
            }
        )
        for row in found.rows
    ]
    opening = {
        "date": day(first),
        "movement": _("Opening balance"),
        "balance": money(found.opening),
    }
    charged = sum((row.charge for row in found.rows), ZERO)
    paid = sum((row.payment for row in found.rows), ZERO)
    return Sheet(
        title=_("Statement"),
        number=customer.code,
        party_label=_("Customer"),
        party=customer.name,
        party_facts=party_facts(customer),
        facts=[Fact(_("From"), day(first)), Fact(_("To"), day(last))],
        columns=statement_columns(),
        rows=[*([Row(opening)] if first else []), *rows],
        totals=[Amount(_("Charges"), money(charged)), Amount(_("Payments"), money(paid))],
        asked_label=_("Balance in favour") if found.closing < ZERO else _("Balance"),
        asked=money(abs(found.closing)),
    )


def note_sheet(note: Adjustment) -> Sheet:
    """A debit (DX) or credit note (CX): no tax, no fiscal number (ADJ-4)."""
    is_debit = note.kind == Adjustment.Kind.DEBIT
    return Sheet(
        title=_("Non-fiscal debit note (DX)") if is_debit else _("Non-fiscal credit note (CX)"),
        number=str(note),
        party_label=_("Customer"),
        party=note.customer.name,
        party_facts=party_facts(note.customer),
        facts=[Fact(_("Date"), day(note.on)), Fact(_("By"), note.created_by)],
        paragraphs=[note.reason],
        asked_label=_("Charged to the account") if is_debit else _("Credited to the account"),
        asked=format_money(note.amount, note.currency),
        words=in_words(note.amount, note.currency),
        notes=[_("It has no tax. The next service invoice takes it into account.")],
        link=verification.link_to(NOTE_LETTER, note.pk),
    )


def reminder_sheet(
    customer: Customer, company: Company, currency: str, unpaid: Iterable[Invoice], today: date
) -> Sheet:
    """What he owes, invoice by invoice: the letter prints the list, the coupon only the sum."""
    rows = sorted(unpaid, key=lambda row: (row.due, row.pk))
    owed = sum((row.remaining for row in rows), ZERO)
    until = min((row.due for row in rows), default=today)
    cut = min((row.cut for row in rows if row.cut), default=None)
    return Sheet(
        title=_("Payment reminder"),
        number=customer.code,
        party=customer.name,
        party_facts=party_facts(customer),
        facts=[Fact(_("Date"), day(today)), Fact(_("Cut"), day(cut))],
        paragraphs=[
            _(
                "Our records show these invoices as unpaid. If you have paid them in the last "
                "days, please disregard this letter."
            )
        ],
        columns=[
            Column("description", _("Invoice")),
            Column("due", _("Due")),
            Column("amount", _("To pay"), is_number=True),
        ],
        rows=[
            Row(
                {
                    "description": row.label,
                    "due": day(row.due),
                    "amount": format_money(row.remaining, currency),
                }
            )
            for row in rows
        ],
        asked_label=_("To pay"),
        asked=format_money(owed, currency),
        asked_note=_("Pay until %(day)s") % {"day": day(max(until, today))},
        keys={
            "number": rows[0].label if rows else "",
            "code": customer.code,
            "amount": f"{owed:.2f}",
            "currency": currency,
        },
        link="|".join((company.tax_id or company.name, customer.code, f"{owed:.2f} {currency}")),
    )


def note_proof(note_id: int) -> list[Fact] | None:
    row = Adjustment.objects.filter(pk=note_id).select_related("company").first()
    if row is None:
        return None
    return [
        Fact(_("Issued by"), row.company.name),
        Fact(str(row.get_kind_display()), str(row)),
        Fact(_("Date"), day(row.on)),
        Fact(_("Amount"), format_money(row.amount, row.currency)),
    ]
