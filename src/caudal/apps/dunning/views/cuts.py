"""Who is cut within some days if nothing is paid, who is not, and why."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.billing.why import tell
from caudal.apps.clock.now import today
from caudal.apps.customers.models import Service
from caudal.apps.dunning.cuts import Judged, candidates, judge
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.table import KeysetPage

HORIZONS = (0, 1, 3, 7, 15, 30)


@require_GET
@requires(Verb.SEE_BILLING)
def cuts(request: HttpRequest) -> HttpResponse:
    """Who will be cut within some days if nothing is paid, who will not, and why."""
    days = _horizon(request.GET.get("days", ""))
    until = today() + timedelta(days=days)
    found = visible(person(request), candidates(until))
    order = ("customer__name", "id")
    page = KeysetPage.of(
        found.select_related("customer", "plan"), order, request.GET.get("cursor", "")
    )
    context = {
        "title": _("Cuts"),
        "days": days,
        "until": until,
        "horizons": HORIZONS,
        "today": today(),
        "count": found.count(),
        "page": page,
        "rows": [
            (judged, [tell(reason, judged.service.plan.currency)
                      for reason in judged.decision.reasons])
            for judged in _in_order(page, until)
        ],
    }  # fmt: skip
    return render(request, "dunning/cuts.html", context)


def _in_order(page: KeysetPage[Service], until: date) -> list[Judged]:
    judged = {each.service.pk: each for each in judge(page.rows, until)}
    return [judged[row.pk] for row in page.rows]


def _horizon(text: str) -> int:
    return int(text) if text.isdigit() and int(text) in HORIZONS else 7
