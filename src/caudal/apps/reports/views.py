"""Screens of reports."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.catalog.models import Plan
from caudal.apps.clock.now import today
from caudal.apps.customers.models import SuspensionReason, Zone
from caudal.apps.reports.churn import Churn, Movement, Span, churn, churn_by
from caudal.apps.reports.drilling import KINDS, NOBODY, list_of
from caudal.apps.reports.forms import WORDS, ChurnForm
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.models import Branch, User
from caudal.apps.staff.verbs import Verb
from caudal.web.export import csv_response

NOBODY_ASKED = object()
NAMES: dict[str, Any] = {"plan": Plan, "zone": Zone, "branch": Branch, "seller": User}
MOST = 10
"""Reasons by name; the others are one line."""


@require_GET
@requires(Verb.SEE_INCOME)
def movements(request: HttpRequest) -> HttpResponse:
    """Activations, suspensions and cancellations by month, with their reasons."""
    form = ChurnForm(request.GET.dict(), user=person(request), today=today())
    found = churn(person(request), form.span, form.narrowed())
    context = {
        "title": _("Customers who come and go"),
        "form": form,
        "report": found,
        "chart": _chart(found),
        "months": [(_month(span), row, _links(span, form)) for span, row in found.months],
        "parts": _parts(request, form),
        "part_name": WORDS[form.group],
        "left_for": _linked("cancellations", _shortened(_left(found)), form),
        "left_chart": _bars(_shortened(_left(found)), _("Cancellations")),
        "suspended_for": _linked("suspensions", _held(found), form),
        "query": request.GET.urlencode(),
    }
    return render(request, "reports/churn.html", context)


@require_GET
@requires(Verb.SEE_INCOME)
def export(request: HttpRequest, what: str) -> HttpResponseBase:
    """As CSV: the months, the parts, or the reasons."""
    form = ChurnForm(request.GET.dict(), user=person(request), today=today())
    if what == "parts":
        head, rows = [WORDS[form.group], *_head()], _part_rows(_parts(request, form))
        return csv_response(f"churn-{form.group}", head, rows)
    found = churn(person(request), form.span, form.narrowed())
    if what == "reasons":
        left, stopped = _("Cancellation"), _("Suspension")
        named = [(left, label, count) for _key, label, count in _left(found)]
        named += [(stopped, label, count) for _key, label, count in _held(found)]
        return csv_response("churn-reasons", [_("What"), _("Reason"), _("Services")], named)
    months = ([span.first.strftime("%Y-%m"), *_cells(row)] for span, row in found.months)
    return csv_response("churn", [_("Month"), *_head()], months)


def _chart(found: Churn) -> dict[str, Any]:
    names = (_("Activations"), _("Suspensions"), _("Cancellations"))
    return {
        "labels": [_month(span) for span, _row in found.months],
        "series": [
            {"name": name, "values": [getattr(row, kind) for _span, row in found.months]}
            for name, kind in zip(names, KINDS, strict=True)
        ],
    }


def _parts(request: HttpRequest, form: ChurnForm) -> list[tuple[str, Movement, dict[str, str]]]:
    """Name, numbers and links of each plan, zone, branch or seller; most cancellations first."""
    found = churn_by(person(request), form.span, form.group, form.narrowed())
    names = NAMES[form.group].objects.in_bulk([key for key in found if key])
    rows = [
        (str(names[key]) if key in names else _("Nobody"), row, _links(form.span, form, key))
        for key, row in found.items()
    ]
    return sorted(rows, key=lambda row: (-row[1].cancellations, -row[1].at_start, row[0]))


def _links(span: Span, form: ChurnForm, part: Any = NOBODY_ASKED) -> dict[str, str]:
    narrowed = _narrowed(form)
    if part is not NOBODY_ASKED:
        narrowed[form.group] = part or NOBODY
    return {kind: list_of(kind, span, narrowed) for kind in KINDS}


def _narrowed(form: ChurnForm) -> dict[str, Any]:
    given = form.cleaned_data
    return {name: given[name].pk for name in NAMES if given.get(name)}


Reason = tuple[str, str, int]
"""Key, label, services."""


def _left(found: Churn) -> list[Reason]:
    return [(why.key, why.label or _("Without a reason"), why.count) for why in found.left_for]


def _held(found: Churn) -> list[Reason]:
    return [(why.key, held_label(why.key, why.label), why.count) for why in found.suspended_for]


def held_label(key: str, label: str) -> str:
    """Why it was suspended in words: the kind, and what people said of it."""
    kind = key.partition(":")[0]
    word = str(dict(SuspensionReason.choices).get(kind, kind))
    return f"{word}: {label}" if label else word


def _shortened(rows: Sequence[Reason]) -> list[Reason]:
    rest = sum(count for _key, _label, count in rows[MOST:])
    return [*rows[:MOST], ("", _("Others"), rest)] if rest else list(rows)


def _linked(kind: str, rows: Sequence[Reason], form: ChurnForm) -> list[tuple[str, int, str]]:
    """Label, services, and where they are listed; what stands for several leads nowhere."""
    narrowed = _narrowed(form)
    return [
        (label, count, list_of(kind, form.span, narrowed, why=key) if key else "")
        for key, label, count in rows
    ]


def _bars(rows: Sequence[Reason], name: str) -> dict[str, Any]:
    counts = [count for _key, _label, count in rows]
    labels = [label for _key, label, _count in rows]
    return {"labels": labels, "series": [{"name": name, "values": counts}], "across": True}


def _month(span: Span) -> str:
    return date_format(span.first, "M Y")


def _head() -> list[str]:
    return [
        _("At the start"), _("Activations"), _("Of them returned"), _("Suspensions"),
        _("Cancellations"), _("At the end"), _("Churn in percent"),
    ]  # fmt: skip


def _cells(row: Movement) -> list[Any]:
    return [
        row.at_start, row.activations, row.returns, row.suspensions, row.cancellations, row.at_end,
        row.rate,
    ]  # fmt: skip


def _part_rows(parts: Sequence[tuple[str, Movement, Any]]) -> Iterator[list[Any]]:
    for name, row, _links_of in parts:
        yield [name, *_cells(row)]
