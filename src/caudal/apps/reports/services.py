"""The services behind a number of the churn report, as a page and as a file."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import today
from caudal.apps.reports.churn import GROUPS
from caudal.apps.reports.drilling import (
    KINDS,
    Asked,
    Move,
    asked_in,
    customers_of,
    moves,
    services_of,
)
from caudal.apps.reports.views import NAMES, held_label
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.verbs import Verb
from caudal.web.export import csv_response

PAGE = 50
AT_ONCE = 1_000
"""Services read at once for a file."""


@require_GET
@requires(Verb.SEE_INCOME)
@requires(Verb.SEE_CUSTOMERS)
def churn_services(request: HttpRequest) -> HttpResponse:
    """Each service that a number of the report counts, the last ones first."""
    asked = asked_in(request.GET, today())
    found = moves(person(request), asked)
    at = _page(request.GET, len(found))
    rows = found[at * PAGE : (at + 1) * PAGE]
    context = {
        "title": _titles()[asked.kind],
        "span": f"{_day(asked.span.first)} – {_day(asked.span.last)}",
        "chips": _chips(request.GET, found, asked),
        "count": len(found),
        "rows": list(_told(rows, asked.kind)),
        "kind": asked.kind,
        "previous": at if at else None,
        "next": at + 2 if len(found) > (at + 1) * PAGE else None,
        "query": request.GET.urlencode(),
        "customers": customers_of(request.GET, asked),
    }
    return render(request, "reports/churn_services.html", context)


@require_GET
@requires(Verb.SEE_INCOME)
@requires(Verb.SEE_CUSTOMERS)
def churn_services_file(request: HttpRequest) -> HttpResponseBase:
    asked = asked_in(request.GET, today())
    head = [_("Day"), _("Code"), _("Customer"), _("Plan"), _("Zone"), _("Salesperson"), _("Reason")]
    found = moves(person(request), asked)
    return csv_response(f"churn-{asked.kind}", head, _lines(found, asked.kind))


def _lines(found: list[Move], kind: str) -> Iterator[list[Any]]:
    for at in range(0, len(found), AT_ONCE):
        for move, service, why in _told(found[at : at + AT_ONCE], kind):
            customer = service.customer
            yield [
                move.day, customer.code, customer.name, service.plan.name, customer.zone.name,
                customer.salesperson or "", why,
            ]  # fmt: skip


def _told(rows: list[Move], kind: str) -> Iterator[tuple[Move, Any, str]]:
    """Move, service, and why in words."""
    services = services_of(rows)
    for move in rows:
        yield move, services[move.service], _why(move, kind)


def _why(move: Move, kind: str) -> str:
    if kind == "suspensions":
        return held_label(move.why.key, move.why.label)
    if kind == "activations":
        return _("Returned") if move.is_return else ""
    return move.why.label or _("Without a reason")


def _chips(query: QueryDict, found: list[Move], asked: Asked) -> list[str]:
    """What the number was narrowed by, in words."""
    keys = {name: query.get(name, "") for name in GROUPS}
    named = [
        str(NAMES[name].objects.filter(pk=int(key)).first() or "") if key.isdecimal()
        else _("Nobody")
        for name, key in keys.items()
        if key
    ]  # fmt: skip
    why = [_why(found[0], asked.kind)] if asked.why and found else []
    return [each for each in [*named, *why] if each]


def _titles() -> dict[str, str]:
    words = (_("Activations"), _("Suspensions"), _("Cancellations"))
    return dict(zip(KINDS, words, strict=True))


def _page(query: QueryDict, many: int) -> int:
    asked = query.get("page", "")
    at = int(asked) - 1 if asked.isdecimal() and len(asked) < 9 else 0
    return min(max(at, 0), max(many - 1, 0) // PAGE)


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
