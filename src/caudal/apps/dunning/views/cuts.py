"""The report of cuts to come: who is cut within some days if nobody pays, who escapes, and why."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import today
from caudal.apps.customers.models import Service
from caudal.apps.dunning.forms import FutureFilter
from caudal.apps.dunning.future import Foreseen, by_day, escaped, foreseen, told, totals
from caudal.apps.dunning.why import why_cut, why_not_cut
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.export import csv_response, xlsx_response

SHOWN = 300
"""Rows on the page; the file has them all."""

HEADER = (
    gettext_lazy("Cut"), gettext_lazy("Customer code"), gettext_lazy("Customer"),
    gettext_lazy("Zone"), gettext_lazy("Collector"), gettext_lazy("Service"), gettext_lazy("Plan"),
    gettext_lazy("Overdue invoices"), gettext_lazy("Debt"), gettext_lazy("Currency"),
    gettext_lazy("Why?"),
)  # fmt: skip


@require_GET
@requires(Verb.SEE_BILLING)
def cuts(request: HttpRequest) -> HttpResponse:
    """By day with totals; the other tab shows who owes and is not cut today."""
    form, tab = FutureFilter(request.GET), _tab(request)
    rows = _rows(request, form, tab)
    days = by_day(rows)
    chosen = request.GET.get("day", "")
    shown = [row for row in rows if not chosen or (row.on and row.on.isoformat() == chosen)]
    context = {
        "title": _("Cuts"),
        "form": form,
        "tab": tab,
        "days": form.horizon,
        "until": today() + timedelta(days=form.horizon),
        "chosen": chosen,
        "by_day": days,
        "count": len(rows),
        "totals": totals(rows),
        "rows": list(_shown(shown[:SHOWN], today())),
        "hidden": max(len(shown) - SHOWN, 0),
        "query": _query(request, "tab", "day"),
    }
    return render(request, "dunning/cuts.html", context)


@require_GET
@requires(Verb.EXPORT_CUSTOMERS)
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All rows of the filter as a file."""
    tab = _tab(request)
    rows = _rows(request, FutureFilter(request.GET), tab)
    write = xlsx_response if kind == "xlsx" else csv_response
    name = f"{_('cuts to come') if tab == 'cut' else _('not cut')}-{today():%Y-%m-%d}"
    return write(name.replace(" ", "-"), [str(title) for title in HEADER], _file_rows(rows))


def _tab(request: HttpRequest) -> str:
    return "escaped" if request.GET.get("tab") == "escaped" else "cut"


def _rows(request: HttpRequest, form: FutureFilter, tab: str) -> list[Foreseen]:
    services = form.narrow(visible(person(request), Service.objects.all()))
    if tab == "escaped":
        return escaped(services, today())
    return foreseen(services, today(), form.horizon)


def _shown(rows: Sequence[Foreseen], day: date) -> Iterator[tuple[Foreseen, Service, str]]:
    for each in told(rows, day):
        tell = why_not_cut if each.row.on is None else why_cut
        yield each.row, each.service, tell(each.reasons, each.row.currency, day)


def _file_rows(rows: Sequence[Foreseen]) -> Iterator[Sequence[Any]]:
    for row, service, sentence in _shown(rows, today()):
        customer = service.customer
        yield (
            row.on,
            customer.code,
            customer.name,
            customer.zone.name,
            str(customer.collector or ""),
            service.number,
            service.plan.name,
            row.invoices,
            row.debt,
            row.currency,
            sentence,
        )


def _query(request: HttpRequest, *without: str) -> str:
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return query.urlencode()
