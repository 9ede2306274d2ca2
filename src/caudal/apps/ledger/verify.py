"""Proving the books: every check recomputes something from rows and yields the wrong ones."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from caudal.apps.catalog.models import Series
from caudal.apps.catalog.numbers import History, numbering_of
from caudal.apps.ledger.models import Account, Balance, Entry, Transaction
from caudal.store.compare import differing
from caudal.store.moment import one_moment
from caudal.store.money import money, total

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
_checks: dict[str | Promise, Check] = {}


def register(name: str | Promise, check: Check) -> None:
    """Add a check; rooms above the ledger register theirs in their `verify` module."""
    _checks[name] = check


def checks() -> dict[str, Check]:
    """Every check of every room by name, in the order of registration."""
    autodiscover_modules("verify")
    return {str(name): check for name, check in _checks.items()}


def first_wrong() -> tuple[str, Finding] | None:
    """The first finding of the first check that has one."""
    for name, check in checks().items():
        with one_moment():
            for finding in check():
                return name, finding
    return None


def transactions_sum_to_zero() -> Iterator[Finding]:
    """I1: of two entries or more each."""
    sums = (
        Entry.objects.order_by()
        .values_list("transaction_id")
        .annotate(legs=Count("pk"), sum=total("amount"))
    )
    is_wrong = Q(legs__lt=2) | ~Q(sum=money())
    # One pass tells that nothing is wrong, as nearly always; only else are the wrong ones found.
    counted = sums.aggregate(
        all=Count("transaction_id"), wrong=Count("transaction_id", filter=is_wrong)
    )
    if counted == {"all": Transaction.objects.count(), "wrong": 0}:
        return
    for key, legs, amount in sums.filter(is_wrong).iterator():
        found = _("%(sum)s of %(count)s entries") % {"sum": amount, "count": legs}
        yield Finding(_transaction(key), "0", found, _legs(key))
    entries = Entry.objects.filter(transaction=OuterRef("pk"))
    for row in Transaction.objects.filter(~Exists(entries)).order_by("company", "sequence"):
        yield Finding(_transaction(row.pk), "0", _("no entries"))


def entries_are_of_one_company_and_currency() -> Iterator[Finding]:
    """An entry's account belongs to the company and the currency of its transaction (MON-1)."""
    same = Q(account__company=F("transaction__company")) & Q(
        account__currency=F("transaction__currency")
    )
    for entry in Entry.objects.filter(~same).select_related("account", "transaction"):
        expected = f"{entry.transaction.company_id} {entry.transaction.currency}"
        found = f"{entry.account.company_id} {entry.account.currency}"
        yield Finding(_entry(entry.pk), expected, found, _legs(entry.transaction_id))


def receivable_entries_name_a_customer() -> Iterator[Finding]:
    """Only what customers owe is booked on a customer, and all of it is."""
    accounts = Account.objects.filter(kind=Account.Kind.RECEIVABLE).values_list("pk", flat=True)
    receivable = Q(account__in=list(accounts))
    named = Q(customer__isnull=False)
    wrong = Entry.objects.filter((receivable & ~named) | (~receivable & named))
    for entry in wrong.select_related("account").order_by("id").iterator():
        yield Finding(_entry(entry.pk), str(entry.account), str(entry.customer_id))


def balances_are_sums_of_entries() -> Iterator[Finding]:
    """I2: the balances shown in lists are what the entries add up to."""
    entries = Entry.objects.filter(customer__isnull=False).values_list(
        "customer_id", "account__company_id", "account__currency", "amount"
    )
    kept = Balance.objects.values_list("customer_id", "company_id", "currency", "amount")
    for key, expected, found in differing([entries], [kept]):
        yield wrong_balance(key, expected, found)


def reversals_are_opposites() -> Iterator[Finding]:
    """A correction books the same accounts and customers as what it reverses, the other way."""
    reversed_ones = Entry.objects.filter(transaction__reversed_by__isnull=False).values_list(
        "transaction__reversed_by", "account_id", "customer_id", money() - F("amount")
    )
    reversals = Entry.objects.filter(transaction__reverses__isnull=False).values_list(
        "transaction_id", "account_id", "customer_id", "amount"
    )
    for (key, account, _customer), expected, found in differing([reversed_ones], [reversals]):
        yield Finding(
            _("reversal %(id)s, account %(account)s") % {"id": key, "account": account},
            str(expected),
            str(found),
        )


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


def _transaction(key: UUID) -> str:
    return _("transaction %(id)s") % {"id": key}


def _entry(key: int) -> str:
    return _("entry %(id)s") % {"id": key}


def _legs(transaction: UUID) -> tuple[str, ...]:
    return tuple(
        f"{entry.account.kind} {entry.account.code} {entry.amount}"
        for entry in Entry.objects.filter(transaction=transaction)
        .select_related("account")
        .order_by("id")
    )


def wrong_balance(key: tuple[int, int, str], expected: Decimal, found: Decimal) -> Finding:
    """`key` is customer, company, currency."""
    customer, company, currency = key
    row = _("balance of customer %(customer)s with company %(company)s in %(currency)s") % {
        "customer": customer,
        "company": company,
        "currency": currency,
    }
    return Finding(row, str(expected), str(found), history_of(*key))


def gaps(series: Series, documents: QuerySet[Any]) -> Iterator[Finding]:
    """The finding that not every number of the series is on one of its documents, but for those
    that people left out."""
    history = numbering_of(series)
    for prefix, following in history.reached.items():
        used = documents.filter(company=series.company, prefix=prefix).aggregate(
            first=Min("number"), last=Max("number"), count=Count("pk")
        )
        if used["first"] is None:
            continue
        expected = _numbered(history, prefix, used["first"], following)
        if (used["last"], used["count"]) != expected:
            label = _("series %(kind)s %(prefix)s of %(company)s") % {
                "kind": series.get_kind_display(),
                "prefix": prefix,
                "company": series.company,
            }
            yield Finding(label, str(expected), str((used["last"], used["count"])))


def _numbered(history: History, prefix: str, first: int, following: int) -> tuple[int, int]:
    """The last number that a document should have, and how many documents there should be."""
    jumps = [
        (left, entered)
        for name, left, entered in history.jumps
        if name == prefix and first < left and entered <= following
    ]
    while jumps and jumps[-1][1] == following:  # nothing was numbered since
        following = jumps.pop()[0]
    skipped = sum(entered - left for left, entered in jumps)
    return following - 1, following - first - skipped


register(_lazy("Transactions sum to zero"), transactions_sum_to_zero)
register(_lazy("Entries are of one company and currency"), entries_are_of_one_company_and_currency)
register(_lazy("Only what customers owe names a customer"), receivable_entries_name_a_customer)
register(_lazy("Balances are sums of entries"), balances_are_sums_of_entries)
register(_lazy("Reversals are the opposite of what they reverse"), reversals_are_opposites)
