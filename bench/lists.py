"""The customers list and its search at 10,000 customers, whole page, beside Django's admin list."""

from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.report import Result, medians
from bench.rows import owner, provider

CUSTOMERS = 10_000
GOAL = 0.5
OURS, ADMIN = "/customers/", "/bench-admin/customers/customer/"
WHAT = {
    "customers list, first page": ("", ""),
    "customers list, sorted by name": ("?sort=name", "?o=2"),
    "search by name, two words": ("?q=nunez+12", "?q=N%C3%BA%C3%B1ez+12"),
    "search by part of the code": ("?q=00432", "?q=00432"),
    "filter by zone": ("?zone=3", "?zone__id__exact=3"),
}


def run() -> Iterator[Result]:
    provider(CUSTOMERS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(owner(), backend="caudal.apps.staff.backends.RoleBackend")
    for what, (ours, theirs) in WHAT.items():
        here, there = OURS + ours, ADMIN + theirs
        queries = _queries(client, here)
        times = medians(lambda url=here: _get(client, url), lambda url=there: _get(client, url))
        yield Result(what, *times, "Django admin, same rows", GOAL, f"{queries} queries")


def _get(client: Client, url: str) -> bytes:
    answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answered {answer.status_code}")
    return b"".join(answer) if answer.streaming else answer.content


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        _get(client, url)
    return len(captured)
