"""Positions as files: what the map shows to take along, and a file that puts pins right."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer
from caudal.apps.maps import actions, reads
from caudal.apps.maps.files import writing
from caudal.apps.maps.files.reading import LARGEST_UNPACKED, MOST_MARKS
from caudal.apps.maps.forms import FileForm
from caudal.apps.maps.models import Placemark, PositionFile
from caudal.apps.maps.views.chart import chosen
from caudal.apps.network.models import Site
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import answer_form
from caudal.web.steps import Progress
from caudal.web.table import KeysetPage

TYPES = {
    "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
    "kmz": "application/vnd.google-earth.kmz",
}
AT_ONCE = 2_000
LATEST, SHOWN = 10, 50
LIMITS = {"megabytes": LARGEST_UNPACKED // 1024 // 1024, "most": MOST_MARKS}
"""What the sentences about files that were refused speak of."""
COLUMNS = ("code", "name", "latitude", "longitude", "pin", "address", "zone__name")


@require_GET
@requires(Verb.EXPORT_CUSTOMERS)
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The customers of the filter who have a position, and the sites for who may see them."""
    if kind not in TYPES:
        return HttpResponse(status=404)
    title = f"{_('map')}-{today():%Y-%m-%d}"
    spots = _spots(request, chosen(request))
    if kind == "kmz":
        file = writing.kmz(spots, title)
        return FileResponse(
            file, as_attachment=True, filename=f"{title}.kmz", content_type=TYPES[kind]
        )
    lines = writing.kml(spots, title) if kind == "kml" else writing.geojson(spots)
    response = StreamingHttpResponse(_together(lines), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{title}.{kind}"'
    return response


@requires(Verb.EDIT_CUSTOMERS)
def files(request: HttpRequest) -> HttpResponse:
    """A form for a file and those sent lately; with `file`, what each of its placemarks means."""
    asked = request.GET.get("file", "")
    if asked.isdecimal():
        return _preview(request, get_object_or_404(reads.files_of(person(request)), pk=int(asked)))
    form = FileForm(request.POST or None, request.FILES or None)
    latest = reads.files_of(person(request)).select_related("by")[:LATEST]
    return answer_form(
        request,
        form,
        title=_("Positions by file"),
        save=lambda form: _kept(request, form),
        done=_("The file is being read: nothing moves yet."),
        to=lambda kept: f"{reverse('maps:files')}?file={kept.pk}",
        template="maps/files.html",
        latest=latest,
    )


def _kept(request: HttpRequest, form: FileForm) -> PositionFile:
    sent = form.cleaned_data["file"]
    return actions.keep_file(user=person(request), now=now(), name=sent.name, content=sent.read())


@require_GET
@requires(Verb.EDIT_CUSTOMERS)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked every second while the worker reads; at the end the page loads again."""
    found = get_object_or_404(reads.files_of(person(request)), pk=pk)
    if not found.is_busy:
        return HttpResponseClientRefresh()
    return render(request, "maps/_reading.html", {"file": found, "progress": _progress(found)})


def _progress(file: PositionFile) -> Progress:
    status = "running" if file.is_busy else "done"
    return Progress(file.read, file.total, 0, status, file.get_status_display())


def _preview(request: HttpRequest, found: PositionFile) -> HttpResponse:
    if found.status != PositionFile.Status.DONE:
        why = explain(RuleError(found.refused, **LIMITS)) if found.refused else ""
        told = {"title": found.name, "file": found, "progress": _progress(found), "why": why}
        return render(request, "maps/reading.html", told)
    marks = Placemark.objects.filter(file=found)
    counts = Counter(marks.order_by().values_list("outcome", flat=True))
    only = request.GET.get("only", "")
    shown = marks.filter(outcome=only) if only in Placemark.Outcome.values else marks
    related = shown.select_related("customer", "site")
    page = KeysetPage.of(related, ("number", "id"), request.GET.get("cursor", ""), SHOWN)
    context: dict[str, Any] = {
        "title": found.name,
        "file": found,
        "page": page,
        "outcomes": [(code, label, counts[code]) for code, label in Placemark.Outcome.choices],
        "moves": counts[Placemark.Outcome.MOVES],
        "only": only,
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, f"maps/{'_file' if is_part else 'file'}.html", context)


def _spots(request: HttpRequest, found: "QuerySet[Customer]") -> Iterator[writing.Spot]:
    if person(request).may(Verb.SEE_NETWORK):
        for site in visible_sites(person(request)):
            yield writing.Spot(
                "site", site.name, "", "site", str(site.latitude), str(site.longitude),
                ((_("Coverage (m)"), str(site.radius_m or "")),),
            )  # fmt: skip
    words = (_("Address"), _("Zone"), _("State"))
    rows = reads.with_pin(reads.placed(found)).order_by("name", "id").values_list(*COLUMNS)
    for code, name, latitude, longitude, pin, address, zone in rows.iterator(AT_ONCE):
        state, label = reads.STATES[pin]
        facts = tuple(zip(words, (address, zone, str(label)), strict=True))
        yield writing.Spot("customer", name, code, state, str(latitude), str(longitude), facts)


def visible_sites(user: User) -> "QuerySet[Site]":
    return visible(user, Site.objects.filter(latitude__isnull=False, longitude__isnull=False))


def _together(lines: Iterator[str]) -> Iterator[str]:
    """Some thousands of lines at a time: sending each by itself costs more than making it."""
    while some := "".join(islice(lines, AT_ONCE)):
        yield some
