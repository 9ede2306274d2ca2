"""The customers list, its filters and its export."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.catalog.models import Company
from caudal.apps.clock.now import today
from caudal.apps.customers.models import Customer
from caudal.apps.desk.exports import HEADER, export_rows, list_sheet
from caudal.apps.desk.filters import DeskFilter
from caudal.apps.desk.listing import (
    COLUMNS,
    PAGE,
    Labels,
    ListedService,
    Row,
    listed,
    page_queryset,
    rows_of,
)
from caudal.apps.documents.printing import render as render_paper
from caudal.apps.documents.styles import Kind
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.export import csv_response, xlsx_response
from caudal.web.table import KeysetPage, Sorting

OTHER_WORDS = {"sort", "cursor", "new", "list", "csrfmiddlewaretoken"}


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def customers(request: HttpRequest) -> HttpResponseBase:
    """The list; a search from the top bar that finds one customer goes straight to him."""
    narrowed = DeskFilter(request.GET)
    sorting = Sorting.read(request.GET, COLUMNS, default="name")
    found = page_queryset(narrowed.narrow(_visible(request)), sorting.order)
    page = KeysetPage.of(found, sorting.order, request.GET.get("cursor", ""), PAGE)
    if len(page.rows) == 1 and _is_quick_search(request):
        return redirect("desk:customer", page.rows[0].pk)
    context = {
        "title": _("Customers"),
        "columns": COLUMNS,
        "sorting": sorting,
        "page": page,
        "rows": _with_new(request, listed(page.rows)),
        "labels": Labels.in_readers_language(),
        "chips": narrowed.chips(request.GET),
        "searched": request.GET.get("q", ""),
        "kept": _filter_words(request.GET),
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, f"desk/{'_list' if is_part else 'customers'}.html", context)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def filters(request: HttpRequest) -> HttpResponse:
    """The filters as a form, asked for when somebody opens it."""
    form = DeskFilter(request.GET)
    fields = [form[name] for name in form.fields if name != "q"]
    return render(request, "desk/_filters.html", {"fields": fields})


@require_GET
@requires(Verb.EXPORT_CUSTOMERS)
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All customers of the filter, in the order of the list (WP-51, IC-31)."""
    narrowed = DeskFilter(request.GET).narrow(_visible(request))
    sorting = Sorting.read(request.GET, COLUMNS, default="name")
    found = page_queryset(narrowed, sorting.order).order_by(*sorting.order, "id")
    name = f"{_('customers')}-{today():%Y-%m-%d}"
    if kind == "pdf":
        return _printed(found, name)
    write = xlsx_response if kind == "xlsx" else csv_response
    return write(name, [str(title) for title in HEADER], export_rows(found))


def _printed(found: QuerySet[Customer], name: str) -> HttpResponse:
    """The list on paper (IC-28), in the look of the first company."""
    company = Company.objects.filter(is_active=True).first() or Company.objects.get()
    content = render_paper(Kind.LIST, company, list_sheet(found, company.currency, today()))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _visible(request: HttpRequest) -> QuerySet[Customer]:
    return visible(person(request), Customer.objects.all())


def _is_quick_search(request: HttpRequest) -> bool:
    asked = {name for name, value in request.GET.items() if value}
    return asked == {"q"} and not request.headers.get("HX-Request")


def _with_new(request: HttpRequest, rows: list[Row[ListedService]]) -> list[Row[ListedService]]:
    """The customer just registered stands first and marked, wherever his name would be (IW-21)."""
    new = request.GET.get("new", "")
    if not new.isdigit() or request.GET.get("cursor"):
        return rows
    found = list(page_queryset(_visible(request).filter(pk=int(new))))
    fresh = listed(found)
    for row, whole in zip(fresh, rows_of(found), strict=True):
        row.is_new = True
        if whole.connection is not None:
            row.sync = render_to_string("desk/_sync.html", {"connection": whole.connection})
    return fresh + [row for row in rows if row.customer.pk != int(new)]


def _filter_words(query: QueryDict) -> dict[str, Any]:
    """What the search box sends along, so that typing does not lose the filters."""
    return {name: value for name, value in query.items() if value and name not in OTHER_WORDS}
