"""The list of routers, their form with its test, and the page of one."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.customers.models import Zone
from caudal.apps.network import actions
from caudal.apps.network.forms.routers import RouterForm
from caudal.apps.network.models import Connection, Router, SyncPass
from caudal.apps.network.sync import try_router
from caudal.apps.network.ways import SIGNED_IN
from caudal.apps.network.words import explain_cut_rule, explain_fault
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import offer_visible, visible, with_unseen
from caudal.apps.staff.verbs import Verb
from caudal.core.ports.access import AccessError
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage

NOTHING = {"total": 0, "waiting": 0, "drift": 0, "online": 0, "dialled": 0}
"""The counts of a router that serves nobody; `dialled` are those who log in and so are online."""


@require_GET
@requires(Verb.SEE_NETWORK)
def routers(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    found = visible(person(request), Router.objects.select_related("site"))
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(host__icontains=words) | Q(site__name__icontains=words)
        )
    page = KeysetPage.of(found, ("name", "id"), request.GET.get("cursor", ""))
    context = {
        "title": _("Routers"),
        "page": page,
        "cards": cards(page.rows),
        "words": words,
        "now": now(),
    }
    whole = not request.headers.get("HX-Request")
    return render(request, "network/routers.html" if whole else "network/_routers.html", context)


def cards(found: list[Router]) -> list[dict[str, Any]]:
    """Each router with its condition and the counts of its connections, in one query."""
    present = now()
    counted = counts(Connection.objects.filter(router__in=found))
    held = {row.router_id: row for row in SyncPass.objects.held_by_the_brake()}
    return [
        {
            "router": router,
            "condition": router.condition(present),
            "braked": held.get(router.pk),
            "error": explain_fault(router.last_error),
            **counted.get(router.pk, NOTHING),
        }
        for router in found
    ]


def counts(connections: QuerySet[Connection]) -> dict[int, dict[str, int]]:
    """By router: live connections, those whose change waits, those that differ, those online."""
    waiting = Connection.objects.live().waiting()
    rows = (
        connections.live()  # type: ignore[attr-defined]
        .values("router_id")
        .annotate(
            total=Count("pk"),
            waiting=Count("pk", filter=Q(pk__in=waiting.values("pk"))),
            drift=Count("pk", filter=Q(sync=Connection.Sync.DRIFT)),
            online=Count("online_since"),
            dialled=Count("pk", filter=Q(technology__in=SIGNED_IN)),
        )
        .order_by()
    )
    return {row.pop("router_id"): row for row in rows}


@require_GET
@requires(Verb.SEE_NETWORK)
def router(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        visible(person(request), Router.objects.select_related("site")), pk=pk
    )
    (card,) = cards([found])
    return render(request, "network/router.html", {"title": found.name, "router": found, **card})


@sensitive_post_parameters("password", "private_key")
@requires(Verb.CONFIGURE_NETWORK)
def router_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk) if pk else None
    form = RouterForm(request.POST or None, instance=found)
    offer_visible(person(request), form)

    def save(form: RouterForm) -> Router:
        has = form.instance.zones.all() if pk else Zone.objects.none()
        zones = with_unseen(person(request), form.cleaned_data["zones"], has)
        return actions.save_router(
            actor=actor(request), now=now(), router=form.instance, zones=zones
        )

    return answer_form(
        request,
        form,
        title=found.name if found else _("New router"),
        save=save,
        done=_("The router was saved."),
        to=lambda saved: reverse("network:router", args=[saved.pk]),
        template="network/router_form.html",
        cancel_url=reverse("network:router", args=[pk]) if pk else reverse("network:routers"),
        router=found,
    )


@require_POST
@sensitive_post_parameters("password", "private_key")
@requires(Verb.CONFIGURE_NETWORK)
def try_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Ask the router that the form describes who it is; nothing is stored."""
    found = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk) if pk else None
    kept = (found.password, found.private_key) if found else ("", "")
    form = RouterForm(request.POST, instance=found)
    form.is_valid()
    typed = form.instance
    typed.password, typed.private_key = typed.password or kept[0], typed.private_key or kept[1]
    wrong = [name for name in ("host", "port", "driver", "username") if form.errors.get(name)]
    if wrong:
        errors = [str(error) for name in wrong for error in form.errors[name]]
        return render(request, "network/_tried.html", {"error": " ".join(errors)})
    try:
        device = try_router(typed)
    except AccessError as error:
        stored = f"{error.fault}: {error.detail}" if error.detail else str(error.fault)
        return render(request, "network/_tried.html", {"error": explain_fault(stored)})
    advice = explain_cut_rule(device.facts, typed.blocked_list)
    rule_ok = device.facts.get("cut_rule") == "ok"
    context = {"device": device, "advice": advice, "rule_ok": rule_ok}
    return render(request, "network/_tried.html", context)


def back_to(router: Router) -> HttpResponse:
    return redirect("network:router", router.pk)
