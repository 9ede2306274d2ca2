"""Rows that stand in the order that people gave them, by their column `position`."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def move(rows: Iterable[Row], row: Row, steps: int) -> list[Row]:
    """All `rows` in their new order, written: `row` that many places later, or earlier below 0."""
    order: list[Any] = list(rows)
    at = order.index(row)
    order.insert(min(max(at + steps, 0), len(order) - 1), order.pop(at))
    for position, each in enumerate(order, start=1):
        each.position = position
    type(row)._default_manager.bulk_update(order, ["position"])
    return order
