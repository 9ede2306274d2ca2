"""The first page after signing in: how the provider stands today."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import today
from caudal.apps.desk import figures
from caudal.apps.staff.access import person, requires, signed_in
from caudal.apps.staff.branches import BranchFilter
from caudal.apps.staff.models import Branch, User
from caudal.apps.staff.verbs import Verb
from caudal.web.money import format_money


@require_GET
@signed_in
def dashboard(request: HttpRequest) -> HttpResponse:
    """Each card is asked for only where the person may see it."""
    user, day = person(request), today()
    started = figures.started()
    narrowed = BranchFilter(request.GET.dict(), user=user)
    context = {
        "title": _("Summary"),
        "today": day,
        "started": None if started.is_complete else started,
        "narrowed": narrowed,
        "branch": narrowed.chosen_branch,
        **_cards(user, narrowed.chosen_branch),
    }
    return render(request, "desk/dashboard.html", context)


@require_GET
@requires(Verb.SEE_INCOME)
def income(request: HttpRequest) -> HttpResponse:
    """Panel: income of the last months, as a chart and as a table for those who do not see it."""
    branch = BranchFilter(request.GET.dict(), user=person(request)).chosen_branch
    found = figures.income_by_month(person(request), today(), _zone(), branch)
    labels = [date_format(month, "M Y") for month in found.months]
    chart = {
        "labels": labels,
        "series": [
            {"name": currency, "values": [str(amount) for amount in amounts]}
            for currency, amounts in found.rows.items()
        ],
    }
    table = [
        (
            currency,
            list(zip(labels, (format_money(each, currency) for each in amounts), strict=True)),
        )
        for currency, amounts in found.rows.items()
    ]
    return render(request, "desk/_income.html", {"chart": chart, "table": table})


@require_GET
@requires(Verb.SEE_JOBS)
def last_runs(request: HttpRequest) -> HttpResponse:
    """Panel: the last run of each job."""
    return render(request, "desk/_last_runs.html", {"runs": figures.last_runs()[:5]})


def _cards(user: User, branch: Branch | None) -> dict[str, object]:
    cards: dict[str, object] = {}
    if user.may(Verb.SEE_CUSTOMERS):
        cards["services"] = figures.services_by_state(user, branch)
    if user.may(Verb.SEE_BILLING):
        cards["debt"] = figures.debt(user, branch)
    if user.may(Verb.SEE_INCOME):
        cards["income"] = figures.income_since(user, today().replace(day=1), _zone(), branch)
    if user.may(Verb.SEE_NETWORK):
        cards["routers"] = figures.routers(user, branch)
        cards["waiting"] = figures.waiting(user, branch)
    return cards


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
