"""Thousands of rows of one model as objects, without the work of Django's constructor."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=Model)


def fetch(rows: QuerySet[Row], *names: str) -> list[Row]:
    """The rows in their order, as `only(*names)` gives them, four times as fast.

    `names` are attnames (`company_id`) with the key, and annotations; none means all columns. What
    is left out is read from the database when somebody asks for it.
    """
    model: type[Row] = rows.model
    wanted = names or tuple(field.attname for field in model._meta.concrete_fields)
    return [
        _row(model, dict(zip(wanted, values, strict=True)), rows.db, False)
        for values in rows.values_list(*wanted)
    ]


def new(model: type[Row], **values: Any) -> Row:
    """`model(**values)` by attnames, for a row that `store.bulk` inserts: three times as fast."""
    constants, made = _defaults(model)
    known = constants | {name: make() for name, make in made if name not in values}
    return _row(model, known | values, None, True)


def _row(model: type[Row], values: dict[str, Any], db: str | None, adding: bool) -> Row:
    row = model.__new__(model)
    state = ModelState()
    state.db, state.adding = db, adding
    values["_state"] = state
    row.__dict__ = values
    return row


@cache
def _defaults(model: type[Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """By attname what a new row has: values that are always the same, and what makes the others."""
    constants: dict[str, Any] = {}
    made: list[tuple[str, Callable[[], Any]]] = []
    for field in model._meta.concrete_fields:
        if callable(field.default):
            made.append((field.attname, field.get_default))
        else:
            constants[field.attname] = field.get_default()
    return constants, made
