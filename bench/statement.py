"""The statement of ten years beside the bare SQL of its rows."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import connection

from bench.report import Result, medians
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer, Zone
from caudal.apps.ledger.actions import RECEIVABLE, Chart, Leg, Posting, post_many
from caudal.apps.ledger.models import Account, Transaction
from caudal.apps.ledger.reads import statement
from caudal.apps.staff.actor import Actor

CUSTOMERS, MONTHS, GOAL = 300, 120, 5.0
NOW = datetime(2026, 6, 1, 18, 0, tzinfo=UTC)
PRICE = Decimal(300)

ROWS = """
    SELECT t."on", t.sequence, t.kind, t.memo, t.document, e.amount
    FROM ledger_entry e JOIN ledger_transaction t ON t.id = e.transaction_id
    WHERE e.customer_id = %s AND t.company_id = %s AND t.currency = 'MXN'
    ORDER BY t."on", t.sequence, e.id
"""


def run() -> Iterator[Result]:
    company = Company.objects.create(name="Red de diez años", currency="MXN")
    people = _people(company)
    _post(company, people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    customer = people[CUSTOMERS // 2]
    rows = len(statement(customer, company, "MXN").rows)

    def ours() -> object:
        return statement(customer, company, "MXN")

    def bare() -> object:
        with connection.cursor() as cursor:
            cursor.execute(ROWS, [customer.pk, company.pk])
            return cursor.fetchall()

    times = medians(ours, bare, rounds=60)
    what = f"statement of 10 years, {rows} rows of {rows * CUSTOMERS:,}"
    yield Result(what, *times, "bare SQL of its rows", GOAL)


def _people(company: Company) -> list[Customer]:
    zone = Zone.objects.create(name="Zona de diez años", company=company)
    return Customer.objects.bulk_create(
        Customer(
            code=f"T{n:05d}", name=f"Cliente {n}", zone=zone, company=company, address="-",
            registered_on=date(2016, 1, 1), created_at=NOW, updated_at=NOW,
        )
        for n in range(CUSTOMERS)
    )  # fmt: skip


def _post(company: Company, people: list[Customer]) -> None:
    """An invoice and its payment every month, month by month as life has it."""
    chart, actor = Chart(company), Actor.system("bench")
    owed = chart.account(*RECEIVABLE, "MXN")
    earned = chart.account(Account.Kind.REVENUE, "plan", "MXN")
    cash = chart.account(Account.Kind.CASH, "caja", "MXN")
    for month in range(MONTHS):
        year, at = 2016 + month // 12, month % 12 + 1
        postings = []
        for n, customer in enumerate(people):
            key = month * CUSTOMERS + n
            for kind, day, other, amount in (
                (Transaction.Kind.INVOICE, 1, earned, PRICE),
                (Transaction.Kind.PAYMENT, 5, cash, -PRICE),
            ):
                legs = [Leg(owed, customer.pk, amount), Leg(other, None, -amount)]
                on, document = date(year, at, day), f"{kind.value}:{key}"
                postings.append(Posting("MXN", kind.value, on, legs, f"A-{key}", document))
        post_many(postings, company=company, now=NOW, actor=actor)
