"""The customers list: a page, its filters, columns, named views, count and files."""

from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.bulk.acts import acts_for
from caudal.apps.catalog.models import Company
from caudal.apps.clock.now import today
from caudal.apps.customers.models import Customer
from caudal.apps.desk.filters import DeskFilter, without
from caudal.apps.desk.list import exports
from caudal.apps.desk.list.columns import (
    GROUPS,
    LIST,
    ListColumn,
    chosen,
    draw,
    every_column,
    fields_of,
    parts_of,
    sorting_of,
)
from caudal.apps.desk.list.rows import Listed, listed, tuples
from caudal.apps.desk.list.words import Words
from caudal.apps.desk.listing import rows_of
from caudal.apps.documents.printing import render as render_paper
from caudal.apps.documents.styles import Kind
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.actions import choose_columns
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.export import xlsx_response
from caudal.web.table import Column, KeysetPage

PAGE = 50
COUNTED = 1_000
"""The count stops here: it must never cost more than the page."""
DIRECT = 10_000
"""A longer file is offered as a job whose result comes by e-mail (WP-51)."""
OTHER_WORDS = {"sort", "cursor", "new", "list", "csrfmiddlewaretoken"}


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def customers(request: HttpRequest) -> HttpResponseBase:
    """The list; a search from the top bar that finds one customer goes straight to him."""
    narrowed = DeskFilter(request.GET, user=person(request))
    columns = chosen(person(request), request.GET.get("cols", ""))
    sorting = sorting_of(request.GET, person(request), columns)
    found = tuples(narrowed.narrow(_visible(request)), fields_of(columns), sorting.order)
    page: KeysetPage[Any] = KeysetPage.of(found, sorting.order, request.GET.get("cursor", ""), PAGE)
    if len(page.rows) == 1 and _is_quick_search(request):
        return redirect("desk:customer", page.rows[0].id)
    rows = _with_new(request, listed(page.rows, parts_of(columns)), columns)
    context = {
        "title": _("Customers"),
        "columns": [Column("pick", "", css="pick"), *columns, Column("tools", "", css="tools")],
        "sorting": sorting,
        "page": page,
        "rows": rows,
        "body": draw(rows, columns, Words.in_readers_language(columns)),
        "chips": narrowed.chips(request.GET),
        "searched": request.GET.get("q", ""),
        "without_search": without(request.GET, "q"),
        "kept": _filter_words(request.GET),
        "acts": acts_for(person(request), "customers"),
        "query": request.GET.urlencode(),
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, f"desk/{'_list' if is_part else 'customers'}.html", context)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def filters(request: HttpRequest) -> HttpResponse:
    """The filters as a form in tabs, asked for when somebody opens it."""
    whole = DeskFilter(request.GET, user=person(request), whole=True)
    return render(request, "desk/_filters.html", {"tabs": whole.tabs})


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def count(request: HttpRequest) -> HttpResponse:
    """How many the filter finds, asked apart and never beyond a thousand."""
    found = DeskFilter(request.GET, user=person(request)).narrow(_visible(request))
    many = found.order_by()[: COUNTED + 1].count()
    context = {"many": min(many, COUNTED), "is_more": many > COUNTED}
    return render(request, "desk/_count.html", context)


@requires(Verb.SEE_CUSTOMERS)
def columns(request: HttpRequest) -> HttpResponse:
    """Which columns this person sees, and in which order (WH-124)."""
    if request.method == "POST":
        known = {column.key for column in every_column(person(request))}
        wanted = [key for key in request.POST.getlist("columns") if key in known]
        usual = "usual" in request.POST
        choose_columns(user=person(request), listed=LIST, columns=[] if usual else wanted)
        return redirect(f"{reverse('desk:customers')}?{request.POST.get('query', '')}")
    shown = chosen(person(request))
    keys = {column.key for column in shown}
    every = every_column(person(request))
    context = {
        "shown": shown,
        "groups": [
            (label, [each for each in every if each.group == key and each.key not in keys])
            for key, label in GROUPS.items()
        ],
        "query": without(request.GET, "cols"),
    }
    return render(request, "desk/_columns.html", context)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def by_codes(request: HttpRequest) -> HttpResponse:
    """Choose customers by pasted codes instead of ticking them."""
    context = {"title": _("Choose by codes"), "acts": acts_for(person(request), "customers")}
    return render(request, "desk/by_codes.html", context)


@require_GET
@requires(Verb.EXPORT_CUSTOMERS)
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All customers of the filter, in the order of the list (WP-51, IC-31)."""
    narrowed = DeskFilter(request.GET, user=person(request)).narrow(_visible(request))
    order = sorting_of(request.GET, person(request)).order
    name = f"{_('customers')}-{today():%Y-%m-%d}"
    if kind == "pdf":
        return _printed(narrowed, order, name)
    if "direct" not in request.GET and narrowed.order_by()[: DIRECT + 1].count() > DIRECT:
        return _large(request, kind)
    whole = request.GET.get("file_columns") != "shown"
    user = person(request)
    columns = every_column(user) if whole else chosen(user, request.GET.get("cols", ""))
    if kind not in ("json", "xlsx"):
        return exports.csv_response(name, narrowed, order, columns)
    rows = exports.values_of_list(narrowed, order, columns)
    if kind == "json":
        return exports.json_response(name, columns, rows)
    return xlsx_response(name, exports.header(columns), rows)


def _large(request: HttpRequest, kind: str) -> HttpResponse:
    query = without(request.GET, "direct")
    context = {
        "title": _("A large file"),
        "kind": kind,
        "key": uuid4(),
        "query": query,
        "address": person(request).email,
        "direct": f"{request.path}?{query}&direct=1",
    }
    return render(request, "desk/large_export.html", context)


def _printed(found: QuerySet[Customer], order: tuple[str, ...], name: str) -> HttpResponse:
    """The list on paper (IC-28), in the look of the first company."""
    company = Company.objects.filter(is_active=True).first() or Company.objects.get()
    sheet = exports.list_sheet(found, order, company.currency, today())
    response = HttpResponse(render_paper(Kind.LIST, company, sheet), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _visible(request: HttpRequest) -> QuerySet[Customer]:
    return visible(person(request), Customer.objects.all())


def _is_quick_search(request: HttpRequest) -> bool:
    asked = {name for name, value in request.GET.items() if value}
    return asked == {"q"} and not request.headers.get("HX-Request")


def _with_new(
    request: HttpRequest, rows: list[Listed], columns: tuple[ListColumn, ...]
) -> list[Listed]:
    """The customer just registered stands first and marked, wherever his name would be (IW-21)."""
    new = request.GET.get("new", "")
    if not new.isdecimal() or request.GET.get("cursor"):
        return rows
    found = _visible(request).filter(pk=int(new))
    fresh = listed(list(tuples(found, fields_of(columns))), parts_of(columns))
    whole = rows_of(list(found.select_related("zone")))
    for row, known in zip(fresh, whole, strict=True):
        row.is_new = True
        if known.connection is not None:
            row.fresh_sync = render_to_string("desk/_sync.html", {"connection": known.connection})
    return fresh + [row for row in rows if row.customer.id != int(new)]


def _filter_words(query: QueryDict) -> dict[str, Any]:
    """What the search box sends along, so that typing does not lose the filters."""
    return {name: value for name, value in query.items() if value and name not in OTHER_WORDS}
