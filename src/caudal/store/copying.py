"""The rows of a query as CSV, written by the database itself where it can."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction

BLOCK = 64 * 1024
"""Bytes that are handed on together."""


def can_copy() -> bool:
    """Whether the database writes CSV: PostgreSQL does."""
    return connection.vendor == "postgresql"


def copy_csv(statement: str, params: Sequence[Any]) -> Iterator[tuple[int, bytes]]:
    """(rows, bytes) of the query's rows as CSV without a header, some kilobytes at a time.

    Nothing of it is kept, so length costs no memory. What is NULL is an empty cell. The rows are
    those of one moment. Only where `can_copy`.
    """
    # Compiling a hundred expressions to machine code costs more than they do.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        query = f"COPY ({statement}) TO STDOUT (FORMAT csv)"
        with connection.wrap_database_errors, cursor.copy(query, params) as copy:
            yield from _blocks(copy)


def _blocks(copy: Any) -> Iterator[tuple[int, bytes]]:
    waiting: list[bytes] = []
    size = 0
    for row in copy:
        waiting.append(bytes(row))
        size += len(row)
        if size >= BLOCK:
            yield len(waiting), b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield len(waiting), b"".join(waiting)
