"""Posting to the ledger: transactions that sum to zero, reversals, and the balances they move."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.functional import Promise

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.balances import Holder, add_to_balances
from caudal.apps.ledger.models import Account, Entry, Transaction
from caudal.apps.staff.actor import Actor
from caudal.core.errors import RuleError
from caudal.core.money import ZERO
from caudal.store.bulk import insert_values

ENTRY = ("transaction_id", "account_id", "customer_id", "amount")
TRANSACTION = (
    "id", "sequence", "company_id", "currency", "kind", "on", "posted_at", "actor_name", "memo",
    "document", "reverses_id",
)  # fmt: skip
RECEIVABLE = (Account.Kind.RECEIVABLE.value, "customers")


class Leg(NamedTuple):
    """One side: `amount` > 0 is debit. Legs of the receivable account name the customer."""

    account: Account
    customer_id: int | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Posting:
    """A transaction to be: the arguments of `post` that differ from one to the next."""

    currency: str
    kind: str
    on: date
    legs: Sequence[Leg]
    memo: str = ""
    document: str = ""
    reverses_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)


def account_for(
    company: Company,
    kind: Account.Kind | str,
    code: str,
    currency: str,
    name: str | Promise = "",
) -> Account:
    """The account of that code, made when it is asked for the first time.

    Its name is in the language of the installation, whoever asks first.
    """
    with translation.override(settings.LANGUAGE_CODE):
        named = str(name or Account.Kind(kind).label)
    account, _ = Account.objects.get_or_create(
        company=company,
        kind=str(kind),
        code=code,
        currency=currency,
        defaults={"name": named},
    )
    return account


class Chart:
    """The accounts of a company, read once; those that are missing are made when asked for.

    `wait` is called before one is made, by who must not make it at the same time as another.
    """

    def __init__(self, company: Company, wait: Callable[[], None] | None = None) -> None:
        self.company = company
        self._wait = wait
        self._accounts = {
            (account.kind, account.code, account.currency): account
            for account in Account.objects.filter(company=company)
        }

    def account(
        self, kind: Account.Kind | str, code: str, currency: str, name: str | Promise = ""
    ) -> Account:
        key = (str(kind), code, currency)
        if key not in self._accounts:
            if self._wait is not None:
                self._wait()
            self._accounts[key] = account_for(self.company, kind, code, currency, name)
        return self._accounts[key]


@transaction.atomic
def post(
    *,
    company: Company,
    currency: str,
    kind: Transaction.Kind | str,
    on: date,
    now: datetime,
    actor: Actor,
    legs: Iterable[Leg | tuple[Account, Customer | None, Decimal]],
    memo: str = "",
    document: str = "",
    reverses: Transaction | None = None,
    id: UUID | None = None,
) -> Transaction:
    """Book one transaction. Legs of zero are left out; the others are two or more and sum to zero.

    `id` is for a document that must name its transaction before it is booked.
    Raises RuleError "transaction-not-zero" otherwise; the database would refuse it as well.
    """
    plain = [leg if isinstance(leg, Leg) else _leg(*leg) for leg in legs]
    reverses_id = None if reverses is None else reverses.pk
    key = id or uuid4()
    posting = Posting(currency, str(kind), on, plain, memo, document, reverses_id, key)
    post_many([posting], company=company, now=now, actor=actor)
    return Transaction.objects.get(pk=key)


@transaction.atomic
def post_many(
    postings: Iterable[Posting], *, company: Company, now: datetime, actor: Actor
) -> None:
    """Book many transactions of one company, in as many queries as one."""
    wanted = list(postings)
    enter(wanted)
    seal(wanted, company=company, now=now, actor=actor)


def enter(postings: Sequence[Posting]) -> None:
    """Write the entries of transactions that `seal` follows up in the same database transaction.

    Apart from it because entries are most of the rows, and nobody waits for them.
    """
    insert_values(Entry, ENTRY, [entry for posting in postings for entry in _entries(posting)])


def seal(
    postings: Sequence[Posting],
    *,
    company: Company,
    now: datetime,
    actor: Actor,
    memos: Sequence[str] | None = None,
) -> None:
    """Write the transactions whose entries are there, and move the balances.

    `memos`, one for each, where they were not known when the entries were written.
    """
    if not postings:
        return
    numbers = _take_sequence(len(postings))
    memos = memos or [posting.memo for posting in postings]
    insert_values(
        Transaction,
        TRANSACTION,
        [
            _sealed(posting, memo, company, number, now, actor)
            for posting, memo, number in zip(postings, memos, numbers, strict=True)
        ],
    )
    add_to_balances(_moved(postings, company))


@transaction.atomic
def reverse(
    original: Transaction, *, on: date, now: datetime, actor: Actor, memo: str = ""
) -> Transaction:
    """Book the opposite of a transaction, linked to it. Raises RuleError "already-reversed"."""
    if Transaction.objects.filter(reverses=original).exists():
        raise RuleError("already-reversed", transaction=original.sequence)
    legs = [
        Leg(entry.account, entry.customer_id, -entry.amount)
        for entry in original.entries.select_related("account").order_by("id")
    ]
    return post(
        company=original.company,
        currency=original.currency,
        kind=Transaction.Kind.REVERSAL,
        on=on,
        now=now,
        actor=actor,
        legs=legs,
        memo=memo or original.memo,
        document=original.document,
        reverses=original,
    )


def _leg(account: Account, customer: Customer | None, amount: Decimal) -> Leg:
    return Leg(account, None if customer is None else customer.id, amount)


def _entries(posting: Posting) -> list[tuple[Any, ...]]:
    legs = [leg for leg in posting.legs if leg.amount]
    if len(legs) < 2 or sum((leg.amount for leg in legs), ZERO) != 0:
        raise RuleError("transaction-not-zero", document=posting.document)
    return [(posting.id, leg.account.id, leg.customer_id, leg.amount) for leg in legs]


def _sealed(
    posting: Posting, memo: str, company: Company, sequence: int, now: datetime, actor: Actor
) -> tuple[Any, ...]:
    return (
        posting.id,
        sequence,
        company.id,
        posting.currency,
        str(posting.kind),
        posting.on,
        now,
        actor.name,
        memo[:250],
        posting.document,
        posting.reverses_id,
    )


def _take_sequence(count: int) -> list[int]:
    """The next numbers, in order and without waiting for anybody, so that a payment does not wait
    for a billing run; what is rolled back leaves a gap. SQLite has one writer at a time."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval('ledger_transaction_order') FROM generate_series(1, %s)", [count]
            )
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT COALESCE(MAX(sequence), 0) FROM ledger_transaction")
        (last,) = cursor.fetchone()
    return list(range(last + 1, last + 1 + count))


def _moved(postings: Sequence[Posting], company: Company) -> dict[Holder, Decimal]:
    moved: dict[Holder, Decimal] = defaultdict(Decimal)
    for posting in postings:
        for leg in posting.legs:
            if leg.customer_id is not None:
                moved[Holder(leg.customer_id, company.id, posting.currency)] += leg.amount
    return moved
