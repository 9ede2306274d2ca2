"""Screens of updates: bring the file, say what its columns are, look, choose, take over."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from caudal.apps.clock.now import now
from caudal.apps.imports.sheets import samples_of
from caudal.apps.imports.words import told_of_file
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.verbs import Verb
from caudal.apps.updates import actions
from caudal.apps.updates.forms import ColumnsForm, UploadForm
from caudal.apps.updates.models import Update
from caudal.apps.updates.results import wrong_csv
from caudal.apps.updates.shown import (
    changed_columns,
    progress_of,
    rows_of,
    shown,
    tabs_of,
)
from caudal.core.errors import RuleError
from caudal.core.ports.importer import FileError
from caudal.web.errors import explain
from caudal.web.table import KeysetPage

ROWS = 40


@requires(Verb.EDIT_CUSTOMERS)
def updates(request: HttpRequest) -> HttpResponse:
    """A person's own files, and the box for another one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            update = actions.open_update(
                user=person(request), now=now(), content=file.read(), filename=file.name
            )
            return redirect("updates:update", update.pk)
        except FileError as error:
            form.add_error("file", told_of_file(error))
    page = KeysetPage.of(
        _mine(request), order=("-created_at", "-id"), cursor=request.GET.get("cursor", "")
    )
    context = {
        "title": _("Update by file"),
        "form": form,
        "page": page,
        "key": uuid4(),
        "may_export": person(request).may(Verb.EXPORT_CUSTOMERS),
    }
    return render(request, "updates/updates.html", context)


@require_GET
@requires(Verb.EDIT_CUSTOMERS)
def update(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the step at which the update is."""
    found = _of(request, pk)
    if found.status == Update.Status.MAPPING:
        return _columns_page(request, found, ColumnsForm(update=found, user=person(request)))
    return render(request, "updates/update.html", _page(found, request))


@require_POST
@requires(Verb.EDIT_CUSTOMERS)
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    found = _of(request, pk)
    form = ColumnsForm(request.POST, update=found, user=person(request))
    if not form.is_valid():
        return _columns_page(request, found, form)
    return _done(request, pk, lambda: actions.choose_columns(update=found, **form.chosen()))


@require_POST
@requires(Verb.EDIT_CUSTOMERS)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to what the columns are."""
    found = _of(request, pk)
    return _done(request, pk, lambda: actions.choose_again(update=found))


@require_GET
@requires(Verb.EDIT_CUSTOMERS)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked every second while the worker is at it; at the end the page loads again."""
    found = _of(request, pk)
    if found.status != Update.Status.CHECKING:
        return HttpResponseClientRefresh()
    context = {"progress": progress_of(found), "update": found}
    return render(request, "updates/_progress.html", context)


@require_GET
@requires(Verb.EDIT_CUSTOMERS)
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "updates/_rows.html", _page(_of(request, pk), request))


@require_POST
@requires(Verb.EDIT_CUSTOMERS)
def select(request: HttpRequest, pk: int) -> HttpResponse:
    """One row by its box, or all of them."""
    found, wanted = _of(request, pk), request.POST.get("selected") == "on"
    if request.POST.get("all"):
        actions.select_all(update=found, selected=wanted)
    else:
        ids = [int(each) for each in request.POST.getlist("row") if each.isdecimal()]
        actions.select(update=found, rows=ids, selected=wanted)
    return render(request, "updates/_rows.html", _page(found, request))


@require_POST
@requires(Verb.EDIT_CUSTOMERS)
def leave_out(request: HttpRequest, pk: int) -> HttpResponse:
    """The columns that are not ticked are not taken over."""
    found = _of(request, pk)
    taken = set(request.POST.getlist("column"))
    keys = [key for key in found.differing if key not in taken]
    found = actions.leave_out(update=found, keys=keys)
    return render(request, "updates/_rows.html", _page(found, request))


@requires(Verb.EDIT_CUSTOMERS)
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Says once more what will be changed, and then does it as one act."""
    found, user = _of(request, pk), person(request)
    if request.method == "POST":
        try:
            key = UUID(request.POST.get("key", ""))
            act = actions.take_over(user=user, now=now(), key=key, update=found)
            return redirect("bulk:act", act.pk)
        except RuleError as error:
            messages.error(request, explain(error))
            return redirect("updates:update", pk)
        except ValueError:
            raise PermissionDenied from None
    return render(request, "updates/take_over.html", _approval(found, request))


@require_POST
@requires(Verb.EDIT_CUSTOMERS)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = _of(request, pk)
    try:
        actions.discard(user=person(request), now=now(), update=found)
        messages.success(request, _("The file was discarded. Nothing was changed."))
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("updates:updates")


@require_GET
@requires(Verb.EDIT_CUSTOMERS)
def wrong(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The rows with errors, as a file."""
    return wrong_csv(_of(request, pk), person(request))


def _mine(request: HttpRequest) -> QuerySet[Update]:
    return Update.objects.filter(created_by=person(request)).select_related("act")


def _of(request: HttpRequest, pk: int) -> Update:
    return get_object_or_404(_mine(request), pk=pk)


def _done(request: HttpRequest, pk: int, act: Any) -> HttpResponse:
    try:
        act()
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("updates:update", pk)


def _columns_page(request: HttpRequest, found: Update, form: ColumnsForm) -> HttpResponse:
    context = {
        "title": str(found),
        "update": found,
        "form": form,
        "columns": list(form.columns(samples_of(found.rows))),
    }
    return render(request, "updates/columns.html", context)


def _page(found: Update, request: HttpRequest) -> dict[str, Any]:
    """The update with one page of its rows."""
    tabs = tabs_of(found, request.GET.get("tab", "") or request.POST.get("tab", ""))
    tab = next((each.key for each in tabs if each.is_current), tabs[0].key if tabs else "")
    page = KeysetPage.of(
        rows_of(found, tab), order=("line",), cursor=request.GET.get("cursor", ""), size=ROWS
    )
    changed = changed_columns(found, person(request))
    return {
        "title": str(found),
        "update": found,
        "tabs": tabs_of(found, tab),
        "tab": tab,
        "columns": changed,
        "shown": changed if tab in ("changed", "done") else [],
        "progress": progress_of(found),
        "is_busy": found.status == Update.Status.CHECKING,
        "is_review": found.status == Update.Status.REVIEW,
        "page": page,
        "rows": shown(page.rows, changed, person(request)),
    }


def _approval(found: Update, request: HttpRequest) -> dict[str, Any]:
    count = len([pk for pk in actions.customers_of(found) if pk is not None])
    return {
        "title": _("Take over"),
        "update": found,
        "count": count,
        "columns": [each for each in changed_columns(found, person(request)) if each.is_taken],
        "key": uuid4(),
    }
