"""The report of churn over three years of 100,000 customers, whole page, signed in."""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.db import connection
from django.db.models import F
from django.test import Client

from bench.report import Result, timed
from bench.rows import NOW, owner, provider
from caudal.apps.customers.models import Service, Suspension
from caudal.store.bulk import insert

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "100000"))
SMALL = 5_000
"""On SQLite."""
GOAL = 1.0
FIRST = date(2023, 8, 1)
DAYS = 1_000
REASONS = ("Se mudó", "Precio", "Mal servicio", "Competencia", "")
PAGES = {
    "churn, 12 months by plan": "",
    "churn, 36 months by zone": "?first=2023-08&by=zone",
    "churn, 36 months by seller": "?first=2023-08&by=seller",
}


def run() -> Iterator[Result]:
    provider(CUSTOMERS if connection.vendor == "postgresql" else SMALL)
    suspended = _past()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(owner(), backend="caudal.apps.staff.backends.RoleBackend")
    note = f"{Service.objects.count():,} services, {suspended:,} suspensions"
    for what, query in PAGES.items():
        times = sorted(timed(partial(_get, client, query)) for _ in range(5))
        yield Result(what, times[2], 1.0, "a second", GOAL, note)


def _past() -> int:
    """One in five has left; each was suspended three times on average."""
    for start in range(0, DAYS, 10):
        rows = Service.objects.annotate(slot=F("id") % DAYS)
        day = FIRST + timedelta(days=start)
        rows.filter(slot__range=(start, start + 9)).update(started_on=day)
        gone = rows.annotate(fifth=F("id") % 5).filter(slot__range=(start, start + 9), fifth=0)
        gone.update(
            state="cancelled",
            cancelled_on=day + timedelta(days=60 + start // 20),
            cancel_reason=REASONS[start // 10 % 5],
        )
    keys = list(Service.objects.values_list("pk", "started_on"))
    made = [
        Suspension(
            service_id=key, reason="unpaid", opened_at=NOW, opened_by="bench", closed_at=NOW,
            opened_on=began + timedelta(days=30 * turn + key % 28),
        )
        for key, began in keys
        for turn in range(1, key % 6 + 1)
    ]  # fmt: skip
    for at in range(0, len(made), 5_000):
        insert(made[at : at + 5_000])
    return len(made)


def _get(client: Client, query: str) -> None:
    answer = client.get(f"/reports/churn/{query}")
    if answer.status_code != 200:
        raise RuntimeError(f"{query} answered {answer.status_code}")
