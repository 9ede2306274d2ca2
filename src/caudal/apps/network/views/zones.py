"""Zones: the list, and the form that shows at once which dates its calendar gives."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now, today
from caudal.apps.customers.actions.zones import CALENDAR
from caudal.apps.customers.calendars import calendar_from, next_schedules
from caudal.apps.customers.models import Zone
from caudal.apps.network import actions
from caudal.apps.network.forms.zones import ZoneForm
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import offer_visible, visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.core.periods import Schedule
from caudal.web.errors import explain
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage

DATES_SHOWN = 3


@require_GET
@requires(Verb.SEE_NETWORK)
def zones(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    rows = visible(person(request), Zone.objects.select_related("company__rules"))
    rows = rows.prefetch_related("routers")
    rows = rows.annotate(
        customers_count=Count("customers", filter=Q(customers__archived_at=None), distinct=True)
    )
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(city__icontains=words))
    page = KeysetPage.of(rows, ("name", "id"), request.GET.get("cursor", ""))
    context = {
        "title": _("Zones"),
        "page": page,
        "lines": [(zone, upcoming(zone)[:1]) for zone in page.rows],
        "words": words,
    }
    whole = not request.headers.get("HX-Request")
    return render(request, "network/zones.html" if whole else "network/_zones.html", context)


@requires(Verb.CONFIGURE_NETWORK)
def zone_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    mine = visible(person(request), Zone.objects.all())
    found = get_object_or_404(mine, pk=pk) if pk else None
    form = ZoneForm(request.POST or None, instance=found)
    offer_visible(person(request), form)

    def save(form: ZoneForm) -> Zone:
        routers = form.cleaned_data["routers"]
        return actions.save_zone(
            actor=actor(request), now=now(), zone=form.instance, routers=routers
        )

    return answer_form(
        request,
        form,
        title=found.name if found else _("New zone"),
        save=save,
        done=_("The zone was saved."),
        to=reverse("network:zones"),
        template="network/zone_form.html",
        cancel_url=reverse("network:zones"),
        schedules=upcoming(found or Zone()),
    )


@require_POST
@requires(Verb.CONFIGURE_NETWORK)
def zone_dates(request: HttpRequest) -> HttpResponse:
    """The next dates under what the form holds at this moment, saved or not."""
    form = ZoneForm(request.POST)
    form.is_valid()
    context: dict[str, Any] = {}
    if any(name in form.errors for name in CALENDAR):
        context["error"] = _("Complete the dates to see what they give.")
        return render(request, "network/_dates.html", context)
    try:
        context["schedules"] = upcoming(form.instance)
    except RuleError as error:
        context["error"] = explain(error)
    return render(request, "network/_dates.html", context)


def upcoming(zone: Zone) -> list[Schedule]:
    """Raises RuleError for a calendar that cannot be."""
    rules = zone.company.rules if zone.company_id else None
    calendar = calendar_from({name: getattr(zone, name) for name in CALENDAR}, rules)
    return next_schedules(calendar, today(zone.timezone), DATES_SHOWN)
