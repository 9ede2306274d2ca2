"""Screens of imports: open, say what columns mean, review, approve, and what came of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from caudal.apps.clock.now import now, today
from caudal.apps.imports import actions, reading
from caudal.apps.imports.bulk import undoable
from caudal.apps.imports.forms import ColumnsForm, FileForm, MissingForm, RouterForm, missing_forms
from caudal.apps.imports.models import FirstPlan, ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.results import counts, failed_csv
from caudal.apps.imports.sheets import samples_of
from caudal.apps.imports.shown import progress_of, rows_of, shown, tabs_of, why_nothing
from caudal.apps.imports.words import told_of_file
from caudal.apps.network.words import explain_fault
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.core.ports.access import AccessError
from caudal.core.ports.importer import FileError
from caudal.web.errors import explain
from caudal.web.forms import live
from caudal.web.table import KeysetPage

BUSY = (ImportRun.Status.CHECKING, ImportRun.Status.APPLYING)
ROWS = 40


@requires(Verb.IMPORT_DATA)
def runs(request: HttpRequest) -> HttpResponse:
    page = KeysetPage.of(
        ImportRun.objects.select_related("router"),
        order=("-created_at", "-id"),
        cursor=request.GET.get("cursor", ""),
    )
    return render(request, "imports/runs.html", {"title": _("Import"), "page": page})


@requires(Verb.IMPORT_DATA)
def open_file(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None, today=today())
    if (errors := live(request, form)) is not None:
        return errors
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = actions.open_file(
                actor=actor(request),
                now=now(),
                content=file.read(),
                filename=file.name,
                options=form.options(),
                source=form.cleaned_data["source"],
            )
            return redirect("imports:run", run.pk)
        except FileError as error:
            form.add_error("file", told_of_file(error))
    return render(request, "imports/open.html", {"form": form, "title": _("Import a file")})


@requires(Verb.IMPORT_DATA)
def open_router(request: HttpRequest) -> HttpResponse:
    form = RouterForm(request.POST or None, today=today())
    if (errors := live(request, form)) is not None:
        return errors
    if request.method == "POST" and form.is_valid():
        try:
            run = reading.open_router(
                actor=actor(request),
                now=now(),
                router=form.cleaned_data["router"],
                options=form.options(),
            )
            _choose(request, run, run.source, run.mapping)
            return redirect("imports:run", run.pk)
        except AccessError as error:
            form.add_error("router", explain_fault(str(error)))
    context = {
        "form": form,
        "title": _("Adopt a router"),
        "intro": _("The router is only read. Nothing on it changes until you approve."),
    }
    return render(request, "imports/open.html", context)


@requires(Verb.IMPORT_DATA)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the step at which the run is."""
    found = get_object_or_404(ImportRun, pk=pk)
    if found.status == ImportRun.Status.MAPPING:
        return _columns_page(request, found, ColumnsForm(run=found))
    context = _page(found, request)
    if found.status == ImportRun.Status.REVIEW:
        context["missing"] = missing_forms(found)
    return render(request, "imports/run.html", context)


@requires(Verb.IMPORT_DATA)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns mean; of a file under review they may be chosen anew."""
    found = get_object_or_404(ImportRun, pk=pk)
    if request.method != "POST":
        is_open = found.status in (ImportRun.Status.MAPPING, ImportRun.Status.REVIEW)
        if found.router_id or not is_open:
            return redirect("imports:run", pk)
        return _columns_page(request, found, ColumnsForm(run=found))
    form = ColumnsForm(request.POST, run=found)
    if not form.is_valid():
        return _columns_page(request, found, form)
    try:
        source, month_first = form.cleaned_data["source"], form.month_first()
        _choose(request, found, source, form.mapping(), month_first)
    except actions.WrongMoment:
        messages.error(request, _("This import has moved on meanwhile."))
    return redirect("imports:run", pk)


@requires(Verb.IMPORT_DATA)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked every second while the worker is at it; at the end the page loads again."""
    found = get_object_or_404(ImportRun, pk=pk)
    if found.status not in BUSY:
        return HttpResponseClientRefresh()
    context = {"progress": progress_of(found), "import": found}
    return render(request, "imports/_progress.html", context)


@requires(Verb.IMPORT_DATA)
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ImportRun, pk=pk)
    return render(request, "imports/_rows.html", _page(found, request))


@require_POST
@requires(Verb.IMPORT_DATA)
def select(request: HttpRequest, pk: int) -> HttpResponse:
    """One row by its box, or every row of a tab."""
    found = get_object_or_404(ImportRun, pk=pk)
    wanted = found.rows.filter(pk__in=request.POST.getlist("row"))
    if tab := request.POST.get("all", ""):
        wanted = rows_of(found, tab)
    ids = list(wanted.values_list("pk", flat=True))
    try:
        actions.select(run=found, rows=ids, selected=request.POST.get("selected") == "on")
    except actions.WrongMoment:
        return HttpResponseClientRefresh()
    return render(request, "imports/_rows.html", _page(found, request))


@require_POST
@requires(Verb.IMPORT_DATA)
def missing(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ImportRun, pk=pk)
    forms: list[MissingForm] = missing_forms(found, request.POST)
    if not all([form.is_valid() for form in forms]):
        context = _page(found, request) | {"missing": forms}
        return render(request, "imports/run.html", context)
    rows = [form.plain() for form in forms]
    try:
        actions.change_missing(actor=actor(request), now=now(), run=found, missing=rows)
    except actions.WrongMoment:
        messages.error(request, _("This import has moved on meanwhile."))
    return redirect("imports:run", pk)


@requires(Verb.IMPORT_DATA)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ImportRun, pk=pk)
    try:
        actions.require_importable(found)
    except RuleError as error:
        messages.error(request, explain(error))
        return redirect("imports:run", pk)
    if request.method == "POST":
        try:
            actions.approve(actor=actor(request), now=now(), run=found)
        except actions.WrongMoment:
            messages.error(request, _("This import has moved on meanwhile."))
        return redirect("imports:run", pk)
    return render(request, "web/confirm.html", _approval(found))


@require_POST
@requires(Verb.IMPORT_DATA)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ImportRun, pk=pk)
    try:
        actions.discard(actor=actor(request), now=now(), run=found)
        messages.success(request, _("The import was discarded. Nothing was written."))
    except actions.WrongMoment:
        messages.error(request, _("This import has moved on meanwhile."))
    return redirect("imports:runs")


@requires(Verb.IMPORT_DATA)
def failed(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    return failed_csv(get_object_or_404(ImportRun, pk=pk))


def _choose(
    request: HttpRequest,
    run: ImportRun,
    source: str,
    mapping: list[str],
    month_first: bool | None = None,
) -> None:
    actions.choose(
        actor=actor(request),
        now=now(),
        run=run,
        source=source,
        mapping=mapping,
        options=Options.of(run.options),
        month_first=month_first,
    )


def _columns_page(request: HttpRequest, run: ImportRun, form: ColumnsForm) -> HttpResponse:
    context = {
        "title": str(run),
        "import": run,
        "form": form,
        "columns": list(form.columns(samples_of(run.rows))),
        "rows_count": run.rows.count(),
    }
    return render(request, "imports/columns.html", context)


def _page(run: ImportRun, request: HttpRequest) -> dict[str, Any]:
    """The run with one page of its rows."""
    tab = request.GET.get("tab", "") or request.POST.get("tab", "")
    found = counts(run)
    page = KeysetPage.of(
        rows_of(run, tab), order=("line",), cursor=request.GET.get("cursor", ""), size=ROWS
    )
    return {
        "title": str(run),
        "import": run,
        "tab": tab,
        "tabs": tabs_of(run, found, tab),
        "counts": found,
        "progress": progress_of(run),
        "is_busy": run.status in BUSY,
        "page": page,
        "rows": shown(page.rows),
        "first_plan": FirstPlan.objects.filter(run=run).first(),
        "undoable": undoable(run).exists(),
        "why_nothing": why_nothing(run, found),
    }


def _approval(run: ImportRun) -> dict[str, Any]:
    found = counts(run)
    chosen = run.rows.filter(selected=True)
    new = chosen.filter(plan=ImportRow.Plan.NEW).count()
    changed = chosen.filter(plan=ImportRow.Plan.CHANGED).count()
    points = [
        _("%(count)s new customers or services") % {"count": new},
        _("%(count)s changes") % {"count": changed},
        _("%(count)s rows stay out") % {"count": found.total - new - changed},
    ]
    points += [
        _("Creates: %(name)s") % {"name": row["name"]} for row in run.missing if row["approved"]
    ]
    if run.router is not None:
        points.append(_("The router's rows of these customers become ours."))
    return {
        "title": _("Import"),
        "text": _("This will be written:"),
        "points": points,
        "submit": _("Import now"),
        "cancel_url": reverse("imports:run", args=[run.pk]),
    }
