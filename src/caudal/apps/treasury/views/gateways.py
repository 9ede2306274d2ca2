"""Gateways: their settings, whether they answer, and the notices that came."""

import json
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.apps.treasury import actions, collect
from caudal.apps.treasury.errors import told_of_gateway
from caudal.apps.treasury.forms import GatewayForm
from caudal.apps.treasury.models import Gateway, GatewayEvent
from caudal.apps.treasury.words import KINDS
from caudal.core.ports.gateway import GatewayError
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage


@require_GET
@requires(Verb.SEE_ARRIVALS)
def gateways(request: HttpRequest) -> HttpResponse:
    rows = Gateway.objects.select_related("company", "cash_box").order_by("-is_active", "name")
    titles = {slug: KINDS.get(slug, made.title) for slug, made in collect.kinds().items()}
    context = {
        "title": _("Payment gateways"),
        "gateways": [(row, titles.get(row.kind, row.kind), _address(request, row)) for row in rows],
        "kinds": titles.items(),
    }
    return render(request, "treasury/gateways.html", context)


@requires(Verb.CONFIGURE_GATEWAYS)
def new_gateway(request: HttpRequest, kind: str) -> HttpResponse:
    made = collect.kinds().get(kind)
    if made is None:
        raise Http404
    back = reverse("treasury:gateways")
    return answer_form(
        request,
        GatewayForm(request.POST or None, made=made),
        title=_("New gateway: %(kind)s") % {"kind": KINDS.get(kind, made.title)},
        save=lambda form: actions.create_gateway(
            actor=actor(request),
            now=now(),
            kind=kind,
            company=form.cleaned_data["cash_box"].company,
            settings=form.settings(),
            secrets=form.secrets(),
            **_own(form, "slug", "name", "cash_box", "restores", "is_active"),
        ),
        done=_("The gateway was created."),
        to=back,
        cancel_url=back,
    )


@requires(Verb.CONFIGURE_GATEWAYS)
def edit_gateway(request: HttpRequest, pk: int) -> HttpResponse:
    """Secrets are never shown again; empty ones stay as they are."""
    gateway = get_object_or_404(Gateway, pk=pk)
    back = reverse("treasury:gateways")
    names = ("name", "cash_box", "restores", "is_active")
    return answer_form(
        request,
        GatewayForm(
            request.POST or None,
            initial={name: getattr(gateway, name) for name in names},
            made=collect.kinds()[gateway.kind],
            gateway=gateway,
        ),
        title=gateway.name,
        save=lambda form: actions.edit_gateway(
            actor=actor(request),
            now=now(),
            gateway=gateway,
            settings=form.settings(),
            secrets=form.secrets(),
            **_own(form, *names),
        ),
        done=_("The gateway was saved."),
        to=back,
        cancel_url=back,
    )


@require_POST
@requires(Verb.CONFIGURE_GATEWAYS)
def check_gateway(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the gateway who we are to it."""
    gateway = get_object_or_404(Gateway, pk=pk)
    try:
        name = collect.check(gateway)
        told = _("It answers as %(name)s.") % {"name": name} if name else ""
        messages.success(request, told or _("Its settings are complete; there is nothing to ask."))
    except GatewayError as error:
        messages.error(request, told_of_gateway(error))
    return redirect("treasury:gateways")


@require_GET
@requires(Verb.SEE_ARRIVALS)
def events(request: HttpRequest) -> HttpResponse:
    """Notices, newest first, by state and by any id or reference."""
    rows = visible(person(request), GatewayEvent.objects.all())
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    if state in GatewayEvent.State.values:
        rows = rows.filter(state=state)
    if words:
        said = Q(event_id__icontains=words) | Q(payment_id__icontains=words)
        said |= Q(about__reference__icontains=words) | Q(about__customer__name__icontains=words)
        rows = rows.filter(said)
    page = KeysetPage.of(
        rows.select_related("gateway", "about__customer", "about__payment"),
        ("-received_at", "-id"),
        request.GET.get("cursor", ""),
    )
    context = {
        "title": _("Notices of gateways"),
        "page": page,
        "state": state,
        "states": GatewayEvent.State.choices,
        "words": words,
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, f"treasury/{'_events' if is_part else 'events'}.html", context)


@require_GET
@requires(Verb.SEE_ARRIVALS)
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice as it came, and the payment that it speaks of with all that was told of it."""
    rows = visible(person(request), GatewayEvent.objects.all()).select_related(
        "gateway", "about__customer", "about__payment", "about__gateway"
    )
    row = get_object_or_404(rows, pk=pk)
    others = row.about.events.order_by("received_at") if row.about else []
    context = {
        "title": _("Notice %(id)s") % {"id": row.event_id},
        "event": row,
        "others": others,
        "body": _pretty(row.body),
    }
    return render(request, "treasury/event.html", context)


@require_POST
@requires(Verb.MATCH_ARRIVALS)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Work a notice off at once: one that failed, or one that waits for its turn."""
    row = get_object_or_404(visible(person(request), GatewayEvent.objects.all()), pk=pk)
    row = actions.retry_event(actor=actor(request), now=now(), event=row)
    if row.state == GatewayEvent.State.WAITING:
        collect.work_off(row, now())
    return redirect("treasury:event", pk)


def _own(form: GatewayForm, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


def _address(request: HttpRequest, gateway: Gateway) -> str:
    """What is to be written down at the gateway."""
    return request.build_absolute_uri(reverse("treasury:notice", args=[gateway.slug]))


def _pretty(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body
