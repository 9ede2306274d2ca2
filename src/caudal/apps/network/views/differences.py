"""Where routers and the system differ, in both directions, and when that was last verified."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now
from caudal.apps.customers.models import Service
from caudal.apps.network import actions
from caudal.apps.network.models import Router, RowDecision
from caudal.apps.network.seen import told_by
from caudal.apps.network.views.routers import cards
from caudal.apps.network.words import KINDS, explain_fault, explain_finding
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.table import KeysetPage

SHOWN = 100
"""Rows of each list on the page of one router."""
NOT_WANTED = frozenset({"extra", "moving", "foreign-block"})
"""Differences of what the router holds and should not; all others are of what it should hold."""
Choice = RowDecision.Choice


@require_GET
@requires(Verb.SEE_NETWORK)
def everywhere(request: HttpRequest) -> HttpResponse:
    """Every router with what differs there, those never verified first."""
    found = visible(person(request), Router.objects.select_related("site"))
    page = KeysetPage.of(found, ("name", "id"), request.GET.get("cursor", ""))
    decided = {
        row["router_id"]: row
        for row in RowDecision.objects.filter(router__in=page.rows)
        .values("router_id")
        .annotate(
            ignored=Count("pk", filter=Q(choice=Choice.IGNORE)),
            left=Count("pk", filter=Q(choice=Choice.LEAVE)),
        )
        .order_by()
    }
    lines = [
        {**card, **tally(card["router"]), **decided.get(card["router"].pk, {"left": 0})}
        for card in cards(page.rows)
    ]
    context = {"title": _("Differences"), "page": page, "lines": lines, "now": now()}
    return render(request, "network/differences.html", context)


def tally(router: Router) -> dict[str, int]:
    """How many differences the last reading left, by direction."""
    last = actions.last_reading(router)
    told = last.findings if last else {}
    extra = sum(each["code"] in NOT_WANTED for each in told.get("left", []))
    return {
        "missing": told.get("left_count", 0) - extra,
        "extra": extra,
        "unknown": told.get("unknown_count", 0),
    }


@require_GET
@requires(Verb.SEE_NETWORK)
def router_differences(request: HttpRequest, pk: int) -> HttpResponse:
    """Both directions for one router, and what people decided about its rows."""
    found = get_object_or_404(
        visible(person(request), Router.objects.select_related("site")), pk=pk
    )
    words = request.GET.get("q", "").strip().lower()
    last = actions.last_reading(found)
    told = told_by(person(request), last)
    left = [each for each in told.get("left", []) if _has(words, each)]
    decided = {(row.kind, row.key): row for row in visible(person(request), found.decisions.all())}
    unknown = [each for each in told.get("unknown", []) if _has(words, each)]
    open_rows = [each for each in unknown if not _is_settled(each, decided)]
    context = {
        "title": _("Differences of %(router)s") % {"router": found.name},
        "router": found,
        "last": last,
        "q": request.GET.get("q", ""),
        "missing": _lines(request, (e for e in left if e["code"] not in NOT_WANTED)),
        "extra": _lines(request, (e for e in left if e["code"] in NOT_WANTED)),
        "unknown": [_unknown(each, decided) for each in open_rows[:SHOWN]],
        "unknown_count": len(open_rows),
        "strangers": [each for each in told.get("strangers", []) if _has(words, each)][:SHOWN],
        "decisions": [_decision(row) for row in decided.values()],
        "shown": SHOWN,
    }
    whole = not request.headers.get("HX-Request")
    template = "router_differences" if whole else "_router_differences"
    return render(request, f"network/{template}.html", context)


def _has(words: str, row: Mapping[str, Any]) -> bool:
    return not words or words in str(row).lower()


def _is_settled(row: Mapping[str, Any], decided: Mapping[tuple[str, str], RowDecision]) -> bool:
    """Ignored, as long as it is the same row that was looked at."""
    decision = decided.get((row["kind"], row["key"]))
    if decision is None or decision.choice != Choice.IGNORE:
        return False
    return decision.seen == row.get("print")


def _unknown(
    row: Mapping[str, Any], decided: Mapping[tuple[str, str], RowDecision]
) -> dict[str, Any]:
    decision = decided.get((row["kind"], row["key"]))
    return {
        **row,
        "what": KINDS.get(row["kind"], row["kind"]),
        "decision": decision,
        "error": explain_fault(decision.error) if decision else "",
    }


def _decision(row: RowDecision) -> dict[str, Any]:
    return {
        "row": row,
        "what": KINDS.get(row.kind, row.kind),
        "error": explain_fault(row.error),
        "shown": row.shown,
    }


def _lines(request: HttpRequest, found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings in words, each with the customer it is about."""
    rows = list(found)[:SHOWN]
    numbers = {int(name) for row in rows for name in row["services"][:1] if name.isdecimal()}
    mine = visible(person(request), Service.objects.select_related("customer"))
    services = mine.in_bulk(numbers)
    return [
        {
            "each": explain_finding(row),
            "service": next(
                (services.get(int(n)) for n in row["services"][:1] if n.isdecimal()), None
            ),
            "code": row["code"],
        }
        for row in rows
    ]
