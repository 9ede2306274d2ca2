"""What the ledger says: the statement of a customer, and the balance of accounts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.models import Account, Balance, Entry, Transaction
from caudal.core.money import ZERO
from caudal.store.money import total


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One movement: `amount` > 0 adds to the debt; `balance` is what he owes after it."""

    on: date
    sequence: int
    kind: str
    memo: str
    document: str
    amount: Decimal
    balance: Decimal

    @property
    def charge(self) -> Decimal:
        """What it adds to the debt, or zero."""
        return max(self.amount, ZERO)

    @property
    def payment(self) -> Decimal:
        """What it takes off the debt, or zero."""
        return max(-self.amount, ZERO)

    @property
    def kind_label(self) -> str:
        return str(Transaction.Kind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Statement:
    """STM-1: rows by date and sequence; closing = opening + rows = balance on `last`."""

    opening: Decimal
    rows: tuple[StatementRow, ...]

    @property
    def closing(self) -> Decimal:
        return self.rows[-1].balance if self.rows else self.opening


def statement(
    customer: Customer,
    company: Company,
    currency: str,
    first: date | None = None,
    last: date | None = None,
) -> Statement:
    """The movements from `first` to `last`, both included; None leaves that end open."""
    entries = Entry.objects.filter(
        customer=customer, transaction__company=company, transaction__currency=currency
    )
    opening = ZERO
    if first is not None:
        opening = entries.filter(transaction__on__lt=first).aggregate(sum=total("amount"))["sum"]
    return Statement(opening, tuple(_rows(entries.filter(_within(first, last)), opening)))


def balance_of(customer: Customer, company: Company, currency: str) -> Decimal:
    """What the customer owes (> 0) or has in his favour (< 0)."""
    held = Balance.objects.filter(customer=customer, company=company, currency=currency)
    return held.values_list("amount", flat=True).first() or ZERO


def account_balance(account: Account) -> Decimal:
    """Debits less credits of an account."""
    found: Decimal = account.entries.aggregate(sum=total("amount"))["sum"]
    return found


def _within(first: date | None, last: date | None) -> Q:
    found = Q()
    if first is not None:
        found &= Q(transaction__on__gte=first)
    if last is not None:
        found &= Q(transaction__on__lte=last)
    return found


def _rows(entries: QuerySet[Entry], opening: Decimal) -> list[StatementRow]:
    names = ("on", "sequence", "kind", "memo", "document")
    found = entries.order_by("transaction__on", "transaction__sequence", "id").values_list(
        *(f"transaction__{name}" for name in names), "amount"
    )
    rows, balance = [], opening
    for on, sequence, kind, memo, document, amount in found:
        balance += amount
        rows.append(StatementRow(on, sequence, kind, memo, document, amount, balance))
    return rows
