"""The operator's own fields in the bulk edit: asked, shown before and after, written, put back.

Values are kept as JSON holds them; answers of lists by their keys, so that renaming one between
the act and its undo loses nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.bulk.acts import Context
from caudal.apps.customers import actions as customers
from caudal.apps.customers.fields import Value, fields_for, plain, say, values_of
from caudal.apps.customers.models import LISTED, Customer, CustomField, FieldChoice, FieldKind
from caudal.apps.desk.forms.custom import PREFIX, CustomFieldsPart
from caudal.apps.desk.forms.customer import house_country
from caudal.apps.staff.models import User
from caudal.web.forms import Section

LEAVE = ("", _("Leave as it is"))
Changes = dict[CustomField, Value | None]
_NUMBERS = frozenset({FieldKind.NUMBER, FieldKind.MONEY})


class OwnFieldsPart(CustomFieldsPart):
    """Mixin: what is left empty stays; `clear` of the form empties those that may be empty."""

    def offer_to(self, user: User) -> None:
        """Add the fields that this person sees."""
        self.country = house_country()
        self.offer_custom(fields_for(user))
        for name in self.custom:
            field: Any = self.fields[name]
            field.required = False
            if getattr(field, "choices", None) and not isinstance(field, forms.MultipleChoiceField):
                field.choices = [LEAVE, *list(field.choices)[1:]]
        clear: Any = self.fields["clear"]
        clear.choices = [
            *clear.choices,
            *((name, each.name) for name, each in self.custom.items() if not each.is_required),
        ]
        if self.custom:
            cells = [(name, 6) for name in self.custom]
            fields = Section(_("Custom fields"), cells, is_open=False)
            self.sections = [*self.sections[:-1], fields, self.sections[-1]]


def changes_in(given: Mapping[str, Any]) -> Changes:
    """Field -> value, of the form's values or of what JSON kept of them."""
    cleared = {name for name in given.get("clear") or [] if name.startswith(PREFIX)}
    wanted = {
        name: value
        for name, value in given.items()
        if name.startswith(PREFIX) and value not in (None, "", [])
    }
    codes = [name.removeprefix(PREFIX) for name in {*cleared, *wanted}]
    if not codes:
        return {}
    rows = CustomField.objects.in_use().filter(code__in=codes).prefetch_related("choices")
    names = {field: f"{PREFIX}{field.code}" for field in rows}
    return {
        field: None if name in cleared else _typed(field, wanted[name])
        for field, name in names.items()
    }


def write(context: Context, customer: Customer, wanted: Changes) -> dict[str, list[Any]]:
    """Code -> [before, after] of what changed."""
    had = values_of([customer.pk]).get(customer.pk, {}) if wanted else {}
    changed = {field: value for field, value in wanted.items() if had.get(field.pk) != value}
    _set(context, customer, changed)
    return {
        field.code: [_kept(field, had.get(field.pk)), _kept(field, value)]
        for field, value in changed.items()
    }


def put_back(
    context: Context, customer: Customer, before: Mapping[str, list[Any]]
) -> list[CustomField]:
    """Those whose value is still the one that the act wrote."""
    fields = CustomField.objects.filter(code__in=before).prefetch_related("choices")
    has = values_of([customer.pk]).get(customer.pk, {}) if before else {}
    old: Changes = {
        field: _again(field, before[field.code][0])
        for field in fields
        if _kept(field, has.get(field.pk)) == before[field.code][1]
    }
    _set(context, customer, old)
    return list(old)


def shown(
    customer: Customer, had: Mapping[int, Value], wanted: Changes
) -> list[tuple[str, str, str]]:
    """(field, before, after) in words."""
    country = customer.company.country
    return [
        (field.name, say(field.kind, had.get(field.pk), country), say(field.kind, value, country))
        for field, value in wanted.items()
    ]


def names_of(codes: Iterable[str]) -> list[str]:
    """What fields with these codes are called."""
    return list(CustomField.objects.filter(code__in=codes).values_list("name", flat=True))


def _set(context: Context, customer: Customer, values: Changes) -> None:
    customers.set_fields(actor=context.actor, now=context.now, customer=customer, values=values)


def _typed(field: CustomField, kept: Any) -> Value:
    """What JSON made of a value, as the value again."""
    if field.kind in _NUMBERS:
        return Decimal(kept)
    if field.kind == FieldKind.DATE and isinstance(kept, str):
        return date.fromisoformat(kept)
    if field.kind == FieldKind.CHOICES:
        return [choice.name for choice in field.choices.all() if choice.name in kept]
    return kept  # type: ignore[no-any-return]


def _kept(field: CustomField, value: Value | None) -> Any:
    if field.kind not in LISTED or value is None:
        return plain(value)
    names = value if isinstance(value, list) else [value]
    return sorted(choice.pk for choice in field.choices.all() if choice.name in names)


def _again(field: CustomField, kept: Any) -> Value | None:
    if field.kind not in LISTED or kept is None:
        return None if kept is None else _typed(field, kept)
    names = [choice.name for choice in _answers(field) if choice.pk in kept]
    return names if field.kind == FieldKind.CHOICES else names[0]


def _answers(field: CustomField) -> Iterable[FieldChoice]:
    return field.choices.all()
