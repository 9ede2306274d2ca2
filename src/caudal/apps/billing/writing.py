"""Writing drafts as invoices, many at once: numbers, lines, periods, credit taken, ledger."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from caudal.apps.billing.drafts import Draft
from caudal.apps.billing.landing import take_turns
from caudal.apps.billing.models import (
    Adjustment,
    Application,
    BilledPeriod,
    Credit,
    Invoice,
    InvoiceLine,
    InvoiceTax,
    LateFee,
    OwedDays,
    ReconnectionCharge,
)
from caudal.apps.billing.posting import enter_invoices, seal_invoices
from caudal.apps.catalog.actions import take_numbers
from caudal.apps.catalog.models import BillingRules, Series
from caudal.apps.customers.models import Customer
from caudal.apps.staff.actor import Actor
from caudal.core.days import Charged
from caudal.core.money import ZERO
from caudal.core.settlement import (
    CreditSettlement,
    OpenCredit,
    apply_credit,
    invoice_state,
)
from caudal.store.bulk import give_ids, insert, insert_values
from caudal.store.lookups import Among
from caudal.store.rows import fetch, new

SERIES = {
    Invoice.Kind.SERVICE: Series.Kind.INVOICE,
    Invoice.Kind.FREE: Series.Kind.FREE_INVOICE,
}

LINE = (
    "invoice_id", "position", "kind", "service_id", "product_id", "description", "quantity",
    "unit_price", "net", "tax", "trace",
)  # fmt: skip
TAX = ("invoice_id", "name", "rate", "base", "amount")
PERIOD = (
    "service_id", "invoice_id", "first", "last", "cycle_first", "cycle_last", "price", "is_void",
)  # fmt: skip

Purse = tuple[int, int, str]
"""Whose money it is: customer, company, currency."""


def write(
    drafts: Sequence[Draft],
    *,
    now: datetime,
    actor: Actor,
    wait: Callable[[], None] | None = None,
    run: int | None = None,
) -> list[Invoice]:
    """Write invoices in the order given, each with the next number of its series.

    `run` is the number of the run that makes them, if one does.

    The caller has opened the transaction and locked the customers, so that no other act takes
    the same credit. The number of queries does not depend on the number of drafts. All that needs
    no number is written first; then `wait`, if given, is called, and others who want numbers wait
    until the transaction ends.
    """
    if not drafts:
        return []
    waiting = _Waiting([draft.customer for draft in drafts])
    settled = [waiting.settle(draft) for draft in drafts]
    invoices = [
        _invoice(draft, done, debits, now, actor, run)
        for draft, (done, debits) in zip(drafts, settled, strict=True)
    ]
    give_ids(invoices)
    pairs = list(zip(drafts, invoices, strict=True))
    _write_rows(pairs)
    take_turns(pairs, now)
    waiting.write([done for done, _ in settled], invoices, now)
    bookings = enter_invoices(pairs, wait)
    if wait is not None:
        wait()
    _number(drafts, invoices)
    insert(invoices)
    seal_invoices(bookings, now=now, actor=actor)
    return invoices


class _Waiting:
    """Credit and debit notes of customers, for their next service invoice (ADJ-1, PAY-3)."""

    def __init__(self, customers: Iterable[Customer]) -> None:
        owners = {customer.id for customer in customers}
        self.credits: dict[Purse, list[Credit]] = defaultdict(list)
        self.rows: dict[Hashable, Credit] = {}
        self.debits: dict[Purse, list[Adjustment]] = defaultdict(list)
        self.landed: list[list[Adjustment]] = []
        credits = Credit.objects.filter(Among("customer_id", owners), remaining__gt=ZERO)
        for credit in fetch(credits.order_by("on", "id")):
            self.rows[credit.id] = credit
            self.credits[credit.customer_id, credit.company_id, credit.currency].append(credit)
        debits = Adjustment.objects.filter(
            Among("customer_id", owners), kind=Adjustment.Kind.DEBIT, invoice=None
        )
        for debit in debits.order_by("on", "id"):
            self.debits[debit.customer_id, debit.company_id, debit.currency].append(debit)

    def settle(self, draft: Draft) -> tuple[CreditSettlement, Decimal]:
        """What the draft takes of them: debits first, then credit up to what it asks."""
        purse = (draft.customer.id, draft.customer.company_id, draft.currency)
        takes = draft.kind == Invoice.Kind.SERVICE
        as_notes = draft.customer.company.rules.debit_style == BillingRules.DebitStyle.NOTE
        landed = self.debits.pop(purse, []) if takes and as_notes else []
        self.landed.append(landed)
        debits = sum((debit.amount for debit in landed), ZERO)
        credits = self.credits.get(purse, []) if takes else []
        done = apply_credit(
            draft.taxed.total, [OpenCredit(c.id, c.on, c.remaining) for c in credits], debits
        )
        for use in done.uses:
            self.rows[use.credit_id].remaining = use.left
        return done, debits

    def write(
        self, settled: Sequence[CreditSettlement], invoices: Sequence[Invoice], now: datetime
    ) -> None:
        applications = [
            Application(credit=self.rows[use.credit_id], invoice=invoice, amount=use.amount, at=now)
            for done, invoice in zip(settled, invoices, strict=True)
            for use in done.uses
        ]
        insert(applications)
        used = {use.credit_id for done in settled for use in done.uses}
        Credit.objects.bulk_update([self.rows[credit] for credit in used], ["remaining"])
        for debits, invoice in zip(self.landed, invoices, strict=True):
            for debit in debits:
                debit.invoice = invoice
        landed = [debit for debits in self.landed for debit in debits]
        Adjustment.objects.bulk_update(landed, ["invoice"])


def _invoice(
    draft: Draft,
    done: CreditSettlement,
    debits: Decimal,
    now: datetime,
    actor: Actor,
    run: int | None,
) -> Invoice:
    customer, taxed = draft.customer, draft.taxed
    document = f"{customer.document_type} {customer.document_number}".strip()
    return new(
        Invoice,
        company_id=customer.company_id,
        customer_id=customer.id,
        service_id=draft.service_id,
        kind=draft.kind,
        origin=draft.origin,
        state=invoice_state(taxed.total + debits, done.due).value,
        emission=draft.emission,
        notice=draft.notice,
        due=draft.due,
        cut=draft.cut,
        created_at=now,
        created_by=actor.name,
        run=run,
        currency=draft.currency,
        tax_mode=str(draft.taxation.mode),
        net=taxed.net,
        tax=taxed.tax,
        total=taxed.total,
        debits=debits,
        remaining=done.due,
        customer_name=customer.name,
        customer_document=(customer.tax_number or document)[:60],
        customer_address=customer.billing_address(),
        note=draft.note,
    )


def _number(drafts: Sequence[Draft], invoices: Sequence[Invoice]) -> None:
    """One block per company and series, given in the order of the invoices."""
    companies = {draft.customer.company_id: draft.customer.company for draft in drafts}
    by_series = sorted(invoices, key=_series_of)
    for (company, kind), group in groupby(by_series, key=_series_of):
        rows = list(group)
        prefix, first = take_numbers(companies[company], SERIES[Invoice.Kind(kind)], len(rows))
        for at, row in enumerate(rows):
            row.prefix, row.number = prefix, first + at


def _series_of(invoice: Invoice) -> tuple[int, str]:
    return invoice.company_id, str(invoice.kind)


def _write_rows(pairs: Sequence[tuple[Draft, Invoice]]) -> None:
    insert_values(InvoiceLine, LINE, [row for pair in pairs for row in _lines(*pair)])
    insert_values(InvoiceTax, TAX, [row for pair in pairs for row in _taxes(*pair)])
    insert_values(
        BilledPeriod,
        PERIOD,
        [
            _period(service, invoice, charged)
            for draft, invoice in pairs
            for service, charged in draft.periods
        ],
    )
    insert(
        [
            LateFee(overdue_id=overdue, invoice_id=invoice.id, amount=amount, is_repeated=repeated)
            for draft, invoice in pairs
            for overdue, amount, repeated in draft.late_fees
        ]
    )
    charges = [
        ReconnectionCharge(pk=charge, invoice=invoice)
        for draft, invoice in pairs
        for charge in draft.reconnections
    ]
    ReconnectionCharge.objects.bulk_update(charges, ["invoice"])
    _mark_owed(pairs)


def _period(service: int, invoice: Invoice, charged: Charged) -> tuple[Any, ...]:
    days, cycle = charged.days, None if charged.agreed else charged.cycle
    ends = (None, None) if cycle is None else (cycle.first, cycle.last)
    return (service, invoice.id, days.first, days.last, *ends, charged.price, False)


def _mark_owed(pairs: Iterable[tuple[Draft, Invoice]]) -> None:
    for draft, invoice in pairs:
        if draft.owed:
            OwedDays.objects.filter(pk__in=draft.owed).update(invoice=invoice)


def _lines(draft: Draft, invoice: Invoice) -> list[tuple[Any, ...]]:
    return [
        (
            invoice.id,
            at,
            str(line.kind),
            line.service_id,
            line.product_id,
            line.description[:250],
            line.quantity,
            line.unit_price,
            taxed.net,
            taxed.tax,
            [reason.to_plain() for reason in line.trace],
        )
        for at, (line, taxed) in enumerate(
            zip(draft.lines, draft.taxed.lines, strict=True), start=1
        )
    ]


def _taxes(draft: Draft, invoice: Invoice) -> list[tuple[Any, ...]]:
    return [
        (invoice.id, row.rate.code, row.rate.rate.scaleb(2), row.base, row.tax)
        for row in draft.taxed.rows
    ]
