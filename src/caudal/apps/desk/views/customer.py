"""One customer: his page, the panels that this room shows on it, and the menu of tools."""

from collections.abc import Iterable
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from caudal.apps.billing.models import Hold, ServiceChange
from caudal.apps.bulk.acts import Act, acts_for
from caudal.apps.clock.now import today
from caudal.apps.customers.contacts import show_phone
from caudal.apps.customers.models import Contact, Customer, Suspension
from caudal.apps.desk.glance import glance
from caudal.apps.desk.history import history_of, times_suspended
from caudal.apps.desk.listing import price_of, rows_of
from caudal.apps.network.models import Connection
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.panels import panels_of

Row = TypeVar("Row", Hold, ServiceChange)
ON_ONE = frozenset(
    f"customers.{name}" for name in ("welcome", "move", "delete", "delete_on_router")
)
"""Acts on many that the menu of one customer offers too (WH-124)."""
JUMPS = frozenset(
    {
        "services", "network", "invoices", "payments", "products", "statement", "promises",
        "messages", "notices", "files", "notes", "history", "journal",
    }
)  # fmt: skip
"""Panels that the top of the page leads to."""
TURNS = 30
"""The latest turns that the panel of states shows."""


def customer_of(request: HttpRequest, pk: int) -> Customer:
    """The customer, for who may see him; else 404."""
    customers = visible(person(request), Customer.objects.all())
    return get_object_or_404(customers.select_related("zone", "company", "collector"), pk=pk)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    found = customer_of(request, pk)
    context = {
        "title": found.name,
        "customer": found,
        "glance": glance(found, today()),
        "acts": _acts_on_one(person(request)),
        "jumps": [each for each in panels_of("customer", person(request)) if each.key in JUMPS],
    }
    return render(request, "desk/customer.html", context)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def tools(request: HttpRequest, pk: int) -> HttpResponse:
    """The row menu "Herramientas" (WH-124): what may be done to him, by whom asks."""
    found = customer_of(request, pk)
    row = rows_of([found])[0]
    context = {
        "customer": found,
        "service": row.service,
        "held": row.connection,
        "acts": _acts_on_one(person(request)),
    }
    return render(request, "desk/_tools.html", context)


def _acts_on_one(user: User) -> list[Act]:
    return [act for act in acts_for(user, "customers") if act.key in ON_ONE]


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def sync(request: HttpRequest, pk: int) -> HttpResponse:
    """How far his router is; asked for again and again after a registration."""
    found = rows_of([customer_of(request, pk)])[0].connection
    return render(request, "desk/_sync.html", {"connection": found})


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    found = customer_of(request, pk)
    rows = list(found.contacts.all())
    phones = [row for row in rows if row.kind == Contact.Kind.PHONE]
    country = found.company.country
    context = {
        "customer": found,
        "phones": [(row, show_phone(row.value, country)) for row in phones],
        "emails": [row for row in rows if row.kind == Contact.Kind.EMAIL],
        "tiles": settings.MAP_TILES_URL,
    }
    return render(request, "desk/_summary.html", context)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def services(request: HttpRequest, pk: int) -> HttpResponse:
    found = customer_of(request, pk)
    held = {
        each.service_id: each
        for each in Connection.objects.filter(service__customer=found).select_related(
            "router", "service"
        )
    }
    open_ones: dict[int, list[Suspension]] = {}
    rows = Suspension.objects.filter(service__customer=found, closed_at=None)
    for each in rows.order_by("opened_at"):
        open_ones.setdefault(each.service_id, []).append(each)
    scheduled = _by_service(
        ServiceChange.objects.filter(
            service__customer=found, status=ServiceChange.Status.SCHEDULED
        ).select_related("plan")
    )
    holds = _by_service(
        Hold.objects.filter(service__customer=found, dropped_at=None, last__gte=today())
    )
    cards = [
        {
            "service": each,
            "price": price_of(each),
            "connection": held.get(each.pk),
            "reasons": open_ones.get(each.pk, []),
            "changes": scheduled.get(each.pk, []),
            "holds": holds.get(each.pk, []),
        }
        for each in found.services.select_related("plan")
    ]
    return render(request, "desk/_services.html", {"customer": found, "cards": cards})


def _by_service(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.service_id, []).append(row)
    return found


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Panel: the states of his services, with reasons, dates and who did it."""
    found = customer_of(request, pk)
    events = history_of(found, today())
    context = {
        "events": events[:TURNS],
        "hidden": len(events[TURNS:]),
        "summed": times_suspended(events),
        "several": len({event.service for event in events if event.service}) > 1,
    }
    return render(request, "desk/_history.html", context)
