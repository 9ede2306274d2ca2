"""How invoices are booked: what the customer owes against revenue by category and tax by kind."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from django.utils.functional import Promise

from caudal.apps.billing.drafts import Draft
from caudal.apps.billing.models import Invoice, InvoiceLine
from caudal.apps.catalog.models import Company
from caudal.apps.ledger.actions import (
    RECEIVABLE,
    Chart,
    Leg,
    Posting,
    enter,
    post_many,
    reverse,
    seal,
)
from caudal.apps.ledger.models import Account, Transaction
from caudal.apps.staff.actor import Actor

KINDS: dict[str, Promise] = dict(InvoiceLine.Kind.choices)
Pair = tuple[Draft, Invoice]


def document_of(invoice: Invoice) -> str:
    """What ledger transactions call the invoice."""
    return f"invoice:{invoice.id}"


@dataclass(frozen=True, slots=True)
class Booking:
    """What one company's invoices book; their numbers are not known yet."""

    company: Company
    postings: list[tuple[Posting, Invoice]]


def enter_invoices(pairs: Sequence[Pair], wait: Callable[[], None] | None = None) -> list[Booking]:
    """Write the entries, one transaction per invoice that asks for money, for `seal_invoices`."""
    ordered = sorted(pairs, key=lambda pair: pair[1].company_id)
    bookings = []
    for _, group in groupby(ordered, key=lambda pair: pair[1].company_id):
        rows = list(group)
        company = rows[0][0].customer.company
        chart = Chart(company, wait)
        found = [
            (posting, invoice)
            for draft, invoice in rows
            for posting in (_posting(draft, invoice, chart), *_debits(draft, invoice, chart))
            if posting.legs
        ]
        enter([posting for posting, _ in found])
        bookings.append(Booking(company, found))
    return bookings


def seal_invoices(bookings: Sequence[Booking], *, now: datetime, actor: Actor) -> None:
    """Write the transactions, now that the invoices have their numbers."""
    for booking in bookings:
        postings = [posting for posting, _ in booking.postings]
        memos = [invoice.label for _, invoice in booking.postings]
        seal(postings, company=booking.company, now=now, actor=actor, memos=memos)


def rebook(draft: Draft, invoice: Invoice, *, on: date, now: datetime, actor: Actor) -> None:
    """Reverse what the invoice booked and book what it says now, both dated `on`."""
    booked = Transaction.objects.filter(
        document=document_of(invoice), kind=Transaction.Kind.INVOICE, reversed_by=None
    )
    for posted in booked:
        reverse(posted, on=on, now=now, actor=actor)
    company = draft.customer.company
    posting = replace(_posting(draft, invoice, Chart(company)), on=on, memo=invoice.label)
    if posting.legs:
        post_many([posting], company=company, now=now, actor=actor)


def _posting(draft: Draft, invoice: Invoice, chart: Chart) -> Posting:
    return Posting(
        currency=invoice.currency,
        kind=Transaction.Kind.INVOICE,
        on=invoice.emission,
        legs=_legs(draft, invoice, chart),
        document=document_of(invoice),
    )


def _debits(draft: Draft, invoice: Invoice, chart: Chart) -> Iterator[Posting]:
    """Debit notes that became lines (RD-20): what they were booked for is on the invoice now.

    Voiding it reverses this as well, and so they are owed as notes again.
    """
    if not draft.debits:
        return
    receivable = chart.account(*RECEIVABLE, invoice.currency)
    notes = chart.account(Account.Kind.ADJUSTMENT, "adjustments", invoice.currency)
    for _, amount in draft.debits:
        yield Posting(
            currency=invoice.currency,
            kind=Transaction.Kind.ADJUSTMENT,
            on=invoice.emission,
            legs=[Leg(receivable, invoice.customer_id, -amount), Leg(notes, None, amount)],
            document=document_of(invoice),
        )


def _legs(draft: Draft, invoice: Invoice, chart: Chart) -> list[Leg]:
    earned: dict[str, Decimal] = defaultdict(Decimal)
    for line, taxed in zip(draft.lines, draft.taxed.lines, strict=True):
        earned[line.kind] -= taxed.net
    legs = [
        Leg(chart.account(*RECEIVABLE, invoice.currency), invoice.customer_id, invoice.total),
        *(Leg(_revenue(chart, kind, invoice), None, net) for kind, net in earned.items()),
        *(
            Leg(chart.account(Account.Kind.TAX, row.rate.code, invoice.currency, row.rate.code),
                None, -row.tax)
            for row in draft.taxed.rows
        ),
    ]  # fmt: skip
    return [leg for leg in legs if leg.amount]


def _revenue(chart: Chart, kind: str, invoice: Invoice) -> Account:
    return chart.account(Account.Kind.REVENUE, kind, invoice.currency, KINDS[kind])
