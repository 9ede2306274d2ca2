"""Templates that people edit, in Liquid: they reach no object and cannot fill the machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from liquid import Environment
from liquid.exceptions import LiquidError, ResourceLimitError

LOCALES = {"es": "es_MX", "en": "en_US"}
LONGEST_TEXT = 60_000


class TemplateError(ValueError):
    """A template that cannot be used, in Liquid's own words; `line` counts from 1."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class _Liquid(Environment):
    loop_iteration_limit = 2_000
    local_namespace_limit = LONGEST_TEXT
    output_stream_limit = LONGEST_TEXT
    context_depth_limit = 10
    block_nesting_limit = 20


def _environment() -> Environment:
    liquid = _Liquid()
    for tag in (
        "include",
        "render",
    ):  # there is nothing to include: say so at save
        liquid.tags.pop(tag, None)
    plain_replace = liquid.filters["replace"]

    def replace(text: object, old: object, new: object = "") -> str:
        # A chain of replacements multiplies its text before the output limit can see it.
        if len(str(text)) * max(len(str(new)), 1) > LONGEST_TEXT:
            raise ResourceLimitError("text too long", token=None)
        return str(plain_replace(str(text), str(old), str(new)))

    liquid.add_filter("replace", replace)
    return liquid


_LIQUID = _environment()


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    body: str


def render(subject: str, body: str, context: Mapping[str, Any], language: str = "es") -> Text:
    """Both parts filled in; unknown names leave nothing. Raises TemplateError."""
    values = _words(context, LOCALES.get(language, "en_US"), str(context.get("currency", "")))
    head = " ".join(_fill(subject, values).split())  # a header is one line
    return Text(head[:200], _fill(body, values).strip() + "\n")


def check(text: str) -> None:
    """Refuse a template that does not read, or that fails on empty values. Raises TemplateError."""
    _fill(text, {})


def readable(text: str) -> None:
    """For fields of forms: what `check` refuses is told with its line."""
    try:
        check(text)
    except TemplateError as error:
        raise ValidationError(
            _("Line %(line)s: %(reason)s"),
            params={"line": error.line, "reason": error.reason},
            code="liquid",
        ) from error


def _fill(text: str, values: Mapping[str, Any]) -> str:
    try:
        return _LIQUID.from_string(text).render(**values)
    except LiquidError as error:
        where = error.context() if error.token else None  # none: it ended too soon
        line = where[0] if where else text.count("\n") + 1
        raise TemplateError(str(error.message), line) from error
    except RecursionError as error:
        raise TemplateError("nested too deep") from error


def _words(value: Any, locale: str, currency: str) -> Any:
    """Dates and amounts as people read them, mappings and lists by their parts."""
    if isinstance(value, Mapping):
        return {str(name): _words(part, locale, currency) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_words(part, locale, currency) for part in value]
    if isinstance(value, Decimal):
        return _amount(value, locale, currency)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return format_date(value, "long", locale)
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)


def _amount(value: Decimal, locale: str, currency: str) -> str:
    if currency:
        return str(format_currency(value, currency, locale=locale))
    return str(format_decimal(value, "#,##0.00", locale=locale))
