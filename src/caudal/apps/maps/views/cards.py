"""What a chosen pin tells: the customer or site, what may be done, and where he stands."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now, today
from caudal.apps.customers.contacts import show_phone
from caudal.apps.customers.models import Contact, Customer
from caudal.apps.desk.glance import glance
from caudal.apps.maps import actions
from caudal.apps.monitoring import reads as monitoring
from caudal.apps.monitoring.models import Device, ServedBy
from caudal.apps.monitoring.words import state_words
from caudal.apps.network.models import Site
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.core.positions import Position, read_position
from caudal.web.errors import explain

Card = Callable[..., HttpResponse]


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    return _customer_card(request, _customer(request, pk))


@require_GET
@requires(Verb.SEE_NETWORK)
def site(request: HttpRequest, pk: int) -> HttpResponse:
    return _site_card(request, _site(request, pk))


@require_POST
@requires(Verb.EDIT_CUSTOMERS)
def place_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Put him where the pin was drawn to, or back where he stood (`back_from` says from where)."""
    found = _customer(request, pk)
    return _placed(request, found, actions.place_customer, _customer_card)


@require_POST
@requires(Verb.CONFIGURE_NETWORK)
def place_site(request: HttpRequest, pk: int) -> HttpResponse:
    found = _site(request, pk)
    return _placed(request, found, actions.place_site, _site_card)


def _placed(request: HttpRequest, found: Any, place: Any, card: Card) -> HttpResponse:
    """Read where to, do it, and show the card with what happened and a way back."""
    text = request.POST.get("place", "").strip()
    to, is_undo = read_position(text), "back_from" in request.POST
    if to is None and (text or not is_undo):
        return card(request, found, refusal=_("Write coordinates, or paste a link of a map."))
    stood = actions.text_of(actions.position_of(found))
    expected = read_position(request.POST.get("back_from", "")) if is_undo else actions.ANYWHERE
    try:
        place(actor=actor(request), now=now(), row=found, to=to, expected=expected)
    except RuleError as error:
        return card(request, found, refusal=explain(error))
    told = _("The position is as it was.") if is_undo else _("The position was changed.")
    back = {} if is_undo else {"back_to": stood, "back_from": actions.text_of(to)}
    return card(request, found, told=told, has_back=not is_undo, **back)


def _customer_card(request: HttpRequest, found: Customer, **told: Any) -> HttpResponse:
    position = actions.position_of(found)
    phones = found.contacts.filter(kind=Contact.Kind.PHONE)
    seen = glance(found, today())
    served = ServedBy.objects.filter(service__customer=found).select_related("device__site")
    emitter = served.first()
    held = seen.row.connection
    router = held.router if held is not None and held.released_at is None else None
    device = emitter.device if emitter else None
    at = device.site if device else _site_of(router)
    context = {
        "customer": found,
        "glance": seen,
        "phones": [show_phone(row.value, found.company.country) for row in phones],
        "router": router,
        "device": device,
        "site": at,
        "position": actions.text_of(position),
        "route": route_to(position),
        "line": _line(position, actions.position_of(at) if at else None),
        **told,
    }
    return render(request, "maps/_customer.html", context)


def _site_card(request: HttpRequest, found: Site, **told: Any) -> HttpResponse:
    (state,) = monitoring.site_states(Site.objects.filter(pk=found.pk))
    active = found.devices.filter(is_active=True).select_related("template", "blamed")
    devices = visible(person(request), active)
    position = actions.position_of(found)
    context = {
        "site": found,
        "state": state,
        "state_label": state_words(state.state),
        "devices": [_health(each) for each in devices],
        "routers": visible(person(request), found.routers.order_by("name")),
        "position": actions.text_of(position),
        "route": route_to(position),
        **told,
    }
    return render(request, "maps/_site.html", context)


def _health(device: Device) -> tuple[Device, str, str]:
    """(device, state, its words)."""
    state = monitoring.state_of(device)
    return device, state, state_words(state)


def route_to(position: Position | None) -> str:
    """A link that opens the way there from where one is (MW-44); empty without a position."""
    if position is None:
        return ""
    url = str(settings.MAP_ROUTE_URL).replace("{lat}", str(position.latitude))
    return url.replace("{lon}", str(position.longitude))


def _customer(request: HttpRequest, pk: int) -> Customer:
    mine = visible(person(request), Customer.objects.all())
    return get_object_or_404(mine.select_related("zone", "company"), pk=pk)


def _site(request: HttpRequest, pk: int) -> Site:
    return get_object_or_404(visible(person(request), Site.objects.all()), pk=pk)


def _site_of(router: Any) -> Site | None:
    if router is None or router.site_id is None:
        return None
    return Site.objects.get(pk=router.site_id)


def _line(one: Position | None, other: Position | None) -> str:
    """Both ends as text, empty where one of them stands nowhere."""
    return f"{actions.text_of(one)}; {actions.text_of(other)}" if one and other else ""
