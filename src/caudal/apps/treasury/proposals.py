"""Whose the money of bank lines may be: candidates found by a few questions for many lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Contact, Customer
from caudal.apps.customers.search import matching
from caudal.apps.ledger.models import Balance
from caudal.apps.payments.models import Method, Payment
from caudal.apps.treasury.models import Assignment, BankLine
from caudal.core.matching import (
    PHONE_DIGITS,
    Arrival,
    OpenInvoice,
    Person,
    Proposal,
    Registered,
    judge,
    link,
    name_words,
    rank,
    tokens,
)

SHOWN = 5
"""Proposals kept per line."""
MANY = 30
"""Where more customers than this owe one amount it tells nobody apart."""
NAMESAKES = 20
DAYS_APART = 4
"""How long after being written down a transfer may still turn up at the bank, or before."""
NO_TRANSFER = (Method.CASH, Method.GATEWAY)


def arrival_of(line: BankLine) -> Arrival:
    return Arrival(line.amount, line.text, line.reference, line.payer, line.payer_account)


def proposals(lines: Sequence[BankLine]) -> dict[int, list[Proposal]]:
    """The best proposals of each line by its key, best first. Lines of one account."""
    if not lines:
        return {}
    company = lines[0].account.company
    arrivals = {line.pk: arrival_of(line) for line in lines}
    wanted = _wanted(arrivals.values())
    ids = set(_by_code(company, wanted)) | set(_by_amount(company, wanted.amounts))
    registered = _registered(company, lines)
    ids |= {each.person for found in registered.values() for each in found}
    ids |= set(_known_payers(lines))
    namesakes = {pk: _namesakes(company, arrival) for pk, arrival in arrivals.items()}
    ids |= {customer for found in namesakes.values() for customer in found}
    people = _people(company, ids)
    return {pk: _best(arrival, people, registered.get(pk, [])) for pk, arrival in arrivals.items()}


@dataclass(slots=True)
class _Wanted:
    """What all the lines together say, to be asked for once."""

    spellings: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    amounts: set[Decimal] = field(default_factory=set)


def _wanted(arrivals: Iterable[Arrival]) -> _Wanted:
    found = _Wanted()
    for arrival in arrivals:
        words = tokens(arrival)
        typed = f"{arrival.text} {arrival.reference} {arrival.payer}".split()
        found.spellings |= {*words, *(word.upper() for word in words), *typed}
        found.numbers |= {int(tail) for word in words if 0 < len(tail := _tail(word)) < 10}
        found.phones |= {w for w in words if w.isdigit() and PHONE_DIGITS <= len(w) <= 15}
        found.amounts.add(arrival.amount)
    return found


def _tail(word: str) -> str:
    """The number at the end of "a102"."""
    return word[len(word.rstrip("0123456789")) :]


def _best(
    arrival: Arrival, people: dict[int, Person], registered: Sequence[Registered]
) -> list[Proposal]:
    judged = {pk: judge(arrival, person) for pk, person in people.items()}
    links = [link(arrival, each, judged.get(each.person)) for each in registered]
    return rank([*links, *(each for each in judged.values() if each is not None)])[:SHOWN]


def _customers(company: Company) -> "QuerySet[Customer]":
    return Customer.objects.filter(company=company, archived_at=None)


def _by_code(company: Company, wanted: _Wanted) -> Iterable[int]:
    said = Q(code__in=wanted.spellings) | Q(electronic_payment_code__in=wanted.spellings)
    said |= Q(document_key__in=wanted.spellings - {""})
    yield from _customers(company).filter(said).values_list("pk", flat=True)
    open_ones = Invoice.objects.unpaid().filter(company=company, number__in=wanted.numbers)
    yield from open_ones.values_list("customer_id", flat=True)
    ending = Q()
    for phone in wanted.phones:
        ending |= Q(value__endswith=phone[-PHONE_DIGITS:])
    if ending:
        contacts = Contact.objects.filter(ending, kind=Contact.Kind.PHONE)
        yield from contacts.values_list("customer_id", flat=True)


def _by_amount(company: Company, amounts: set[Decimal]) -> Iterable[int]:
    """Those who owe exactly that, where it tells them apart."""
    owing = Balance.objects.filter(company=company, currency=company.currency, amount__in=amounts)
    yield from _few(owing, "amount")
    invoices = Invoice.objects.unpaid().filter(
        company=company, currency=company.currency, remaining__in=amounts
    )
    yield from _few(invoices, "remaining")


def _few(rows: "QuerySet[Balance] | QuerySet[Invoice]", column: str) -> Iterable[int]:
    counted = rows.order_by().values(column).annotate(count=Count("customer_id"))
    telling = [row[column] for row in counted if row["count"] <= MANY]
    if telling:
        yield from rows.filter(**{f"{column}__in": telling}).values_list("customer_id", flat=True)


def _namesakes(company: Company, arrival: Arrival) -> list[int]:
    """Customers who have the two longest words of the payer's name."""
    words = name_words(arrival)[:2]
    if len(words) < 2:
        return []
    found = _customers(company).filter(matching(" ".join(words)))
    return list(found.values_list("pk", flat=True)[:NAMESAKES])


def _known_payers(lines: Sequence[BankLine]) -> Iterable[int]:
    accounts = {line.payer_account for line in lines if line.payer_account}
    if accounts:
        before = Assignment.objects.filter(undone_at=None, line__payer_account__in=accounts)
        yield from before.values_list("customer_id", flat=True)


def _registered(company: Company, lines: Sequence[BankLine]) -> dict[int, list[Registered]]:
    """Per line, payments of its amount and about its day that no line has been linked to."""
    first = min(line.on for line in lines) - timedelta(days=DAYS_APART)
    last = max(line.on for line in lines) + timedelta(days=DAYS_APART + 1)
    linked = Assignment.objects.filter(payment=OuterRef("pk"), undone_at=None)
    rows = Payment.objects.filter(
        ~Exists(linked),
        company=company,
        deleted_at=None,
        amount__in={line.amount for line in lines},
        paid_at__date__gte=first,
        paid_at__date__lte=last,
    ).exclude(method__in=NO_TRANSFER)
    by_amount = defaultdict(list)
    for row in rows:
        by_amount[row.amount].append(row)
    found: dict[int, list[Registered]] = {}
    for line in lines:
        near = [(abs((row.paid_at.date() - line.on).days), row) for row in by_amount[line.amount]]
        found[line.pk] = [
            Registered(row.pk, row.customer_id, str(row), row.reference, days)
            for days, row in near
            if days <= DAYS_APART
        ]
    return found


def _people(company: Company, ids: Iterable[int]) -> dict[int, Person]:
    """The customers with what tells them apart, in five questions however many they are."""
    rows = list(_customers(company).filter(pk__in=set(ids)))
    invoices: dict[int, list[OpenInvoice]] = defaultdict(list)
    unpaid = Invoice.objects.unpaid().filter(
        customer__in=rows, company=company, currency=company.currency
    )
    for invoice in unpaid.order_by("due", "id"):
        invoices[invoice.customer_id].append(
            OpenInvoice(invoice.pk, invoice.label, invoice.remaining)
        )
    phones = _grouped(
        Contact.objects.filter(customer__in=rows, kind=Contact.Kind.PHONE).values_list(
            "customer_id", "value"
        )
    )
    payers = _grouped(
        Assignment.objects.filter(customer__in=rows, undone_at=None)
        .exclude(line__payer_account="")
        .values_list("customer_id", "line__payer_account")
    )
    debts = dict(
        Balance.objects.filter(
            customer__in=rows, company=company, currency=company.currency
        ).values_list("customer_id", "amount")
    )
    return {
        row.pk: Person(
            id=row.pk,
            name=row.name,
            code=row.code,
            electronic_code=row.electronic_payment_code,
            document=row.document_key,
            phones=tuple(phones[row.pk]),
            payer_accounts=tuple(payers[row.pk]),
            debt=debts.get(row.pk, Decimal(0)),
            invoices=tuple(invoices[row.pk]),
        )
        for row in rows
    }


def _grouped(pairs: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for pk, value in pairs:
        found[pk].add(value)
    return found
