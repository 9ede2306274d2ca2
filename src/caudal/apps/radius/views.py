"""Screens of RADIUS: who is in, who was refused and why, and the policy."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import machine_time, now
from caudal.apps.customers.models import Customer
from caudal.apps.network.models import Router
from caudal.apps.network.words import explain_fault
from caudal.apps.radius import actions
from caudal.apps.radius.forms import PolicyForm
from caudal.apps.radius.models import Client, Rejection, Session
from caudal.apps.radius.signs import heard_of, is_down
from caudal.apps.radius.sync import close_session
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.ports.access import AccessError
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage

LAST_SESSIONS, LAST_REFUSALS, PAGE = 8, 5, 15


@require_GET
@requires(Verb.SEE_NETWORK)
def overview(request: HttpRequest) -> HttpResponse:
    """Routers that ask, and the last refusals of all of them."""
    open_now = visible(person(request), Session.objects.open())
    routers = visible(person(request), Router.objects.all())
    clients = Client.objects.filter(router__in=routers).select_related("router")
    policy = actions.policy()
    heard = heard_of(clients.order_by("router__name"), policy, machine_time())
    context = {
        "title": _("RADIUS"),
        "clients": heard,
        "is_down": is_down(heard),
        "open_count": open_now.count(),
        "policy": policy,
        **_refusals(request),
    }
    whole = "part" not in request.GET
    return render(request, "radius/overview.html" if whole else "radius/_refusals.html", context)


@requires(Verb.CONFIGURE_NETWORK)
def policy(request: HttpRequest) -> HttpResponse:
    form = PolicyForm(request.POST or None, instance=actions.policy())

    def save(form: PolicyForm) -> None:
        actions.save_policy(actor=actor(request), now=now(), policy=form.instance)

    home = reverse("radius:overview")
    done = _("The policy was saved; it holds from the next sign-in on.")
    title = _("RADIUS policy")
    return answer_form(request, form, title=title, save=save, done=done, to=home, cancel_url=home)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def customer_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Sessions of one customer and why he was refused; nothing where no router asks for him."""
    customer = get_object_or_404(visible(person(request), Customer.objects.all()), pk=pk)
    sessions = Session.objects.filter(connection__service__customer=customer)
    refusals = Rejection.objects.filter(connection__service__customer=customer)
    context = {
        "sessions": sessions.select_related("router")[:LAST_SESSIONS],
        "refusals": refusals.select_related("router")[:LAST_REFUSALS],
        "customer": customer,
        "present": machine_time(),
    }
    by_radius = customer.services.filter(connection__router__driver="radius").exists()
    if not by_radius and not context["sessions"]:
        return HttpResponse("")
    return render(request, "radius/_customer.html", context)


@require_GET
@requires(Verb.SEE_NETWORK)
def router_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Open sessions of a router and its last refusals; nothing of a router that does not ask."""
    router = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    if router.driver != "radius":
        return HttpResponse("")
    words = request.GET.get("q", "").strip()
    rows = visible(person(request), Session.objects.open().filter(router=router))
    page = KeysetPage.of(
        _matching(rows, words).select_related("connection__service__customer"),
        ("-started", "-id"),
        request.GET.get("cursor", ""),
        PAGE,
    )
    refusals = visible(person(request), Rejection.objects.filter(router=router))
    context = {
        "router": router,
        "page": page,
        "q": words,
        "query": urlencode({"q": words}),
        "count": rows.count(),
        "present": machine_time(),
        "refusals": refusals.select_related("connection__service__customer")[:LAST_REFUSALS],
    }
    part = "_sessions" if "part" in request.GET else "_router"
    return render(request, f"radius/{part}.html", context)


@require_POST
@requires(Verb.SYNC_NETWORK)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close one session; the device usually comes back by itself."""
    rows = visible(person(request), Session.objects.all())
    session = get_object_or_404(rows.select_related("router", "connection__service"), pk=pk)
    try:
        was_there = close_session(actor=actor(request), now=now(), session=session)
    except AccessError as error:
        messages.error(request, explain_fault(str(error)))
    else:
        done = _("The session was closed.") if was_there else _("The session had ended already.")
        messages.success(request, done)
    if session.connection:
        return redirect("desk:customer", session.connection.service.customer_id)
    return redirect("network:router", session.router_id)


def _refusals(request: HttpRequest) -> dict[str, Any]:
    words, reason = request.GET.get("q", "").strip(), request.GET.get("reason", "")
    rows = _matching(visible(person(request), Rejection.objects.all()), words)
    if reason:
        rows = rows.filter(reason=reason)
    page = KeysetPage.of(
        rows.select_related("router", "connection__service__customer"),
        ("-latest", "-id"),
        request.GET.get("cursor", ""),
        PAGE,
    )
    asked = {"q": words, "reason": reason}
    return {
        "page": page,
        "present": machine_time(),
        "reasons": Rejection.Reason.choices,
        "query": urlencode(asked),
        **asked,
    }


def _matching(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    if not words:
        return rows
    return rows.filter(
        Q(username__icontains=words)
        | Q(mac__icontains=words)
        | Q(connection__service__customer__name__icontains=words)
    )
