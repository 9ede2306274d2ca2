"""Sums that should be the same, told apart by the database: only those that differ come out."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from caudal.store.money import MoneyField

CHUNK = 200
LEFT_OVER = {"said": "amount", "kept": "-amount AS amount"}
APART = {"said": "amount AS said, 0 AS kept", "kept": "0 AS said, amount AS kept"}
Difference = tuple[tuple[Any, ...], Decimal, Decimal]
"""The key, what one side sums to, and what the other does."""


def differing(said: Sequence[QuerySet[Any]], kept: Sequence[QuerySet[Any]]) -> Iterator[Difference]:
    """Keys in order whose amounts differ; a key that one side lacks counts there as 0.

    Each queryset is a `values_list(*keys, amount)`, with the same keys on both sides. Adding up
    and comparing in one statement keeps a million rows out of this process.
    """
    sides = [(query, "said") for query in said] + [(query, "kept") for query in kept]
    compiled = [query.order_by().query.sql_with_params() for query, _ in sides]
    params = list(chain.from_iterable(params for _sql, params in compiled))
    names = ", ".join(f"k{at}" for at in range(len(_columns(sides[0][0])) - 1))
    tables = ", ".join(
        f"s{at} ({names}, amount) AS ({sql})" for at, (sql, _params) in enumerate(compiled)
    )

    def union(columns: dict[str, str]) -> str:
        return " UNION ALL ".join(
            f"SELECT {names}, {columns[side]} FROM s{at}" for at, (_query, side) in enumerate(sides)
        )

    with connection.cursor() as cursor:
        # One sum a key is enough to see that nothing differs, as nearly always.
        cursor.execute(
            f"WITH {tables} SELECT 1 FROM ({union(LEFT_OVER)}) AS amounts"
            f" GROUP BY {names} HAVING SUM(amount) <> 0 LIMIT 1",
            params,
        )
        if cursor.fetchone() is None:
            return
        cursor.execute(
            f"WITH {tables} SELECT {names}, SUM(said), SUM(kept) FROM ({union(APART)}) AS amounts"
            f" GROUP BY {names} HAVING SUM(said) <> SUM(kept) ORDER BY {names}",
            params,
        )
        while rows_read := cursor.fetchmany(CHUNK):
            for *key, one, other in rows_read:
                yield tuple(key), _amount(one), _amount(other)


def _columns(query: QuerySet[Any]) -> Sequence[Any]:
    columns = query.query.values_select
    return [*columns, *query.query.annotation_select]


def _amount(value: Any) -> Decimal:
    amount = MoneyField().from_db_value(value, None, connection)
    return Decimal(0) if amount is None else amount
