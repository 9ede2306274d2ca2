"""The list of runs, one run with its rows, its progress and its files."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.billing.models import Parked
from caudal.apps.clock.now import today
from caudal.apps.runs import reads
from caudal.apps.runs.columns import (
    COLUMNS,
    HEADER,
    PAGE,
    RUN_COLUMNS,
    export_rows,
    file_name,
    words_of,
)
from caudal.apps.runs.forms import RowFilter
from caudal.apps.runs.models import Run, RunRow, RunTerms
from caudal.apps.runs.words import tell_reasons
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.scope import offer_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.web.export import csv_response, xlsx_response
from caudal.web.table import KeysetPage, Sorting

DIFFERENCES = ("new", "changed", "gone")


@require_GET
@requires(Verb.RUN_BILLING)
def runs(request: HttpRequest) -> HttpResponse:
    """Newest first; those that wait for a person stand on top of the page."""
    kind = request.GET.get("kind", "")
    found = Run.objects.filter(kind=kind) if kind in Run.Kind.values else Run.objects.all()
    sorting = Sorting.read(request.GET, RUN_COLUMNS, default="-requested_at")
    page = KeysetPage.of(found, sorting.order, request.GET.get("cursor", ""), PAGE)
    context = {
        "title": _("Runs"),
        "columns": RUN_COLUMNS,
        "sorting": sorting,
        "page": page,
        "kind": kind,
        "kinds": Run.Kind.choices,
        "waiting": Run.objects.waiting_for_a_person(),
        "terms": RunTerms.get(),
        "parked": visible(person(request), Parked.objects.select_related("customer"))[:PAGE],
    }
    return render(request, _part(request, "runs/_runs.html", "runs/runs.html"), context)


@require_GET
@requires(Verb.RUN_BILLING)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """What it comes to: sums, the comparison with last month, who is left out and why."""
    row = get_object_or_404(Run.objects.select_related("undoes"), pk=pk)
    context = {
        **_head(row),
        "tab": "sums",
        "sums": reads.sums(row),
        "by_plan": reads.parts(row, "plan"),
        "by_zone": reads.parts(row, "zone"),
        "left_out": [
            (tell_reasons(example.reasons, example.currency)[0], count)
            for example, count in reads.left_out(row)
        ],
    }
    return render(request, "runs/run.html", context)


@require_GET
@requires(Verb.RUN_BILLING)
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Its rows, narrowed and sorted: all, the exceptions, or what differs from last month."""
    row = get_object_or_404(Run.objects.select_related("undoes"), pk=pk)
    form = RowFilter(request.GET)
    offer_visible(person(request), form)
    sorting = Sorting.read(request.GET, COLUMNS, default="id")
    found = form.narrow(_visible(request, row)).select_related(
        "customer", "service", "plan", "zone"
    )
    page = KeysetPage.of(found, sorting.order, request.GET.get("cursor", ""), PAGE)
    for each in page.rows:
        each.words = words_of(each)  # type: ignore[attr-defined]
    show = request.GET.get("show", "")
    context = {
        **_head(row),
        "tab": "rows" if show not in (*DIFFERENCES, "exceptions") else show,
        "form": form,
        "columns": COLUMNS,
        "sorting": sorting,
        "page": page,
        "narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, _part(request, "runs/_rows.html", "runs/rows.html"), context)


@require_GET
@requires(Verb.RUN_BILLING)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; the whole page is asked for again once it stands still."""
    row = get_object_or_404(Run, pk=pk)
    response = render(request, "runs/_progress.html", {"run": row})
    if not row.is_moving:
        response["HX-Refresh"] = "true"
    return response


@require_GET
@requires(Verb.EXPORT_CUSTOMERS)
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """All rows of the filter, in the order of the plan."""
    row = get_object_or_404(Run, pk=pk)
    found = RowFilter(request.GET).narrow(_visible(request, row)).order_by("id")
    write = xlsx_response if kind == "xlsx" else csv_response
    return write(file_name(row), [str(title) for title in HEADER], export_rows(found))


@require_GET
@requires(Verb.RUN_BILLING)
def waiting_panel(request: HttpRequest) -> HttpResponse:
    """The dashboard's card: what waits for a person, and the latest runs."""
    context = {
        "waiting": list(Run.objects.waiting_for_a_person()),
        "latest": Run.objects.exclude(status=Run.Status.DISCARDED)[:5],
        "terms": RunTerms.get(),
    }
    return render(request, "runs/_waiting.html", context)


def _visible(request: HttpRequest, run: Run) -> QuerySet[RunRow]:
    return visible(person(request), run.rows.all())


def _head(run: Run) -> dict[str, Any]:
    """What every page of a run shows above its tab."""
    compared = run.totals.get("compared", {})
    return {
        "title": str(run.get_kind_display()),
        "run": run,
        "brakes": tell_reasons(run.brakes, _currency(run)),
        "compared": compared,
        "undone": run.undone_by.exclude(status=Run.Status.DISCARDED).first(),
        "is_due": run.on <= today() or run.kind == Run.Kind.PRICE,
        "waits_for_its_date": run.status == Run.Status.APPROVED and run.on > today(),
        "counts": run.result.get("counts", {}),
        "shadow_month": RunTerms.get().is_shadow,
    }


def _currency(run: Run) -> str:
    amounts = run.totals.get("amounts", {})
    return str(next(iter(amounts), ""))


def _part(request: HttpRequest, part: str, whole: str) -> str:
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return part if is_part else whole
