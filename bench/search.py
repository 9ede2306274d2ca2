"""The search everywhere, all rooms at once, beside Django admin's search of customers alone."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.lists import ADMIN, ADMIN_SEARCHES, CUSTOMERS, SEARCH_GOAL, SEARCHES, SMALL
from bench.report import Result, medians
from bench.rows import NOW, owner, provider
from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Customer
from caudal.apps.network.models import Connection

OURS = "/search/"
PALETTE = {"HX-Request": "true"}
ELSEWHERE = {"invoice or receipt number": "4321", "reference": "REF-0004321", "nothing": "zzqqzz"}


def run() -> Iterator[Result]:
    provider(CUSTOMERS if connection.vendor == "postgresql" else SMALL)
    _invoices()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(owner(), backend="caudal.apps.staff.backends.RoleBackend")
    mac = str(Connection.objects.order_by("pk").values_list("mac", flat=True)[4321])
    for key, words in (SEARCHES | ELSEWHERE).items():
        words = words or mac
        there = {"q": ADMIN_SEARCHES.get(key, words)}
        times = medians(
            lambda q=words: _ask(client, q), lambda data=there: client.get(ADMIN, data).content, 7
        )
        with CaptureQueriesContext(connection) as captured:
            _ask(client, words)
        note = f"{len(captured)} queries"
        yield Result(
            f"search everywhere, {key}", *times, "Django admin's search", SEARCH_GOAL, note
        )


def _invoices() -> None:
    """One for each customer, so that a number is looked for among many."""
    day = NOW.date()
    rows = (
        Invoice(
            company_id=company, customer_id=customer, number=number, emission=day, due=day,
            created_at=NOW, created_by="bench", currency="MXN", net=Decimal(250),
            total=Decimal(250), remaining=Decimal(0), state="paid", customer_name=name,
        )
        for number, (customer, company, name) in enumerate(
            Customer.objects.values_list("pk", "company", "name").iterator(), start=1
        )
    )  # fmt: skip
    while batch := list(islice(rows, 5_000)):
        Invoice.objects.bulk_create(batch)


def _ask(client: Client, words: str) -> bytes:
    answer = client.get(OURS, {"q": words}, headers=PALETTE)
    if answer.status_code != 200:
        raise RuntimeError(f"{words} answered {answer.status_code}")
    return answer.content
