"""Proving the books: every check recomputes something from rows and yields the wrong ones."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Max, Min, Q

from caudal.apps.ledger.models import Account, Balance, Counter, Entry, Transaction
from caudal.core.money import ZERO
from caudal.store.money import total

SHOWN = 20
"""Rows of history printed with a finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that is not what the others say, and the rows that say so."""

    row: str
    expected: str
    found: str
    history: tuple[str, ...] = ()


Check = Callable[[], Iterable[Finding]]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check; rooms above the ledger register theirs in their `verify` module."""
    _checks[name] = check


def checks() -> dict[str, Check]:
    """Every check by name, in the order of registration."""
    return dict(_checks)


def first_wrong() -> tuple[str, Finding] | None:
    """The first finding of the first check that has one."""
    for name, check in _checks.items():
        for finding in check():
            return name, finding
    return None


def transactions_sum_to_zero() -> Iterator[Finding]:
    """I1."""
    wrong = (
        Transaction.objects.annotate(legs=Count("entries"), sum=total("entries__amount"))
        .filter(Q(legs__lt=2) | ~Q(sum=ZERO))
        .order_by("company", "sequence")
    )
    for row in wrong.iterator():
        yield Finding(f"transaction {row.pk}", "0", str(row.sum), _legs(row))


def receivable_entries_name_a_customer() -> Iterator[Finding]:
    """Only what customers owe is booked on a customer, and all of it is."""
    receivable = Q(account__kind=Account.Kind.RECEIVABLE)
    named = Q(customer__isnull=False)
    wrong = Entry.objects.filter((receivable & ~named) | (~receivable & named))
    for entry in wrong.select_related("account").order_by("id").iterator():
        yield Finding(f"entry {entry.pk}", str(entry.account), str(entry.customer_id))


def balances_are_sums_of_entries() -> Iterator[Finding]:
    """I2: the balances shown in lists are what the entries add up to."""
    kept = {
        (customer, company, currency): amount
        for customer, company, currency, amount in Balance.objects.values_list(
            "customer_id", "company_id", "currency", "amount"
        ).iterator()
    }
    summed = (
        Entry.objects.filter(customer__isnull=False)
        .values_list("customer_id", "account__company_id", "account__currency")
        .annotate(sum=total("amount"))
        .order_by()
    )
    for customer, company, currency, amount in summed.iterator():
        found = kept.pop((customer, company, currency), ZERO)
        if found != amount:
            yield _wrong_balance(customer, company, currency, amount, found)
    for (customer, company, currency), found in kept.items():
        if found:
            yield _wrong_balance(customer, company, currency, ZERO, found)


def transactions_are_numbered_without_gaps() -> Iterator[Finding]:
    """1, 2, 3 ... per company, as many as the counter says."""
    numbered = (
        Transaction.objects.order_by()
        .values("company")
        .annotate(count=Count("pk"), first=Min("sequence"), last=Max("sequence"))
    )
    counters = dict(Counter.objects.values_list("company_id", "last"))
    for row in numbered:
        expected = (1, counters.get(row["company"], 0), counters.get(row["company"], 0))
        found = (row["first"], row["last"], row["count"])
        if found != expected:
            yield Finding(f"transactions of company {row['company']}", str(expected), str(found))


def history_of(customer_id: int, company_id: int, currency: str) -> tuple[str, ...]:
    """The last entries of a customer, one line each, oldest first."""
    entries = (
        Entry.objects.filter(
            customer_id=customer_id, account__company_id=company_id, account__currency=currency
        )
        .annotate(on=F("transaction__on"), sequence=F("transaction__sequence"))
        .select_related("transaction")
        .order_by("-on", "-sequence")[:SHOWN]
    )
    return tuple(
        f"{entry.transaction.on} #{entry.transaction.sequence} {entry.transaction.kind} "
        f"{entry.transaction.document} {entry.amount}"
        for entry in reversed(entries)
    )


def _legs(row: Transaction) -> tuple[str, ...]:
    return tuple(
        f"{entry.account.kind} {entry.account.code} {entry.amount}"
        for entry in row.entries.select_related("account").order_by("id")
    )


def _wrong_balance(
    customer: int, company: int, currency: str, expected: Decimal, found: Decimal
) -> Finding:
    row = f"balance of customer {customer} with company {company} in {currency}"
    history = history_of(customer, company, currency)
    return Finding(row, str(expected), str(found), history)


register("transactions sum to zero", transactions_sum_to_zero)
register("receivable entries name a customer", receivable_entries_name_a_customer)
register("balances are sums of entries", balances_are_sums_of_entries)
register("transactions are numbered without gaps", transactions_are_numbered_without_gaps)
