"""Values of the operator's own fields: read from what people type, read for many, said in words.

A value is a str, a Decimal, a date, a bool, or for several choices a list of their names.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from caudal.apps.customers.contacts import read_email, read_phone, show_phone
from caudal.apps.customers.models import CustomField, FieldKind, FieldValue
from caudal.apps.staff.models import User
from caudal.core import cells
from caudal.core.text import fold
from caudal.store.lookups import Among

Value = str | Decimal | date | bool | list[str]
CUSTOM = "custom:"
"""Before the code of a field, where columns of files are named."""
LONGEST = {FieldKind.TEXT: 200, FieldKind.LONG_TEXT: 4000, FieldKind.LINK: 500}
MOST = Decimal(10) ** 10
"""Numbers and amounts stay below it."""
_PLAIN_NUMBER = re.compile(r"-?(\d+([.,](\d{1,2}|\d{4,}))?|0*[.,]\d+)", re.ASCII)
"""One mark and what follows it can only be decimals; three digits might be thousands."""
_LINK = URLValidator(schemes=["http", "https"])


def fields_for(user: User | None) -> list[CustomField]:
    """The fields in use that this person sees, in order, with their choices at hand."""
    return list(CustomField.objects.in_use().shown_to(user).prefetch_related("choices"))


def read_value(field: CustomField, typed: Any, country: str) -> Value | None:
    """The value that was typed, or that a file or a program sent; None where there is none.

    `country` is how phones are read. Raises ValidationError in the reader's words.
    """
    if isinstance(typed, str):
        typed = typed.strip()
    if typed is None or typed == "" or typed == []:
        return None
    return _READERS[FieldKind(field.kind)](field, typed, country)


def read_cell(
    field: CustomField, cell: str, country: str, *, month_first: bool = False
) -> Value | None:
    """As `read_value`, of a file whose dates may put the month first. Raises CellError as well."""
    is_date = field.kind == FieldKind.DATE and cell.strip()
    typed = cells.read_date(cell, month_first=month_first) if is_date else cell
    return read_value(field, typed, country)


def values_of(customers: Iterable[int]) -> dict[int, dict[int, Value]]:
    """Customer -> field -> value, of all of them by one query; fields not in use too."""
    found: dict[int, dict[int, Value]] = {}
    rows = FieldValue.objects.filter(Among("customer_id", customers))
    names = ("customer_id", "field_id", "field__kind", "text", "number", "day", "is_yes",
             "choice__name")  # fmt: skip
    for key, field, kind, text, number, day, is_yes, choice in rows.order_by(
        "customer_id", "choice__position", "id"
    ).values_list(*names):
        mine = found.setdefault(key, {})
        if kind == FieldKind.CHOICES:
            several: Any = mine.setdefault(field, [])
            several.append(choice)
        else:
            mine[field] = next(
                each for each in (text or None, number, day, is_yes, choice) if each is not None
            )
    return found


def value_in(row: FieldValue, before: Value | None = None) -> Value:
    """What one row holds; of several choices, joined to those of the rows `before`."""
    if row.choice is not None and row.field.kind == FieldKind.CHOICES:
        return [*(before if isinstance(before, list) else ()), row.choice.name]
    found = (
        row.text or None,
        row.number,
        row.day,
        row.is_yes,
        row.choice.name if row.choice else None,
    )
    return next(each for each in found if each is not None)


def say(kind: str, value: Value | None, country: str = "") -> str:
    """The value as screens say it; phones as `country` writes them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return (
            number_format(value, 2, force_grouping=True)
            if kind == FieldKind.MONEY
            else _short(value)
        )
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, list):
        return ", ".join(value)
    return show_phone(value, country) if kind == FieldKind.PHONE and country else value


def plain(value: Value | None) -> Any:
    """The value as JSON holds it: numbers and amounts as text, dates as 2026-07-05."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def by_code(
    fields: Iterable[CustomField], values: Mapping[int, Value], *, empty: bool = True
) -> dict[str, Any]:
    """Code -> value as JSON holds it."""
    shown = {field.code: plain(values.get(field.pk)) for field in fields}
    return shown if empty else {code: value for code, value in shown.items() if value is not None}


def link_of(kind: str, value: Value | None) -> str:
    """Where a press on the value leads; empty for most."""
    schemes = {FieldKind.LINK: "", FieldKind.PHONE: "tel:", FieldKind.EMAIL: "mailto:"}
    return f"{schemes[FieldKind(kind)]}{value}" if value and kind in schemes else ""


def read_new(
    fields: Iterable[CustomField], given: Mapping[str, Any], country: str, *, whole: bool
) -> dict[CustomField, Value | None]:
    """What a program or a file gives by code; with `whole` the required ones may not lack.

    Raises ValidationError by code.
    """
    known = {field.code: field for field in fields}
    errors: dict[str, Any] = {code: _("Unknown field.") for code in given.keys() - known.keys()}
    values: dict[CustomField, Value | None] = {}
    for code, field in known.items():
        if code in given:
            try:
                values[field] = read_value(field, given[code], country)
            except ValidationError as error:
                errors[code] = error.messages
        if field.is_required and values.get(field) is None and (whole or code in given):
            errors.setdefault(code, _("This field is required."))
    if errors:
        raise ValidationError(errors)
    return values


def _short(number: Decimal) -> str:
    trimmed = number.normalize()
    places = max(-int(trimmed.as_tuple().exponent), 0)
    return number_format(trimmed, places)


def _text(field: CustomField, typed: Any, country: str) -> Value:
    longest = LONGEST.get(FieldKind(field.kind), 200)
    text = _as_text(typed)
    if len(text) > longest:
        raise ValidationError(
            _("At most %(longest)d characters fit here.") % {"longest": longest}, code="long"
        )
    if field.kind != FieldKind.LONG_TEXT:
        text = " ".join(text.split())
    return text


def _link(field: CustomField, typed: Any, country: str) -> Value:
    text = str(_text(field, typed, country))
    full = text if "://" in text else f"https://{text}"
    try:
        _LINK(full)
    except ValidationError:
        raise ValidationError(_("That is not the address of a page."), code="link") from None
    return full


def _phone(field: CustomField, typed: Any, country: str) -> Value:
    return read_phone(_as_text(typed), country)


def _email(field: CustomField, typed: Any, country: str) -> Value:
    return read_email(_as_text(typed))


def _number(field: CustomField, typed: Any, country: str) -> Value:
    if isinstance(typed, bool):
        raise _not_a_number(typed)
    number = _decimal(typed)
    places = 2 if field.kind == FieldKind.MONEY else 4
    if number != round(number, places):
        raise ValidationError(_("At most %(n)d decimals fit here.") % {"n": places}, code="fine")
    if abs(number) >= MOST:
        raise ValidationError(_("That number is too large."), code="large")
    return number


def _decimal(typed: Any) -> Decimal:
    """A point before decimals in what programs write; in what people write, as files are read."""
    if isinstance(typed, Decimal):
        number = typed
    elif isinstance(typed, int | float) or _PLAIN_NUMBER.fullmatch(str(typed)):
        number = Decimal(str(typed).replace(",", "."))
    else:
        try:
            number = cells.read_amount(str(typed))
        except cells.CellError:
            raise _not_a_number(typed) from None
    if not number.is_finite():
        raise _not_a_number(typed)
    return number


def _not_a_number(typed: Any) -> ValidationError:
    return ValidationError(
        _("“%(typed)s” is not a number.") % {"typed": str(typed)[:40]}, code="number"
    )


def _day(field: CustomField, typed: Any, country: str) -> Value:
    if isinstance(typed, date):
        return typed
    try:
        return cells.read_date(str(typed))
    except cells.CellError:
        raise ValidationError(
            _("“%(typed)s” is not a date.") % {"typed": str(typed)[:40]}, code="date"
        ) from None


def _yes(field: CustomField, typed: Any, country: str) -> Value:
    if isinstance(typed, bool):
        return typed
    try:
        return cells.read_yes(str(typed))
    except cells.CellError:
        raise ValidationError(
            _("“%(typed)s” is neither yes nor no.") % {"typed": str(typed)[:40]}, code="yes-no"
        ) from None


def _choice(field: CustomField, typed: Any, country: str) -> Value:
    """By name, whatever case and accents; archived ones too, for customers who have them."""
    wanted = fold(_as_text(typed))
    for choice in field.choices.all():
        if fold(choice.name) == wanted:
            return choice.name
    raise ValidationError(
        _("“%(typed)s” is not in the list of %(field)s.")
        % {"typed": str(typed)[:40], "field": field.name},
        code="choice",
    )


def _choices(field: CustomField, typed: Any, country: str) -> Value:
    """A list, or names in one text with “;” or “,” between them."""
    several = re.split(r"[;,\n]", typed) if isinstance(typed, str) else typed
    if not isinstance(several, list | tuple):
        raise ValidationError(_("Write a list."), code="list")
    named = [str(_choice(field, each, country)) for each in several if _as_text(each).strip()]
    return list(dict.fromkeys(named))


def _as_text(typed: Any) -> str:
    if isinstance(typed, dict | list):
        raise ValidationError(_("Write a text."), code="text")
    return str(typed)


_READERS: dict[FieldKind, Callable[[CustomField, Any, str], Value]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _number,
    FieldKind.DATE: _day,
    FieldKind.YES_NO: _yes,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.LINK: _link,
    FieldKind.PHONE: _phone,
    FieldKind.EMAIL: _email,
}
