"""Rows as plain values: what "changes nothing" and "equal row by row" are measured by."""

from collections.abc import Container
from itertools import zip_longest
from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, Field, ForeignKey, Model

Rows = dict[str, list[tuple[Any, ...]]]

NOT_OURS = ("clock", "joblog")
"""Rooms whose rows tell when jobs ran, not what they did."""

MONEY = ("billing", "ledger", "payments", "dunning")
"""Rooms whose every table is compared row by row ..."""

BESIDE_MONEY = ("catalog.Series", "customers.Service", "customers.Suspension", "customers.Stay",
                "customers.OwnCalendar", "customers.CalendarChange")  # fmt: skip
"""... and the tables beside them that billing moves."""

ORDER = {"ledger.Transaction": "sequence"}
"""Tables whose key does not tell which row came first."""

NO_MATTER = (
    "ledger.Account.code",
    "ledger.Transaction.document",
    "ledger.Transaction.sequence",
    "ledger.Verification",
    "customers.Service.revision",
    "billing.Invoice.run",
)
"""Values made of keys, counters with gaps, and what people asked for on a screen."""


def dump() -> Rows:
    """All rows of all tables of the product as they are, each table in the order of its keys."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list(*_names(model)))
        for model in _models()
        if model._meta.app_label not in NOT_OURS
    }


def money_rows(leave_out: tuple[str, ...] = ()) -> Rows:
    """The tables of money with keys replaced by positions and without instants.

    Two histories with the same rows in the same order are equal, whatever keys the database gave.
    `leave_out` names tables (`billing.Parked`) or columns (`customers.Suspension.opened_on`).
    """
    left_out = {*NO_MATTER, *leave_out}
    models = [model for model in _models() if _is_money(model, left_out)]
    positions = {model: _positions(model) for model in _models()}
    return {model._meta.label: _canonical(model, positions, left_out) for model in models}


def differences(before: Rows, after: Rows) -> list[str]:
    """For each table that differs, how many rows do and the first of them; empty if none does."""
    names = sorted(before.keys() | after.keys())
    found = {name: _difference(before.get(name, []), after.get(name, [])) for name in names}
    return [f"{name}: {difference}" for name, difference in found.items() if difference]


def _difference(old: list[tuple[Any, ...]], new: list[tuple[Any, ...]]) -> str:
    unlike = [pair for pair in zip_longest(old, new) if pair[0] != pair[1]]
    if not unlike:
        return ""
    was, now = unlike[0]
    return f"{len(old)} and {len(new)} rows, {len(unlike)} differ; first {was} became {now}"


def _models() -> list[type[Model]]:
    ours = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("caudal.")
    ]
    return sorted(ours, key=lambda model: model._meta.label)


def _is_money(model: type[Model], left_out: Container[str]) -> bool:
    meta = model._meta
    return (meta.app_label in MONEY or meta.label in BESIDE_MONEY) and meta.label not in left_out


def _positions(model: type[Model]) -> dict[Any, int]:
    ordered = model._base_manager.order_by(ORDER.get(model._meta.label, "pk"))
    return {key: at for at, key in enumerate(ordered.values_list("pk", flat=True), start=1)}


def _canonical(
    model: type[Model], positions: dict[type[Model], dict[Any, int]], left_out: Container[str]
) -> list[tuple[Any, ...]]:
    fields = [field for field in _fields(model) if _counts(model, field, left_out)]
    ordered = model._base_manager.order_by(ORDER.get(model._meta.label, "pk"))
    rows = ordered.values_list(*[field.attname for field in fields])
    keys = [positions.get(_target(field)) for field in fields]
    return [
        tuple(
            value if known is None else known.get(value)
            for value, known in zip(row, keys, strict=True)
        )
        for row in rows.iterator(chunk_size=5000)
    ]


def _counts(model: type[Model], field: "Field[Any, Any]", left_out: Container[str]) -> bool:
    if isinstance(field, DateTimeField) or f"{model._meta.label}.{field.name}" in left_out:
        return False
    return not field.primary_key or isinstance(field, ForeignKey)


def _target(field: "Field[Any, Any]") -> Any:
    return field.related_model if isinstance(field, ForeignKey) else None


def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if isinstance(field, Field)]


def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in _fields(model)]
