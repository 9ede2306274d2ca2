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
from caudal.apps.reports.drilling import list_of
from caudal.apps.reports.forms import WORDS, ChurnForm
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.models import Branch, User
from caudal.apps.staff.verbs import Verb
from caudal.web.export import csv_response

KINDS = ("activations", "suspensions", "cancellations")
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
        "left_for": _shortened(found.left_for),
        "suspended_for": _reasons(found),
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
        named = [(left, *each) for each in found.left_for]
        named += [(stopped, *each) for each in _reasons(found)]
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


def _links(span: Span, form: ChurnForm, part: Any = None) -> dict[str, str]:
    given = form.cleaned_data
    narrowed = {name: given[name].pk for name in NAMES if given.get(name)}
    if part:
        narrowed[form.group] = part
    return {kind: list_of(kind, span, narrowed) for kind in KINDS}


def _reasons(found: Churn) -> list[tuple[str, int]]:
    words = dict(SuspensionReason.choices)
    return [(str(words.get(reason, reason)), count) for reason, count in found.suspended_for]


def _shortened(rows: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    named = [(reason or _("Without a reason"), count) for reason, count in rows[:MOST]]
    rest = sum(count for _reason, count in rows[MOST:])
    return [*named, (_("Others"), rest)] if rest else named


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
