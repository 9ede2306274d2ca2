"""Every row of the product as plain values: what "changes nothing" is measured by."""

from collections.abc import Container
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

Rows = dict[str, list[tuple[Any, ...]]]

NOT_OURS = ("clock", "joblog")
"""Rooms whose rows tell when jobs ran, not what they did."""


def tables(leave_out: Container[str] = ()) -> list[type[Model]]:
    """The tables of the product, by name."""
    ours = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("caudal.")
        and model._meta.app_label not in NOT_OURS
        and model._meta.label not in leave_out
    ]
    return sorted(ours, key=lambda model: model._meta.label)


def dump(leave_out: Container[str] = ()) -> Rows:
    """All rows of all tables, each table in the order of its keys."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list(*_names(model)))
        for model in tables(leave_out)
    }


def differences(before: Rows, after: Rows) -> list[str]:
    """One sentence per row that is in one dump alone; empty where they are equal."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, []), after.get(name, [])
        found += [f"{name} lost {row}" for row in old if row not in new]
        found += [f"{name} gained {row}" for row in new if row not in old]
    return found


def _names(model: type[Model]) -> list[str]:
    fields = [field for field in model._meta.concrete_fields if isinstance(field, Field)]
    return [field.attname for field in fields]
