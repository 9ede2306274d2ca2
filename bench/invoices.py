"""The invoice run of 10,000 customers beside a raw INSERT ... SELECT of the same rows."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from django.db import connection

from bench.report import Result, timed
from bench.rows import provider
from caudal.apps.billing.creation import create_invoices
from caudal.apps.billing.models import Invoice

CUSTOMERS = 10_000
GOAL = 4.0
NOW = datetime(2026, 6, 28, 13, 0, tzinfo=UTC)
ROWS = (
    "billing_invoice",
    "billing_invoiceline",
    "billing_invoicetax",
    "billing_billedperiod",
    "ledger_entry",
    "ledger_transaction",
    "ledger_balance",
)


def run() -> Iterator[Result]:
    provider(CUSTOMERS)
    ours = timed(lambda: create_invoices(date(2026, 6, 28), NOW))
    made = Invoice.objects.count()
    if made != CUSTOMERS:
        raise RuntimeError(f"{made} invoices were made of {CUSTOMERS}")
    _make_copies()
    peer = timed(_copy_rows)
    again = timed(lambda: create_invoices(date(2026, 6, 28), NOW))
    yield Result("invoice run, 10,000 customers", ours, peer, "raw INSERT ... SELECT", GOAL)
    yield Result("the same run again, nothing to do", again, ours, "the full run", 0.1)


def _make_copies() -> None:
    """Empty tables like the real ones: columns, checks, indexes and foreign keys."""
    with connection.cursor() as cursor:
        for table in ROWS:
            cursor.execute(f"CREATE TABLE copy_{table} (LIKE {table} INCLUDING ALL)")
            cursor.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conrelid = %s::regclass AND contype = 'f'",
                [table],
            )
            for (definition,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE copy_{table} ADD {definition}")


def _copy_rows() -> None:
    with connection.cursor() as cursor:
        for table in ROWS:
            cursor.execute(f"INSERT INTO copy_{table} SELECT * FROM {table}")
