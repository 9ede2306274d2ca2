"""The tags of every template: amounts, states, panels, cells of lists and fields of forms."""

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.db.models import BLANK_CHOICE_DASH, Model
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    ChoiceField,
    Field,
    FileInput,
    ModelChoiceField,
    RadioSelect,
    Select,
)
from django.http import QueryDict
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from caudal.core.text import marked as core_marked
from caudal.web.badges import color_of
from caudal.web.menu import Group, Menu
from caudal.web.money import format_money
from caudal.web.panels import Panel, panels_of
from caudal.web.speeds import format_kbps
from caudal.web.table import Column, Sorting
from caudal.web.verbs import person_of

register = template.Library()
MINUTE_S = 60

DASHES = str(BLANK_CHOICE_DASH[0][1])


@register.filter
def money(amount: Decimal | int | None, currency: str = "") -> str:
    """`{{ invoice.total|money:invoice.currency }}`."""
    return format_money(amount, currency)


@register.filter
def kbps(speed: int | None) -> str:
    """`{{ plan.down_kbps|kbps }}`: 10000 is "10 Mbps"."""
    return format_kbps(speed)


@register.filter
def ago(moment: datetime, now: datetime) -> str:
    """`{{ router.verified_at|ago:now }}`: "5 minutes ago", and never "0 minutes ago"."""
    if (now - moment).total_seconds() < MINUTE_S:
        return _("just now")
    return _("%(age)s ago") % {"age": timesince(moment, now)}


@register.filter
def lasting(moment: datetime, now: datetime) -> str:
    """`{{ router.failing_since|lasting:now }}`: "for 5 minutes", of what still goes on."""
    if (now - moment).total_seconds() < MINUTE_S:
        return _("since just now")
    return _("for %(age)s") % {"age": timesince(moment, now)}


@register.filter
def taking(first: datetime, last: datetime) -> str:
    """`{{ outage.started_at|taking:outage.ended_at }}`: "2 hours", of what had a beginning."""
    is_short = (last - first).total_seconds() < MINUTE_S
    return _("less than a minute") if is_short else timesince(first, last)


@register.filter
def to_json(value: object) -> str:
    """For a `data-` attribute that a script of ours reads; the template escapes it."""
    return json.dumps(value, ensure_ascii=False)


@register.filter
def initials(name: object) -> str:
    """At most two letters for a round picture: "Ana María Peña" is "AP"."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper() if words else "?"


@register.simple_tag
def marked(text: object, typed: str) -> SafeString:
    """`{% marked hit.label typed %}`: the text with the typed words marked, accents apart."""
    pieces = (
        (format_html("<mark>{}</mark>", piece) if is_hit else escape(piece),)
        for piece, is_hit in core_marked(str(text), typed)
    )
    return format_html_join("", "{}", pieces)


@register.simple_tag
def badge(code: object, label: object = "") -> SafeString:
    """`{% badge service.state service.get_state_display %}`: colour by code, words by label."""
    return format_html(
        '<span class="state state-{}">{}</span>', color_of(code), label if label != "" else code
    )


@register.simple_tag
def rows(template_name: str, **names: Any) -> SafeString:
    """`{% rows "desk/rows.html" rows=rows %}`: many rows, by the quick engine (web/rows.py)."""
    return mark_safe(get_template(template_name, using="jinja2").render(names))  # it escapes


@register.simple_tag
def main_menu(menu: Menu, keys_on: bool) -> SafeString:
    """The entries of the side bar."""
    return _drawn_menu(menu.groups, keys_on, get_language() or "")


@lru_cache(maxsize=512)
def _drawn_menu(groups: tuple[Group, ...], keys_on: bool, _language: str) -> SafeString:
    """Kept, for every page shows it; in each language its labels are other words."""
    return rows("web/menu.html", groups=groups, keys_on=keys_on)


@register.simple_tag
def foot_menu(menu: Menu) -> SafeString:
    """The bar at the foot of a phone."""
    return _drawn_foot(menu.groups, get_language() or "")


@lru_cache(maxsize=512)
def _drawn_foot(groups: tuple[Group, ...], _language: str) -> SafeString:
    return mark_safe(get_template("web/_footbar.html").render({"menu": Menu(groups)}))  # it escapes


@register.simple_tag
def still(template_name: str) -> SafeString:
    """A part of the page that is the same for everybody, drawn once in each language."""
    return _drawn_still(template_name, get_language() or "")


@lru_cache(maxsize=64)
def _drawn_still(template_name: str, _language: str) -> SafeString:
    return mark_safe(get_template(template_name).render())  # it escapes


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str) -> SafeString:
    """A picture that says nothing to a screen reader; words stand beside it."""
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.simple_tag
def cell(row: object, column: Column) -> object:
    """What a list shows of `row` under `column`."""
    value = column.read(row)
    if column.template:
        return get_template(column.template).render({"row": row, "value": value})
    if value is None or value == "":
        return "–"
    return value if isinstance(value, SafeString) else escape(value)


@register.simple_tag(takes_context=True)
def headings(
    context: dict[str, Any], columns: Iterable[Column], sorting: Sorting | None
) -> SafeString:
    """The cells of a list's head; a click on one that sorts asks the list again by it."""
    asked = context["request"].GET.copy()
    asked.pop("cursor", None)
    return rows("web/headings.html", cells=[_heading(each, sorting, asked) for each in columns])


def _heading(column: Column, sorting: Sorting | None, asked: QueryDict) -> dict[str, Any]:
    """How it stands: aria-sort, class, and the address of a click."""
    found: dict[str, Any] = {"column": column}
    if sorting is None or not column.sort:
        return found
    link = column.key
    if sorting.key == column.key:
        state = "descending" if sorting.descending else "ascending"
        link = column.key if sorting.descending else f"-{column.key}"
        found |= {"state": state, "css": state.removesuffix("ending")}
    asked["sort"] = link
    return found | {"link": f"?{asked.urlencode()}"}


@register.inclusion_tag("web/_panels.html", takes_context=True)
def panels(
    context: dict[str, Any], page: str, row: Model | None = None, at_once: int | None = None
) -> dict[str, Any]:
    """`{% panels "customer" customer at_once=4 %}`: each panel is asked from its own room.

    Those after the first `at_once` are asked for when somebody scrolls to them.
    """
    found = panels_of(page, person_of(context["request"]))
    shown = [
        (panel, _address(panel, row), at_once is not None and at >= at_once)
        for at, panel in enumerate(found)
    ]
    return {"panels": shown, "page": page}


def _address(panel: Panel, row: Model | None) -> str:
    return reverse(panel.url_name, args=[] if row is None else [row.pk])


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input of a form's field, dressed and tied to its help and its errors."""
    _say_nothing_chosen(field.field)
    return field.as_widget(attrs={"class": _css(field), **_described(field)})


@register.filter
def kind(field: BoundField) -> str:
    """How the field's label stands: "check" beside a box, "choices" over many, else "plain"."""
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    return "check" if isinstance(widget, CheckboxInput) else "plain"


def _say_nothing_chosen(field: Field) -> None:
    """Words where Django writes dashes for the choice of nothing."""
    words = _("Choose…") if field.required else _("Not given")
    if isinstance(field, ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = words
    elif isinstance(field, ChoiceField) and isinstance(field.widget, Select):
        field.widget.choices = [
            (value, words if label == DASHES else label) for value, label in field.widget.choices
        ]


def _css(field: BoundField) -> str:
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        base = "form-check-input"
    elif getattr(widget, "input_type", "") == "select":
        base = "form-select"
    else:
        base = "form-control"
    wrong = "is-invalid" if field.errors and not isinstance(widget, FileInput) else ""
    return " ".join(part for part in (base, own, wrong) if part)


def _described(field: BoundField) -> dict[str, Any]:
    names = [f"{field.auto_id}_errors"] + ([f"{field.auto_id}_help"] if field.help_text else [])
    described: dict[str, Any] = {"aria-describedby": " ".join(names)}
    if field.errors:
        described["aria-invalid"] = "true"
    return described
