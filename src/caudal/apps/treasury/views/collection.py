"""The collection file: choosing its columns, looking at it, and taking it along."""

from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.catalog.models import Company
from caudal.apps.clock.now import today
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.verbs import Verb
from caudal.apps.treasury.collection import PARTS, USUAL, debts
from caudal.web.export import csv_response

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
SHOWN = 20


@require_GET
@requires(Verb.EXPORT_CUSTOMERS)
def collection(request: HttpRequest) -> HttpResponse:
    """What the file would hold, with the choices that its address remembers."""
    company, parts, separator = _asked(request)
    rows = list(islice(debts(person(request), company), SHOWN)) if company else []
    context = {
        "title": _("Collection file"),
        "companies": Company.objects.filter(is_active=True),
        "company": company,
        "parts": [(code, label, code in parts) for code, label in PARTS.items()],
        "header": [PARTS[part] for part in parts],
        "rows": [row.cells(parts) for row in rows],
        "separator": separator,
        "shown": SHOWN,
    }
    return render(request, "treasury/collection.html", context)


@require_GET
@requires(Verb.EXPORT_CUSTOMERS)
def collection_file(request: HttpRequest) -> HttpResponseBase:
    company, parts, separator = _asked(request)
    found = debts(person(request), company) if company else iter(())
    name = f"{_('collection')}-{today():%Y-%m-%d}"
    header = [str(PARTS[part]) for part in parts]
    rows = (row.cells(parts) for row in found)
    return csv_response(
        name, header, rows, for_excel=False, delimiter=SEPARATORS.get(separator, ",")
    )


def _asked(request: HttpRequest) -> tuple[Company | None, list[str], str]:
    companies = Company.objects.filter(is_active=True).order_by("pk")
    chosen = request.GET.get("company", "")
    company = companies.filter(pk=chosen).first() if chosen.isdecimal() else companies.first()
    parts = [part for part in PARTS if part in request.GET.getlist("part")]
    return company, [str(part) for part in parts or USUAL], request.GET.get("separator", "comma")
