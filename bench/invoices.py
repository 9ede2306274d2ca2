"""Billing runs of 10,000 and 100,000 customers beside a raw INSERT ... SELECT of the same rows."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection

from bench import provider
from bench.report import Result, timed
from caudal.apps.billing.models import Invoice
from caudal.apps.dunning.cuts import candidates

SMALL, LARGE = 10_000, 100_000
SMALL_DAY, LARGE_DAY = date(2026, 6, 27), date(2026, 6, 28)
GOAL, GROWTH, IDLE, MEMORY = 2.0, 12.0, 0.1, 200.0
MARKED = {
    "billing_invoice": "id",
    "billing_invoiceline": "id",
    "billing_invoicetax": "id",
    "billing_billedperiod": "id",
    "billing_productcharge": "id",
    "billing_latefee": "id",
    "billing_application": "id",
    "ledger_entry": "id",
    "ledger_transaction": "sequence",
}
"""Tables that a run fills, and the column by which its rows are told from those before it."""


def run() -> Iterator[Result]:
    provider.create(SMALL, SMALL_DAY.day)
    provider.create(LARGE, LARGE_DAY.day)
    _sql("ANALYZE")
    small = _Measured(SMALL_DAY, SMALL)
    yield small.ratio()
    large = _Measured(LARGE_DAY, LARGE)
    yield large.ratio()
    yield Result("100,000 invoices beside 10,000", large.seconds, small.seconds, "10,000", GROWTH)
    yield Result(
        "memory of the worker, 100,000 invoices", large.mib, MEMORY, "200 MiB", 1, unit="MiB"
    )
    again, _ = worker(LARGE_DAY)
    yield Result("the same run again, nothing to do", again, large.seconds, "the full run", IDLE)
    _sql("ANALYZE")
    cut = timed(lambda: list(candidates(LARGE_DAY + timedelta(days=1)).values_list("pk")))
    yield Result("who is to be cut, 100,000 customers", cut, large.seconds, "the full run", IDLE)


class _Measured:
    """One run in a worker of its own, then the same rows copied by the database alone."""

    def __init__(self, day: date, customers: int) -> None:
        marks = {table: _number(f"SELECT MAX({by}) FROM {table}") for table, by in MARKED.items()}
        before = Invoice.objects.count()
        self.customers = customers
        self.seconds, self.mib = worker(day)
        made = Invoice.objects.count() - before
        if made != customers:
            raise RuntimeError(f"{made} invoices were made of {customers}")
        for table in [*MARKED, "ledger_balance"]:
            _make_copy(table)
        self.peer = timed(lambda: _copy_rows(marks, day))

    def ratio(self) -> Result:
        what = f"invoice run, {self.customers:,} customers"
        return Result(what, self.seconds, self.peer, "raw INSERT ... SELECT", GOAL)


def worker(day: date) -> tuple[float, float]:
    """Seconds and MiB of a run on the database of this benchmark, in a process of its own."""
    out, _ = (going := start_worker(day)).communicate()
    if going.returncode:
        raise RuntimeError(f"the run of {day} failed")
    said = json.loads(out.splitlines()[-1])
    return said["seconds"], said["mib"]


def start_worker(day: date) -> "subprocess.Popen[str]":
    base, _, _options = os.environ["DATABASE_URL"].partition("?")
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].replace(base, base.rpartition("/")[0] + f"/{name}", 1)
    return subprocess.Popen(
        [sys.executable, "-m", "bench.worker", day.isoformat()],
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
    )


def _make_copy(table: str) -> None:
    """An empty table like the real one: columns, checks, indexes and foreign keys."""
    _sql(f"DROP TABLE IF EXISTS copy_{table}")
    _sql(f"CREATE TABLE copy_{table} (LIKE {table} INCLUDING ALL)")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
        for (definition,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE copy_{table} ADD {definition}")


def _copy_rows(marks: dict[str, int], day: date) -> None:
    for table, by in MARKED.items():
        _sql(f"INSERT INTO copy_{table} SELECT * FROM {table} WHERE {by} > %s", [marks[table]])
    _sql(
        "INSERT INTO copy_ledger_balance SELECT balance.* FROM ledger_balance balance"
        " WHERE customer_id IN (SELECT customer_id FROM billing_invoice WHERE emission = %s)",
        [day],
    )


def _number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] or 0


def _sql(statement: str, params: list[object] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
