"""What people look up about one customer: his service right now, and his live traffic."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.customers.models import Customer
from caudal.apps.network.models import Connection
from caudal.apps.network.tools import asking, streams
from caudal.apps.network.ways import LEASED
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.addressing import canonical
from caudal.core.ports import tools
from caudal.core.ports.access import AccessDriver


@require_GET
@requires(Verb.USE_TOOLS)
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """His live connections with what can be looked up; nothing is asked before somebody wants."""
    customer = get_object_or_404(visible(person(request), Customer.objects.all()), pk=pk)
    rows = Connection.objects.live().filter(service__customer=customer)
    rows = rows.select_related("router", "service").order_by("service__number")
    context = {"customer": customer, "connections": rows}
    return render(request, "network/tools/_customer.html", context)


@require_GET
@requires(Verb.USE_TOOLS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    found = connection_of(request, pk)
    context = {
        "title": _("Tools of %(customer)s") % {"customer": found.service.customer},
        "connection": found,
        "router": found.router,
        "address": address_of(found),
    }
    return render(request, "network/tools/connection.html", context)


@require_GET
@requires(Verb.USE_TOOLS)
def present(request: HttpRequest, pk: int) -> HttpResponse:
    """His session, lease, equipment and signal, as the router tells them now."""
    found = connection_of(request, pk)
    told = asking.ask(found.router, lambda driver: look(driver, found))
    context = {
        "connection": found,
        "now": told.found,
        "error": told.error,
        "lacks": told.lacks,
    }
    return render(request, "network/tools/_present.html", context)


@require_GET
@requires(Verb.USE_TOOLS)
def traffic(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What he moves, each second, for a minute."""
    found = connection_of(request, pk)
    leased = found.technology in LEASED
    name = address_of(found) if leased else found.username
    return streams.watched(found.router, streams.traffic(name))


def connection_of(request: HttpRequest, pk: int) -> Connection:
    """A live one, of a customer whom the person may see; else 404."""
    rows = visible(person(request), Connection.objects.live())
    return get_object_or_404(rows.select_related("router", "service__customer"), pk=pk)


def address_of(connection: Connection) -> str:
    """The one he has, or the one that the router gave him when it was last read."""
    return str(connection.address or connection.last_session.get("address", "") or "")


@dataclass(frozen=True)
class Present:
    """What a router tells of one customer; what it does not know of him is empty."""

    user: tools.OnlineUser | None = None
    neighbour: tools.Neighbour | None = None
    lease: tools.Lease | None = None
    station: tools.Station | None = None

    @property
    def is_seen(self) -> bool:
        return any((self.user, self.neighbour, self.lease, self.station))


def look(driver: AccessDriver, connection: Connection) -> Present:
    """Raises AccessError. Of a radio that is elsewhere this router knows nothing (IC-37)."""
    able = (tools.OnlineUsers, tools.Neighbours, tools.Leases, tools.Stations)
    if not any(isinstance(driver, each) for each in able):
        raise asking.unable("look")
    users = asking.known(driver, asking.online_users)
    user = next((each for each in users if each.name == connection.username), None)
    address = user.address if user else address_of(connection)
    neighbours = asking.known(driver, asking.neighbours)
    neighbour = next((each for each in neighbours if _same(each.address, address)), None)
    leases = asking.known(driver, asking.leases)
    lease = next((each for each in leases if _same(each.address, address)), None)
    macs = {each.mac for each in (user, neighbour, lease) if each} | {connection.mac}
    stations = driver.stations() if isinstance(driver, tools.Stations) else []
    station = next((each for each in stations if each.mac in macs - {""}), None)
    return Present(user, neighbour, lease, station)


def _same(told: str, address: str) -> bool:
    return bool(told and address) and canonical(told) == canonical(address)
