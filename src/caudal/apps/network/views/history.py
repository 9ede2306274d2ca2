"""Who had an address, on screen and as a file for whoever asks with a court order."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.network.forms.addresses import HistoryForm
from caudal.apps.network.history import uses_of
from caudal.apps.network.models import AddressUse
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.verbs import Verb
from caudal.web.export import csv_response
from caudal.web.table import KeysetPage

AT_ONCE = 1000
"""Rows in memory while a file is written."""


@require_GET
@requires(Verb.SEE_NETWORK)
def history(request: HttpRequest) -> HttpResponseBase:
    """Nothing is listed until somebody asks: the whole history answers no question."""
    form = HistoryForm(request.GET or None)
    words, moment = form.words(), form.moment()
    asked = bool(words or moment)
    uses = uses_of(person(request), words, moment) if asked else AddressUse.objects.none()
    page = KeysetPage.of(uses, ("-since", "-id"), request.GET.get("cursor", ""))
    context = {"title": _("Who had an address"), "form": form, "page": page, "asked": asked}
    whole = not request.headers.get("HX-Request")
    return render(request, "network/history.html" if whole else "network/_history.html", context)


@require_GET
@requires(Verb.EXPORT_CUSTOMERS)
def export_history(request: HttpRequest) -> HttpResponseBase:
    form = HistoryForm(request.GET)
    header = [
        _("Address"), _("Code"), _("Customer"), _("Document number"), _("User on the router"),
        _("Router"), _("From"), _("Until"), _("Given by the router"),
    ]  # fmt: skip
    uses = uses_of(person(request), form.words(), form.moment())
    return csv_response("addresses", header, (_cells(use) for use in uses.iterator(AT_ONCE)))


def _cells(use: AddressUse) -> list[object]:
    customer = use.connection.service.customer
    return [
        use.address, customer.code, customer.name, customer.document_number,
        use.connection.username, use.router.name, use.since, use.until or "",
        _("yes") if use.seen else _("no"),
    ]  # fmt: skip
