"""Proving invoices, credits and what customers owe from the rows they are made of."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from caudal.apps.billing.models import Adjustment, Application, Credit, Invoice
from caudal.apps.catalog.models import Series
from caudal.apps.ledger.models import Balance
from caudal.apps.ledger.verify import Finding, history_of, register
from caudal.core.money import ZERO
from caudal.core.settlement import invoice_state
from caudal.store.money import MoneyField, money, total

Key = tuple[int, int, str]


def invoices_owe_what_nothing_has_paid() -> Iterator[Finding]:
    """I3: remaining = total + debits - applications; the state says the same."""
    counted = Invoice.objects.exclude(state__in=[Invoice.State.VOID, Invoice.State.MERGED])
    rows: Any = counted.annotate(applied=_applied("invoice")).order_by("id")
    for row in rows.iterator():
        left = row.asked - row.applied
        state = invoice_state(row.asked, left).value
        if (row.remaining, row.state) != (left, state):
            found = f"{row.remaining} {row.state}"
            yield Finding(f"invoice {row} ({row.pk})", f"{left} {state}", found, _paid(row))


def void_invoices_owe_nothing() -> Iterator[Finding]:
    """What a void invoice had taken was given back."""
    void = Invoice.objects.filter(state=Invoice.State.VOID)
    rows: Any = void.annotate(applied=_applied("invoice"))
    for row in rows.filter(~Q(remaining=money()) | ~Q(applied=money())).iterator():
        found = f"{row.remaining}, applied {row.applied}"
        yield Finding(f"invoice {row} ({row.pk})", "0, applied 0", found, _paid(row))


def invoices_add_up() -> Iterator[Finding]:
    """I11: total = net + tax = what the lines add up to."""
    rows: Any = Invoice.objects.annotate(
        lines_net=total("lines__net"), lines_tax=total("lines__tax")
    ).filter(~Q(total=F("net") + F("tax")) | ~Q(lines_net=F("net")) | ~Q(lines_tax=F("tax")))
    for row in rows.order_by("id").iterator():
        expected = f"{row.lines_net} + {row.lines_tax}"
        yield Finding(f"invoice {row} ({row.pk})", expected, f"{row.net} + {row.tax}: {row.total}")


def credits_hold_what_they_did_not_settle() -> Iterator[Finding]:
    """I3: remaining = amount - returned - applications; withdrawn ones hold and settle nothing."""
    for row in Credit.objects.annotate(applied=_applied("credit")).order_by("id").iterator():
        withdrawn = row.withdrawn_at is not None
        left = ZERO if withdrawn else row.amount - row.returned - row.applied
        if row.remaining != left or (withdrawn and row.applied):
            found = f"{row.remaining}, applied {row.applied}"
            yield Finding(f"credit {row.pk}", str(left), found)


def balances_are_what_invoices_and_credits_say() -> Iterator[Finding]:
    """I2: balance = what invoices ask - money in favour + debit notes that have not landed."""
    said: dict[Key, Decimal] = {}
    _add(said, Invoice.objects.unpaid(), "remaining", 1)
    _add(said, Credit.objects.filter(remaining__gt=money()), "remaining", -1)
    waiting = Adjustment.objects.filter(kind=Adjustment.Kind.DEBIT, invoice=None)
    _add(said, waiting, "amount", 1)
    rows = Balance.objects.order_by("id").values_list(
        "customer_id", "company_id", "currency", "amount"
    )
    for customer, company, currency, amount in rows.iterator():
        expected = said.pop((customer, company, currency), ZERO)
        if expected != amount:
            yield _wrong((customer, company, currency), expected, amount)
    for key, expected in said.items():
        if expected:
            yield _wrong(key, expected, ZERO)


def numbers_have_no_gaps() -> Iterator[Finding]:
    """I20: each series is used up to its next number, from the first one it gave."""
    kinds = {Series.Kind.INVOICE: "service", Series.Kind.FREE_INVOICE: "free"}
    for series in Series.objects.filter(kind__in=kinds).select_related("company"):
        used = Invoice.objects.filter(
            company=series.company, kind=kinds[Series.Kind(series.kind)], prefix=series.prefix
        ).aggregate(first=Min("number"), last=Max("number"), count=Count("pk"))
        if used["first"] is None:
            continue
        expected = (series.next_number - 1, used["last"] - used["first"] + 1)
        if (used["last"], used["count"]) != expected:
            label = f"series {series.kind} {series.prefix} of {series.company}"
            yield Finding(label, str(expected), str((used["last"], used["count"])))


def _applied(side: str) -> Coalesce:
    live = Application.objects.filter(undone_at=None, **{side: OuterRef("pk")}).order_by()
    summed = live.values(side).annotate(sum=total("amount")).values("sum")
    return Coalesce(Subquery(summed, output_field=MoneyField()), money())


def _paid(row: Invoice) -> tuple[str, ...]:
    return tuple(
        f"{part.at:%Y-%m-%d} credit {part.credit_id} {part.amount}"
        + (" undone" if part.undone_at else "")
        for part in row.applications.order_by("id")
    )


def _add(said: dict[Key, Decimal], rows: QuerySet, column: str, sign: int) -> None:  # type: ignore[type-arg]
    sums = rows.order_by().values_list("customer_id", "company_id", "currency")
    for customer, company, currency, amount in sums.annotate(sum=total(column)).iterator():
        key = (customer, company, currency)
        said[key] = said.get(key, ZERO) + sign * amount


def _wrong(key: Key, expected: Decimal, found: Decimal) -> Finding:
    row = f"balance of customer {key[0]} with company {key[1]} in {key[2]}"
    return Finding(row, str(expected), str(found), history_of(*key))


register("invoices owe what nothing has paid", invoices_owe_what_nothing_has_paid)
register("void invoices owe nothing", void_invoices_owe_nothing)
register("invoices add up", invoices_add_up)
register("credits hold what they did not settle", credits_hold_what_they_did_not_settle)
register("balances are what invoices and credits say", balances_are_what_invoices_and_credits_say)
register("numbers have no gaps", numbers_have_no_gaps)
