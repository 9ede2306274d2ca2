"""The operator's own fields in the forms of a customer, each in the input of its kind."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.contacts import show_phone
from caudal.apps.customers.fields import LONGEST, Value, plain, read_value
from caudal.apps.customers.models import CustomField, FieldKind
from caudal.web.forms import PanelForm, Section

PREFIX = "cf_"
WIDE = frozenset({FieldKind.LONG_TEXT, FieldKind.CHOICES})
INPUT_MODES = {
    FieldKind.NUMBER: "decimal",
    FieldKind.MONEY: "decimal",
    FieldKind.LINK: "url",
    FieldKind.PHONE: "tel",
    FieldKind.EMAIL: "email",
}


class CustomFieldsPart(PanelForm):
    """Mixin: call `offer_custom` in `__init__`; afterwards `custom_values` are for the action."""

    country: str
    custom: Mapping[str, CustomField] = {}

    def offer_custom(
        self, fields: Iterable[CustomField], values: Mapping[int, Value] | None = None
    ) -> None:
        """Add these fields, filled in with what the customer has in them."""
        self.custom = {f"{PREFIX}{field.code}": field for field in fields}
        known = values or {}
        for name, field in self.custom.items():
            value = known.get(field.pk)
            self.fields[name] = _input(field, value)
            self.initial.setdefault(name, _initial(field, value, self.country))

    def custom_section(self) -> Section:
        cells = [(name, 12 if field.kind in WIDE else 6) for name, field in self.custom.items()]
        needed = any(field.is_required for field in self.custom.values())
        return Section(_("More fields"), cells, is_open=needed)

    def clean(self) -> dict[str, Any]:
        """Read each as its kind, with what is wrong beside it."""
        super().clean()
        for name, field in self.custom.items():
            if name not in self.cleaned_data:
                continue
            try:
                value = read_value(field, self.cleaned_data[name], self.country)
            except ValidationError as error:
                self.add_error(name, error)
            else:
                self.cleaned_data[name] = value
        return self.cleaned_data

    def custom_values(self) -> dict[CustomField, Value | None]:
        """What was filled in, and what was left empty; after the form was checked."""
        return {
            field: self.cleaned_data[name]
            for name, field in self.custom.items()
            if name in self.cleaned_data
        }


def _input(field: CustomField, value: Value | None) -> forms.Field:
    options: dict[str, Any] = {
        "label": field.name,
        "required": field.is_required,
        "help_text": field.help_text,
    }
    kind = FieldKind(field.kind)
    if kind == FieldKind.CHOICE:
        return forms.ChoiceField(choices=[("", "–"), *_answers(field, value)], **options)
    if kind == FieldKind.CHOICES:
        return forms.MultipleChoiceField(
            choices=_answers(field, value), widget=forms.CheckboxSelectMultiple, **options
        )
    if kind == FieldKind.YES_NO:
        answers = [("", "–"), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(choices=answers, **options)
    if kind == FieldKind.DATE:
        widget: forms.Widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(widget=widget, **options)
    if kind == FieldKind.LONG_TEXT:
        widget = forms.Textarea(attrs={"rows": 3})
    else:
        mode = INPUT_MODES.get(kind)
        widget = forms.TextInput(attrs={"inputmode": mode} if mode else {})
    return forms.CharField(max_length=LONGEST.get(kind, 200), widget=widget, **options)


def _answers(field: CustomField, value: Value | None) -> list[tuple[str, str]]:
    """Those in the list, and those that he has although they are out of it."""
    kept = value if isinstance(value, list) else [value]
    return [
        (choice.name, choice.name)
        for choice in field.choices.all()
        if choice.archived_at is None or choice.name in kept
    ]


def _initial(field: CustomField, value: Value | None, country: str) -> Any:
    """As its input shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    if field.kind == FieldKind.PHONE and isinstance(value, str):
        return show_phone(value, country)
    return value if isinstance(value, str | date | list) else None
