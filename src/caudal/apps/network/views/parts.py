"""The fragments of a router's page: its state, services, sessions, findings and passes."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now
from caudal.apps.customers.models import Service
from caudal.apps.network import actions
from caudal.apps.network.models import Connection, Operation, Router, SyncPass
from caudal.apps.network.seen import told_by
from caudal.apps.network.sync.due import full_pass_at
from caudal.apps.network.ways import open_interfaces
from caudal.apps.network.words import (
    ACTS,
    KINDS,
    explain_brake,
    explain_changes,
    explain_cut_rule,
    explain_fault,
    explain_finding,
    explain_open_arp,
    explain_operation,
    explain_skew,
)
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.table import KeysetPage

SHOWN = 50
SERVICES, SESSIONS, PASSES = 20, 12, 10
"""Rows of a panel: the page holds several, and a phone shows them one below the other."""
Outcome = SyncPass.Outcome


@require_GET
@requires(Verb.SEE_NETWORK)
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """What is going on with the router; asks again while something is."""
    found = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    last = found.passes.first()
    busy = bool(found.requested) or (last is not None and last.outcome == Outcome.RUNNING)
    braked = SyncPass.objects.filter(router=found).held_by_the_brake().first()
    context = {
        "router": found,
        "condition": found.condition(now()),
        "error": explain_fault(found.last_error),
        "last": last,
        "busy": busy,
        "was_busy": request.GET.get("busy") == "1",
        "braked": braked,
        "brakes": [explain_brake(each) for each in braked.findings["brakes"]] if braked else [],
        "held": _held(request, braked) if braked else [],
        "next_pass": full_pass_at(found),
        "stopped": actions.is_stopped(),
        "rule": explain_cut_rule(found.facts.get("noticed", {}), found.blocked_list),
        "rule_ok": found.facts.get("noticed", {}).get("cut_rule") == "ok",
        "clock": explain_skew(found.facts.get("clock_skew_s")),
        "open_arp": explain_open_arp(open_interfaces(found)),
        "notice_ok": found.facts.get("noticed", {}).get("notice_rule") == "ok",
    }
    response = render(request, "network/_state.html", context)
    if context["was_busy"] and not busy:
        response["HX-Trigger"] = "refresh"
    return response


def _held(request: HttpRequest, braked: SyncPass) -> list[Connection]:
    services = [int(service) for service in braked.findings["cut"][:SHOWN]]
    rows = visible(person(request), Connection.objects.filter(service_id__in=services))
    return list(rows.select_related("service__customer"))


@require_GET
@requires(Verb.SEE_NETWORK)
def services(request: HttpRequest, pk: int) -> HttpResponse:
    """The connections of the router: what is wanted, what was seen, what differs."""
    found = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    words, show = request.GET.get("q", "").strip(), request.GET.get("show", "")
    rows = visible(person(request), found.connections.live())
    rows = _matching(rows, words)
    if show == "waiting":
        rows = rows.waiting()
    elif show == "drift":
        rows = rows.filter(sync=Connection.Sync.DRIFT)
    page = KeysetPage.of(
        rows.select_related("service__customer", "service__plan"),
        ("username", "id"),
        request.GET.get("cursor", ""),
        SERVICES,
    )
    context = {
        "router": found,
        "page": page,
        "lines": lines(page.rows),
        "q": words,
        "show": show,
        "query": urlencode({"q": words, "show": show}),
    }
    return _panel(request, "services", context)


def lines(rows: list[Connection]) -> list[dict[str, Any]]:
    """Connections with their differences and errors in words."""
    return [
        {
            "connection": row,
            "drift": [explain_finding(each) for each in row.drift],
            "error": explain_fault(row.last_error),
        }
        for row in rows
    ]


@require_GET
@requires(Verb.SEE_NETWORK)
def sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is connected, as of the last reading (WH-10)."""
    found = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    words = request.GET.get("q", "").strip()
    rows = _matching(visible(person(request), found.connections.online()), words)
    page = KeysetPage.of(
        rows.select_related("service__customer"),
        ("-online_since", "-id"),
        request.GET.get("cursor", ""),
        SESSIONS,
    )
    last = actions.last_reading(found)
    strangers = told_by(person(request), last).get("strangers", [])
    if words:
        strangers = [each for each in strangers if words.lower() in str(each).lower()]
    context = {
        "router": found,
        "page": page,
        "q": words,
        "count": found.connections.online().count(),
        "strangers": strangers[:SHOWN],
        "last": last,
        "now": now(),
        "query": urlencode({"q": words}),
    }
    return _panel(request, "sessions", context)


@require_GET
@requires(Verb.SEE_NETWORK)
def findings(request: HttpRequest, pk: int) -> HttpResponse:
    """What the last reading found that nobody wants: conflicts, hand edits, unknown rows."""
    found = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    last = actions.last_reading(found)
    told = told_by(person(request), last)
    context = {
        "router": found,
        "last": last,
        "waiting": found.connections.live().waiting().exists(),
        "people": [explain_finding(each) for each in told.get("people", [])[:SHOWN]],
        "people_count": told.get("people_count", 0),
        "drift": [explain_finding(each) for each in told.get("drift", [])[:SHOWN]],
        "drift_count": told.get("drift_count", 0),
        "unknown": [
            {**each, "what": KINDS.get(each["kind"], each["kind"])}
            for each in told.get("unknown", [])[:SHOWN]
        ],
        "unknown_count": told.get("unknown_count", 0),
    }
    return render(request, "network/_findings.html", context)


@require_GET
@requires(Verb.SEE_NETWORK)
def passes(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    page = KeysetPage.of(
        found.passes.defer("findings"),
        ("-started_at", "-id"),
        request.GET.get("cursor", ""),
        PASSES,
    )
    return _panel(request, "passes", {"router": found, "page": page})


@require_GET
@requires(Verb.SEE_NETWORK)
def one_pass(request: HttpRequest, pk: int) -> HttpResponse:
    """One pass: what was planned, what was written, before and after."""
    found = get_object_or_404(
        visible(person(request), SyncPass.objects.select_related("router")), pk=pk
    )
    journal = found.operations.select_related("connection__service__customer")
    paper = Paginator(visible(person(request), journal), SHOWN)
    page = paper.get_page(request.GET.get("page"))
    told = told_by(person(request), found)
    planned = told.get("plan", []) if not found.applied + found.failed else []
    context = {
        "title": _("Pass over %(router)s") % {"router": found.router},
        "found": found,
        "router": found.router,
        "error": explain_fault(found.error),
        "page": page,
        "operations": [journal_line(row) for row in page],
        "planned": [_with_customer(each) for each in _named(planned[:SHOWN])],
        "planned_count": found.findings.get("plan_count", 0),
        "brakes": [explain_brake(each) for each in found.findings.get("brakes", [])],
        "undoable": len(actions.undoable(found)),
    }
    return render(request, "network/pass.html", context)


def _panel(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """The whole panel, or with `?part` only its list: what a search or another page changes."""
    part = "_list" if "part" in request.GET else ""
    return render(request, f"network/_{name}{part}.html", context)


def journal_line(row: Operation) -> dict[str, Any]:
    """An operation in words."""
    names = [*row.before, *(name for name in row.after if name not in row.before)]
    changes = {name: (row.before.get(name, ""), row.after.get(name, "")) for name in names}
    return {
        "row": row,
        "what": KINDS.get(row.menu, row.menu),
        "act": ACTS.get(row.action, row.action),
        "changes": explain_changes(changes),
        "error": explain_fault(row.error),
        "may_undo": bool(row.ok and row.rows and not row.undone_at),
    }


def _named(planned: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Service | None]]:
    numbers = [int(each["service"]) for each in planned if each["service"].isdecimal()]
    found = Service.objects.select_related("customer").in_bulk(numbers)
    return [
        (each, found.get(int(each["service"])) if each["service"].isdecimal() else None)
        for each in planned
    ]


def _with_customer(pair: tuple[dict[str, Any], Service | None]) -> dict[str, Any]:
    planned, service = pair
    return {"op": explain_operation(planned), "service": service, "effect": planned["effect"]}


def _matching(rows: Any, words: str) -> Any:
    """Connections in whose user, address, MAC or customer the typed words are."""
    if not words:
        return rows
    return rows.filter(
        Q(username__icontains=words)
        | Q(address__startswith=words)
        | Q(mac__icontains=words)
        | Q(service__customer__name__icontains=words)
        | Q(service__customer__code__iexact=words)
    )
