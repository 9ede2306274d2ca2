"""Screens of the journal: who changed what, from what to what."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from caudal.apps.staff.access import person, requires
from caudal.apps.staff.forms.users import JournalFilter
from caudal.apps.staff.history import tell
from caudal.apps.staff.models import JournalEntry
from caudal.apps.staff.scope import visible_journal
from caudal.apps.staff.verbs import Verb
from caudal.web.table import KeysetPage

NEWEST = ("-at", "-id")


@requires(Verb.SEE_JOURNAL)
def journal(request: HttpRequest) -> HttpResponse:
    form = JournalFilter(request.GET or None)
    rows = narrow(form, visible_journal(person(request), JournalEntry.objects.all()))
    page = KeysetPage.of(rows, NEWEST, request.GET.get("cursor", ""))
    context = {"title": _("Journal"), "form": form, "page": page, "entries": tell(page.rows)}
    fragment = request.headers.get("HX-Request")
    return render(request, "staff/_journal.html" if fragment else "staff/journal.html", context)


@requires(Verb.SEE_JOURNAL)
def customer_journal(request: HttpRequest, pk: int) -> HttpResponse:
    """Panel of the customer's page: the acts about him, the latest ones first, narrowed."""
    form = JournalFilter(request.GET or None, auto_id="journal_%s")
    mine = visible_journal(person(request), JournalEntry.objects.filter(customer_id=pk))
    form.offer_acts(mine)
    page = KeysetPage.of(narrow(form, mine), NEWEST, request.GET.get("cursor", ""), size=10)
    query = request.GET.copy()
    query.pop("cursor", None)
    context = {"page": page, "entries": tell(page.rows), "pk": pk, "form": form}
    context |= {"query": query.urlencode(), "narrowed": any(query.values())}
    return render(request, "staff/_customer_journal.html", context)


def narrow(form: JournalFilter, rows: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    """The entries that the form asks for; one that makes no sense asks for all."""
    if not form.is_valid():
        return rows
    wanted = form.cleaned_data
    if wanted["q"]:
        rows = rows.filter(subject_label__icontains=wanted["q"])
    if wanted["who"]:
        rows = rows.filter(actor=wanted["who"])
    if wanted["act"]:
        rows = rows.filter(verb=wanted["act"])
    zone = ZoneInfo(settings.TIME_ZONE)
    if wanted["first"]:
        rows = rows.filter(at__gte=datetime.combine(wanted["first"], time(), zone))
    if wanted["last"]:
        end = datetime.combine(wanted["last"] + timedelta(days=1), time(), zone)
        rows = rows.filter(at__lt=end)
    return rows
