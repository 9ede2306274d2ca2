"""The operator's own fields and tags in the customers list: as columns, and as filters."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.fields import say
from caudal.apps.customers.filters import ANY, Condition
from caudal.apps.customers.models import (
    LISTED,
    CustomField,
    FieldKind,
    FieldValue,
)
from caudal.core.text import digits, fold
from caudal.store.money import money
from caudal.web.decimals import TypedDecimal

PREFIX = "cf_"
NONE = "none"
"""Asks for customers without an answer."""
RANGES = frozenset({FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE})
NUMBERS = frozenset({FieldKind.NUMBER, FieldKind.MONEY})


def is_custom(name: str) -> bool:
    """Whether a name of an address may speak of one of these fields."""
    return name.startswith(PREFIX)


def filters_of(fields: Iterable[CustomField]) -> dict[str, tuple[forms.Field, Condition]]:
    """Name in the address -> the input and what its value asks of a customer."""
    found: dict[str, tuple[forms.Field, Condition]] = {}
    for field in fields:
        found |= _filters(field)
    return found


def _filters(field: CustomField) -> dict[str, tuple[forms.Field, Condition]]:
    name = f"{PREFIX}{field.code}"
    if field.kind in RANGES:
        from_, until = _("%(field)s from"), _("%(field)s until")
        return {
            f"{name}__from": (_bound(field, from_), _beyond(field, "gte")),
            f"{name}__to": (_bound(field, until), _beyond(field, "lte")),
        }
    if field.kind in LISTED:
        answers = [(str(choice.pk), choice.name) for choice in field.choices.all()]
        choices = [ANY, *answers, (NONE, _("Without an answer"))]
        return {name: (_choice(field, choices), _chosen(field))}
    if field.kind == FieldKind.YES_NO:
        choices = [ANY, ("yes", _("Yes")), ("no", _("No")), (NONE, _("Without an answer"))]
        return {name: (_choice(field, choices), _answered(field))}
    text = forms.CharField(label=field.name, required=False, max_length=120)
    return {name: (text, _holding(field))}


def _bound(field: CustomField, label: Any) -> forms.Field:
    options = {"label": label % {"field": field.name}, "required": False}
    if field.kind in NUMBERS:
        return TypedDecimal(max_digits=12, decimal_places=4, **options)
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **options)


def _choice(field: CustomField, choices: list[Any]) -> forms.Field:
    return forms.ChoiceField(label=field.name, required=False, choices=choices)


def _having(field: CustomField, **which: Any) -> Exists:
    return Exists(FieldValue.objects.filter(customer=OuterRef("pk"), field=field, **which))


def _beyond(field: CustomField, comparison: str) -> Condition:
    column = "number" if field.kind in NUMBERS else "day"

    def condition(limit: Any) -> Exists:
        value = money(limit) if field.kind in NUMBERS else limit
        return _having(field, **{f"{column}__{comparison}": value})

    return condition


def _chosen(field: CustomField) -> Condition:
    def condition(answer: str) -> Q | Exists:
        return ~Q(_having(field)) if answer == NONE else _having(field, choice=int(answer))

    return condition


def _answered(field: CustomField) -> Condition:
    def condition(answer: str) -> Q | Exists:
        return ~Q(_having(field)) if answer == NONE else _having(field, is_yes=answer == "yes")

    return condition


def _holding(field: CustomField) -> Condition:
    """The words somewhere in the text, whatever accents and case; of phones the digits."""

    def condition(typed: str) -> Exists:
        wanted = digits(typed) if field.kind == FieldKind.PHONE else ""
        return _having(field, folded__contains=wanted or fold(typed))

    return condition


def cell_of(field: CustomField) -> str:
    """The cell in the quick engine's words."""
    return f"{{{{ row.custom({field.pk}, '{field.kind}') }}}}"


def filed(kind: str, values: Mapping[int, Any], key: int) -> object:
    """What a file holds: numbers and dates as such, the rest in words."""
    value = values.get(key)
    if isinstance(value, list):
        return "; ".join(value)
    return say(kind, value) if isinstance(value, bool) else value
