"""Balances, moved by the transaction that posts, in one statement and in a fixed order of rows."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection

from caudal.apps.ledger.models import Balance

INSERT = "INSERT INTO ledger_balance (customer_id, company_id, currency, amount)"
ARRAYS = "unnest(%s::bigint[], %s::bigint[], %s::text[], %s::numeric[])"
ADD = (
    "ON CONFLICT (customer_id, company_id, currency)"
    " DO UPDATE SET amount = ledger_balance.amount + excluded.amount"
)
AT_ONCE = 1000
"""Rows per statement: SQLite takes some ten thousand parameters, not more."""


class Holder(NamedTuple):
    """Whose balance: it is kept per customer, company and currency (MON-1)."""

    customer_id: int
    company_id: int
    currency: str


def add_to_balances(moved: Mapping[Holder, Decimal]) -> None:
    """Add to each balance, making those that are missing.

    One upsert adds without reading first, so two workers cannot lose each other's amounts; rows go
    in order, so they cannot wait for each other in a circle.
    """
    field = Balance._meta.get_field("amount")
    rows: list[tuple[Any, ...]] = [
        (*holder, field.get_db_prep_save(amount, connection))
        for holder, amount in sorted(moved.items())
        if amount
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{INSERT} SELECT * FROM {ARRAYS} {ADD}", _arrays(rows))
            return
        for at in range(0, len(rows), AT_ONCE):
            some = rows[at : at + AT_ONCE]
            values = ", ".join(["(%s, %s, %s, %s)"] * len(some))
            cursor.execute(f"{INSERT} VALUES {values} {ADD}", list(chain.from_iterable(some)))


def _arrays(rows: list[tuple[Any, ...]]) -> list[str]:
    """Each column as the text of an array: the driver looks at each item of a list."""
    columns = list(zip(*rows, strict=True)) or [()] * 4
    return [f"{{{','.join(map(str, column))}}}" for column in columns]
