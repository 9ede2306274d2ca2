"""Forms of the panel: sections on a grid, live validation field by field, errors in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.forms import BoundField, model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from caudal.core.errors import RuleError
from caudal.web.errors import explain, placed_in
from caudal.web.speeds import format_kbps, parse_kbps

Text = str | Promise

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


@dataclass(frozen=True)
class Section:
    """A part of a form: its heading and rows of (field, columns of twelve)."""

    title: Text
    fields: Sequence[str | tuple[str, int]]
    """"name" takes six columns of twelve; ("notes", 12) takes them all."""
    text: Text = ""
    is_open: bool = True
    """False folds it up until somebody wants it (or one of its fields has an error)."""


@dataclass(frozen=True)
class BoundSection:
    title: Text
    text: Text
    is_open: bool
    cells: list[tuple[BoundField, int]]


class Sectioned:
    """Mixin of a form: `sections` says how `web/_form.html` lays it out; without it, one column."""

    sections: Sequence[Section] = ()

    def bound_sections(self: Any) -> list[BoundSection]:
        shown = self.sections or [
            Section("", [(field.name, 12) for field in self.visible_fields()])
        ]
        return [_bound(self, section) for section in shown]


class PanelForm(Sectioned, forms.Form):
    """A plain form of the panel."""


class PanelModelForm(Sectioned, _ModelForm):
    """A form made from a model; it checks, and the room's action saves what it cleaned."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            # Fields that the form declares itself do not know what the column begins with.
            for name, value in model_to_dict(self.instance, fields=list(self.fields)).items():
                if value is not None and value != "":
                    self.initial.setdefault(name, value)
        for name, value in self.initial.items():
            if isinstance(value, Decimal):
                self.initial[name] = shortest(value)


def shortest(value: Decimal) -> Decimal:
    """250.0000 as 250.00: columns keep more decimals than people write."""
    cents = value.quantize(Decimal("0.01"))
    return cents if cents == value else value.normalize()


class KbpsField(forms.CharField):
    """A speed typed as 512k, 10M or 1G; the value is in kbit/s."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_kbps(text)
        except RuleError as error:
            raise forms.ValidationError(explain(error), code=error.code) from error

    def prepare_value(self, value: Any) -> Any:
        return format_kbps(value) if isinstance(value, int) else value


class YesOrNo(forms.TypedChoiceField):
    """Two answers in words, one beside the other; the value is whether it is the first."""

    def __init__(self, *, yes: Text, no: Text, **options: Any) -> None:
        options.setdefault("widget", forms.RadioSelect)
        choices = [("yes", yes), ("no", no)]
        super().__init__(choices=choices, coerce=lambda answer: answer == "yes", **options)


def require_not_past(day: date, today: date) -> date:
    if day < today:
        raise forms.ValidationError(_("Choose today or a later day."))
    return day


def live(request: HttpRequest, form: forms.BaseForm) -> HttpResponse | None:
    """The errors of the one field that was just left, where the request is such a question."""
    name = request.POST.get("validate", "")
    if request.method != "POST" or not name or not request.headers.get("HX-Request"):
        return None
    field = form[name] if name in form.fields else None
    return render(request, "web/_field_errors.html", {"field": field})


def refreshing(field: forms.Field) -> None:
    """Choosing it asks for the form again: which other fields there are depends on it."""
    field.widget.attrs |= {
        "hx-post": "",
        "hx-trigger": "change",
        "hx-include": "closest form",
        # The field around it asks to be checked: that is not what is asked here.
        "hx-vals": '{"refresh": "1", "validate": ""}',
        "hx-target": "closest form",
        "hx-select": ".form-card form",
        "hx-swap": "outerHTML",
        "hx-sync": "closest form:replace",
    }


def draft(request: HttpRequest) -> dict[str, Any] | None:
    """What was typed so far, where the request only asks for the form again; else None."""
    return request.POST.dict() if request.POST.get("refresh") else None


def answer_form(
    request: HttpRequest,
    form: Any,
    *,
    title: Text,
    save: Callable[[Any], Any],
    done: Text,
    to: Callable[[Any], str] | str,
    template: str = "web/form_page.html",
    **context: Any,
) -> HttpResponse:
    """A whole form view: live validation, `save(form)` with its refusals placed, or the page.

    `done` is the message and `to` the address (or what makes it of `save`'s result) afterwards.
    """
    if (errors := live(request, form)) is not None:
        return errors
    if request.method == "POST" and form.is_valid():
        with placed_in(form):
            result = save(form)
        if form.is_valid():
            messages.success(request, str(done))
            return redirect(to if isinstance(to, str) else to(result))
    return render(request, template, {"form": form, "title": title, **context})


def _bound(form: Any, section: Section) -> BoundSection:
    cells = [(each, 6) if isinstance(each, str) else each for each in section.fields]
    bound = [(form[name], width) for name, width in cells if name in form.fields]
    wrong = any(field.errors for field, _ in bound) if form.is_bound else False
    return BoundSection(section.title, section.text, section.is_open or wrong, bound)
