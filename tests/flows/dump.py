"""Rows as plain values: what "changes nothing" and "equal row by row" are measured by."""

from collections import Counter
from collections.abc import Container
from hashlib import md5
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

NO_MATTER = (
    "ledger.Account.code",
    "ledger.Transaction.document",
    "ledger.Transaction.sequence",
    "ledger.Verification",
    "customers.Service.revision",
    "customers.Zone.timezone",
    "billing.Invoice.run",
    "billing.PendingItem.origin_key",
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
    """The tables of money without instants, sorted, with keys replaced by what they point at.

    Two histories with the same rows are equal, whatever keys the database gave and in whatever
    order it wrote. `leave_out` names tables (`billing.Parked`) or columns (`billing.Invoice.run`).
    """
    contents = _Contents({*NO_MATTER, *leave_out})
    return {
        model._meta.label: sorted(contents.rows_of(model), key=repr)
        for model in _models()
        if _is_money(model, contents.left_out)
    }


def differences(before: Rows, after: Rows) -> list[str]:
    """For each table that differs, how many rows do and the first of them; empty if none does."""
    names = sorted(before.keys() | after.keys())
    found = {name: _difference(before.get(name, []), after.get(name, [])) for name in names}
    return [f"{name}: {difference}" for name, difference in found.items() if difference]


def _difference(old: list[tuple[Any, ...]], new: list[tuple[Any, ...]]) -> str:
    if old == new:
        return ""
    lost, gained = Counter(map(repr, old)), Counter(map(repr, new))
    gone, come = sorted(lost - gained), sorted(gained - lost)
    sizes = f"{len(old)} and {len(new)} rows, {len(gone)} and {len(come)} of them unlike"
    return f"{sizes}; without {gone[:1]}, but with {come[:1]}"


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


class _Contents:
    """Rows told by their values alone; a key becomes a digest of the row that it points at."""

    def __init__(self, left_out: Container[str]) -> None:
        self.left_out = left_out
        self._raw: dict[type[Model], dict[Any, tuple[Any, ...]]] = {}
        self._told: dict[tuple[type[Model], Any], tuple[Any, ...]] = {}

    def rows_of(self, model: type[Model]) -> list[tuple[Any, ...]]:
        return [self._row(model, key) for key in self._read(model)]

    def _row(self, model: type[Model], key: Any) -> tuple[Any, ...]:
        if (model, key) not in self._told:
            raw = zip(self._columns(model), self._read(model)[key], strict=True)
            self._told[model, key] = tuple(self._value(field, value) for field, value in raw)
        return self._told[model, key]

    def _value(self, field: Any, value: Any) -> Any:
        target = _target(field)
        if target is None or value is None:
            return value
        row = repr(self._row(target, value)).encode()
        return f"{target._meta.object_name}:{md5(row, usedforsecurity=False).hexdigest()[:12]}"

    def _read(self, model: type[Model]) -> dict[Any, tuple[Any, ...]]:
        if model not in self._raw:
            names = [field.attname for field in self._columns(model)]
            rows = model._base_manager.values_list("pk", *names)
            self._raw[model] = {row[0]: row[1:] for row in rows.iterator(chunk_size=5000)}
        return self._raw[model]

    def _columns(self, model: type[Model]) -> list[Any]:
        return [field for field in _fields(model) if self._counts(model, field)]

    def _counts(self, model: type[Model], field: Any) -> bool:
        if isinstance(field, DateTimeField) or f"{model._meta.label}.{field.name}" in self.left_out:
            return False
        return not field.primary_key or isinstance(field, ForeignKey)


def _target(field: "Field[Any, Any]") -> Any:
    return field.related_model if isinstance(field, ForeignKey) else None


def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if isinstance(field, Field)]


def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in _fields(model)]
