"""Acts on chosen invoices: what will be done, doing it, and what became of each."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.billing import bulk
from caudal.apps.billing.filters import InvoiceFilter
from caudal.apps.billing.listing import COLUMNS, sums_of
from caudal.apps.billing.models import BulkAct, BulkRow, Invoice
from caudal.apps.billing.models.invoice import InvoiceQuerySet
from caudal.apps.clock.now import now, today
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.errors import placed_in
from caudal.web.forms import PanelForm
from caudal.web.table import KeysetPage, Sorting

LATEST = 20


@require_POST
@requires(Verb.SEE_BILLING)
def start(request: HttpRequest) -> HttpResponse:
    """First what would be done and to how many; sent again with `confirmed`, it is done."""
    act = bulk.act_named(request.POST.get("act", ""))
    if act is None:
        raise Http404
    if not person(request).may(act.verb):
        raise PermissionDenied
    chosen = _chosen(request)
    count = chosen.count()
    form = (act.form or PanelForm)(request.POST if "confirmed" in request.POST else None)
    if form.is_bound and form.is_valid():
        if act.is_danger and request.POST.get("typed", "").strip() != str(count):
            form.add_error(None, _("Type how many invoices it is."))
        with placed_in(form):
            if form.is_valid():
                return redirect("billing:bulk_act", _ask(request, act, chosen, form).pk)
    context = {
        "title": act.label,
        "act": act,
        "form": form,
        "count": count,
        "sums": sums_of(chosen),
        "key": request.POST.get("key") or uuid4(),
        "ids": [] if request.POST.get("all") else request.POST.getlist("pick"),
        "query": request.POST.get("query", ""),
    }
    return render(request, "billing/bulk_start.html", context)


@require_GET
@requires(Verb.SEE_BILLING)
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and what became of each row; refused ones first."""
    row = _mine(request, pk)
    counts = {each["status"]: each["n"] for each in _counted(row)}
    page = KeysetPage.of(
        BulkRow.objects.filter(bulk=row),
        ("-status", "position"),
        request.GET.get("cursor", ""),
        50,
    )
    found = Invoice.objects.select_related("customer").in_bulk(
        [each.subject_id for each in page.rows]
    )
    known = bulk.act_named(row.act)
    context = {
        "title": known.label if known else row.act,
        "bulk": row,
        "done": counts.get("done", 0),
        "refused": counts.get("refused", 0),
        "planned": sum(counts.values()),
        "page": page,
        "rows": [(each, found.get(each.subject_id)) for each in page.rows],
    }
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "billing/_bulk_act.html" if part else "billing/bulk_act.html"
    return render(request, template, context)


@require_GET
@requires(Verb.SEE_BILLING)
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file that the act made, for whoever asked for it."""
    row = _mine(request, pk)
    if not row.file:
        raise Http404
    name = str(row.file.name).rsplit("/", 1)[-1][len(str(row.key)) + 1 :]
    return FileResponse(row.file.open("rb"), as_attachment=True, filename=name)


@require_GET
@requires(Verb.SEE_BILLING)
def latest(request: HttpRequest) -> HttpResponse:
    """What this person asked for lately."""
    rows = BulkAct.objects.filter(requested_by=person(request)).annotate(count=Count("rows"))
    named = [(row, bulk.act_named(row.act)) for row in rows[:LATEST]]
    return render(request, "billing/bulk_acts.html", {"title": _("Bulk acts"), "rows": named})


def _ask(request: HttpRequest, act: bulk.Act, chosen: InvoiceQuerySet, form: Any) -> BulkAct:
    plain = {name: _plain(value) for name, value in form.cleaned_data.items()}
    return bulk.ask(
        user=person(request),
        now=now(),
        key=UUID(request.POST["key"]),
        act=act,
        ids=chosen.values_list("pk", flat=True),
        options=plain,
    )


def _chosen(request: HttpRequest) -> InvoiceQuerySet:
    """The picked ones, or all of the filter that the list showed, in its order."""
    rows: Any = visible(person(request), Invoice.objects.all())
    query = QueryDict(request.POST.get("query", ""))
    order = Sorting.read(query, COLUMNS, default="-emission").order
    if request.POST.get("all"):
        found: InvoiceQuerySet = InvoiceFilter(query).narrow(rows, today()).order_by(*order)
        return found
    picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isdigit()]
    found = rows.filter(pk__in=picked).order_by(*order)
    return found


def _counted(row: BulkAct) -> Any:
    return row.rows.order_by().values("status").annotate(n=Count("pk"))


def _mine(request: HttpRequest, pk: int) -> BulkAct:
    return get_object_or_404(BulkAct, pk=pk, requested_by=person(request))


def _plain(value: Any) -> Any:
    """What JSON keeps: a row by its key, a date or an amount as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.pk if hasattr(value, "pk") else str(value)
