"""The list of devices, the page and form of one, its measures as charts, and its site."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.monitoring import actions, reads
from caudal.apps.monitoring.collect import try_device
from caudal.apps.monitoring.forms.devices import CustomersForm, DeviceFilter, DeviceForm
from caudal.apps.monitoring.models import Device, ServedBy
from caudal.apps.monitoring.models.measures import Metric
from caudal.apps.monitoring.places import places as places_on_map
from caudal.apps.monitoring.words import explain_probe
from caudal.apps.network.models import Site
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import offer_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.core.ports.probe import ProbeError
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage

RANK = Case(
    *(When(health=state, then=n) for n, state in enumerate(("down", "failing", "unreachable"))),
    default=3,
)
ALARMS, SERVED = 10, 50
DAY_S = 86_400
SPANS = (
    ("day", gettext_lazy("Day")),
    ("week", gettext_lazy("Week")),
    ("month", gettext_lazy("Month")),
    ("year", gettext_lazy("Year")),
)
CHARTED = (Metric.LATENCY, Metric.LOSS, Metric.SIGNAL)
"""Drawn first; the others of a device follow."""


@require_GET
@requires(Verb.SEE_NETWORK)
def devices(request: HttpRequest) -> HttpResponse:
    """Every device, those in trouble first."""
    form = DeviceFilter(request.GET)
    offer_visible(person(request), form)
    found = _devices(request).annotate(rank=RANK)
    page = KeysetPage.of(
        _narrowed(found, form), ("rank", "name", "id"), request.GET.get("cursor", "")
    )
    context = {
        "title": _("Monitoring"),
        "form": form,
        "page": page,
        "states": [(device, reads.state_of(device)) for device in page.rows],
        "counts": reads.counts_by_state(person(request)),
        "narrowed": any(request.GET.get(name) for name in form.fields),
        "now": now(),
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, f"monitoring/{'_devices' if is_part else 'devices'}.html", context)


def _narrowed(rows: QuerySet[Device], form: DeviceFilter) -> QuerySet[Device]:
    form.is_valid()
    given = form.cleaned_data
    if words := given.get("q", "").strip():
        rows = rows.filter(
            Q(name__icontains=words) | Q(address__icontains=words) | Q(site__name__icontains=words)
        )
    if given.get("site"):
        rows = rows.filter(site=given["site"])
    if given.get("health"):
        rows = rows.filter(health=given["health"])
    return rows


@require_GET
@requires(Verb.SEE_NETWORK)
def device(request: HttpRequest, pk: int) -> HttpResponse:
    found = _device(request, pk)
    served = visible(person(request), ServedBy.objects.filter(device=found))
    context = {
        "title": found.name,
        "device": found,
        "state": reads.state_of(found),
        "fault": explain_probe(found.fault),
        "read_fault": explain_probe(found.read_fault),
        "metrics": _charted(found),
        "children": found.children.filter(is_active=True),
        "alarms": reads.alarms_of(found, ALARMS),
        "served": served.select_related("service__customer")[:SERVED],
        "served_count": served.count(),
        "now": now(),
    }
    return render(request, "monitoring/device.html", context)


@require_GET
@requires(Verb.SEE_NETWORK)
def chart(request: HttpRequest, pk: int, metric: str) -> HttpResponse:
    """One measure over a range, drawn and as a table for those who do not see it."""
    found = _device(request, pk)
    span = request.GET.get("span", "day")
    span = span if span in reads.RANGES else "day"
    points = reads.series(found, metric, span, now())
    style = "H:i" if span == "day" else "SHORT_DATE_FORMAT"
    zone = ZoneInfo(settings.TIME_ZONE)
    labels = [date_format(at.astimezone(zone), style) for at, _value in points]
    label = dict(Metric.choices).get(metric, metric)
    values = [value for _at, value in points]
    if metric == Metric.UPTIME:
        label, values = _("Uptime (days)"), [value / DAY_S for value in values]
    values = [round(value, 2) for value in values]
    context = {
        "device": found,
        "metric": metric,
        "span": span,
        "spans": SPANS,
        "label": label,
        "table": list(zip(labels, values, strict=True))[-48:],
        "low": min(values, default=None),
        "high": max(values, default=None),
        "last": values[-1] if values else None,
        "chart": {
            "kind": "line",
            "floor": 0 if min(values, default=0) >= 0 else None,
            "labels": labels,
            "series": [{"name": str(label), "values": values}],
        },
    }
    return render(request, "monitoring/_chart.html", context)


@sensitive_post_parameters("community")
@requires(Verb.CONFIGURE_NETWORK)
def device_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = _device(request, pk) if pk else None
    initial = {"site": request.GET.get("site", "")} if found is None else {}
    form = DeviceForm(request.POST or None, instance=found, initial=initial)
    offer_visible(person(request), form)
    return answer_form(
        request,
        form,
        title=found.name if found else _("New device"),
        save=lambda form: actions.save_device(
            actor=actor(request), now=now(), device=form.instance
        ),
        done=_("The device was saved."),
        to=lambda saved: reverse("monitoring:device", args=[saved.pk]),
        cancel_url=reverse("monitoring:device", args=[pk]) if pk else reverse("monitoring:devices"),
        submit=_("Save"),
    )


@require_POST
@requires(Verb.SEE_NETWORK)
def ping(request: HttpRequest, pk: int) -> HttpResponse:
    """Ping it now; nothing is stored."""
    found = _device(request, pk)
    try:
        echo = try_device(found)
    except ProbeError as error:
        return render(request, "monitoring/_pinged.html", {"error": explain_probe(error.fault)})
    context = {"echo": echo, "error": explain_probe(echo.fault or "")}
    return render(request, "monitoring/_pinged.html", context)


@requires(Verb.CONFIGURE_NETWORK)
def serve(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which customers get their internet through this device."""
    found = _device(request, pk)
    form = CustomersForm(request.POST or None, user=person(request))
    back = reverse("monitoring:device", args=[pk])
    return answer_form(
        request,
        form,
        title=_("Customers behind %(device)s") % {"device": found.name},
        save=lambda form: actions.serve_through(
            actor=actor(request), now=now(), services=form.services(), device=found
        ),
        done=_("The customers were put behind the device."),
        to=back,
        cancel_url=back,
        submit=_("Save"),
        intro=_("They are moved here from whatever device they had."),
    )


@require_POST
@requires(Verb.CONFIGURE_NETWORK)
def unserve(request: HttpRequest, pk: int) -> HttpResponse:
    rows = visible(person(request), ServedBy.objects.select_related("service"))
    found = get_object_or_404(rows, pk=pk)
    actions.serve_through(actor=actor(request), now=now(), services=[found.service], device=None)
    messages.success(request, _("The service hangs from no device now."))
    return redirect("monitoring:device", pk=found.device_id)


@require_GET
@requires(Verb.SEE_NETWORK)
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """A tower: its position and contact, its devices, its routers."""
    user = person(request)
    found = get_object_or_404(visible(user, Site.objects.all()), pk=pk)
    rows = _devices(request).filter(site=found).annotate(rank=RANK)
    (state,) = reads.site_states(Site.objects.filter(pk=pk))
    context: dict[str, Any] = {
        "title": found.name,
        "site": found,
        "state": state,
        "states": [(each, reads.state_of(each)) for each in rows.order_by("rank", "name")],
        "routers": visible(user, found.routers.all()),
        "now": now(),
    }
    return render(request, "monitoring/site.html", context)


@require_GET
@requires(Verb.SEE_NETWORK)
def places(request: HttpRequest) -> HttpResponse:
    """Sites with their states as GeoJSON, for maps."""
    return JsonResponse(places_on_map(person(request)))


def _devices(request: HttpRequest) -> QuerySet[Device]:
    related = Device.objects.select_related("site", "parent", "router", "template", "blamed")
    return visible(person(request), related)


def _device(request: HttpRequest, pk: int) -> Device:
    return get_object_or_404(_devices(request), pk=pk)


def _charted(device: Device) -> list[str]:
    measured = reads.metrics_of(device)
    first = [each.value for each in CHARTED if each.value in measured]
    return [*first, *(each for each in measured if each not in first)]
