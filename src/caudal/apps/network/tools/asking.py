"""One question to one router, answered within seconds or refused in plain words."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Router
from caudal.apps.network.sync.door import opened
from caudal.apps.network.words import explain_fault
from caudal.core.ports import tools
from caudal.core.ports.access import AccessDriver, AccessError, AccessFault, Ping, PingResult
from caudal.web.errors import explain

Found = TypeVar("Found")
Row = TypeVar("Row")
PATIENCE_S = 4.0
"""How long a person waits for each answer of a router before he is told that it is silent."""
LACKS: Mapping[str, str | Promise] = {
    "arp": _("This router has no ARP table that can be read."),
    "leases": _(
        "This router has no DHCP leases. Of a Linux router those of dnsmasq, Kea and ISC DHCP "
        "are read."
    ),
    "sessions": _("Nobody signs in on this router: it has neither PPP nor HotSpot sessions."),
    "radios": _("This router has no radios that can be read."),
}
"""What is said of a router that has nothing of the kind."""


@dataclass(frozen=True)
class Told(Generic[Found]):
    """What the router told, or in words why it told nothing. `lacks`: it has nothing of the kind,
    and nothing is wrong."""

    found: Found | None
    error: str = ""
    lacks: bool = False


def ask(router: Router, question: Callable[[AccessDriver], Found]) -> Told[Found]:
    """Never raises for what a router does."""
    try:
        with line_to(router) as driver:
            return Told(question(driver))
    except (AccessError, NetworkError) as error:
        return Told(None, in_words(error), is_lack(error))


def is_lack(error: AccessError | NetworkError) -> bool:
    """Does a router of this kind, or as it is set up, have nothing to answer with?"""
    return isinstance(error, AccessError) and error.fault is AccessFault.UNABLE


def known(driver: AccessDriver, question: Callable[[AccessDriver], list[Row]]) -> list[Row]:
    """The rows, none where this router has no such thing. Raises AccessError for the rest."""
    try:
        return question(driver)
    except AccessError as error:
        if is_lack(error):
            return []
        raise


@contextmanager
def line_to(router: Router, patience_s: float = PATIENCE_S) -> Iterator[AccessDriver]:
    """A driver for some questions. Raises AccessError, and NetworkError where the API is off."""
    if not router.is_active:
        raise NetworkError(NetworkCode.ROUTER_OFF, router=router.name)
    with opened(router, patience_s) as driver:
        yield driver


def in_words(error: AccessError | NetworkError) -> str:
    if isinstance(error, NetworkError):
        return explain(error)
    lack = LACKS.get(error.detail) if is_lack(error) else None
    return str(lack) if lack else explain_fault(stored(error))


def stored(error: AccessError) -> str:
    """As columns keep it and `explain_fault` words it."""
    return f"{error.fault}: {error.detail}"[:300] if error.detail else str(error.fault)


def vitals(driver: AccessDriver) -> tools.Vitals:
    if isinstance(driver, tools.Checkup):
        return driver.vitals()
    raise unable("vitals")


def neighbours(driver: AccessDriver) -> list[tools.Neighbour]:
    if isinstance(driver, tools.Neighbours):
        return driver.neighbours()
    raise unable("arp")


def leases(driver: AccessDriver) -> list[tools.Lease]:
    if isinstance(driver, tools.Leases):
        return driver.leases()
    raise unable("leases")


def online_users(driver: AccessDriver) -> list[tools.OnlineUser]:
    if isinstance(driver, tools.OnlineUsers):
        return driver.online_users()
    raise unable("sessions")


def stations(driver: AccessDriver) -> list[tools.Station]:
    """Newer tables tell no address: ARP knows which one an equipment has."""
    if not isinstance(driver, tools.Stations):
        raise unable("radios")
    found = driver.stations()
    if not isinstance(driver, tools.Neighbours) or all(each.address for each in found):
        return found
    by_mac = {each.mac: each.address for each in driver.neighbours() if each.mac}
    return [replace(each, address=each.address or by_mac.get(each.mac, "")) for each in found]


def ping_once(driver: AccessDriver, address: str) -> PingResult:
    return ping(driver, address, 1)


def ping(driver: AccessDriver, address: str, count: int) -> PingResult:
    if isinstance(driver, Ping):
        return driver.ping(address, count=count)
    raise unable("ping")


def trace(driver: AccessDriver, address: str) -> Iterator[list[tools.Hop]]:
    if isinstance(driver, tools.Route):
        return driver.trace(address)
    raise unable("traceroute")


def flow(driver: AccessDriver, name: str) -> tools.Rate | None:
    if isinstance(driver, tools.Flow):
        return driver.flow(name)
    raise unable("traffic")


def export(driver: AccessDriver) -> str:
    if isinstance(driver, tools.Export):
        return driver.export()
    raise unable("export")


def unable(what: str) -> AccessError:
    return AccessError(AccessFault.UNABLE, permanent=True, detail=what)
