"""Customers of the demo on every way of access, their equipment, and what serves it on a router."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter


@dataclass(frozen=True, slots=True)
class Newcomer:
    """`way` in the words of core.access.Technology."""

    person: str
    way: str
    user: str = ""
    password: str = ""
    address: str = ""
    mac: str = ""


NEWCOMERS = (
    Newcomer("Abril Zamora Téllez", "dhcp", "", "", "10.40.0.20", "02:00:5E:40:00:01"),
    Newcomer("Darío Cuevas Luna", "dhcp", "", "", "10.40.0.21", "02:00:5E:40:00:02"),
    Newcomer("Café La Palapa", "hotspot", "palapa", "cafe2026", "", "02:00:5E:50:00:01"),
    Newcomer("Hostal El Muelle", "hotspot", "muelle", "velero77", "", "02:00:5E:50:00:02"),
    Newcomer("Gilda Rosales Mora", "pcq", "", "", "10.31.0.20", "02:00:5E:31:00:01"),
    Newcomer("Ulises Bravo Sáenz", "pcq", "", "", "10.31.0.21", "02:00:5E:31:00:02"),
    Newcomer("Notaría Pública 4", "static", "notaria4", "", "10.31.0.30", "02:00:5E:31:00:03"),
    Newcomer("Clínica San Gaspar", "static", "clinica", "", "10.31.0.31", "02:00:5E:31:00:04"),
)
HOTSPOT, LEASES = "plaza", "hogares"
"""Names of the servers, as people would choose them."""


def make_room(router: PracticeRouter) -> None:
    """A DHCP server and a HotSpot on bridges of their own, and everybody's equipment plugged in."""
    for bridge in ("casas", "comercios"):
        router.put("/interface/bridge", name=bridge)
    router.put("/ip/address", address="10.40.0.1/24", interface="casas")
    router.put("/ip/pool", name=LEASES, ranges="10.40.0.100-10.40.0.200")
    router.put("/ip/dhcp-server", name=LEASES, interface="casas", address_pool=LEASES)
    router.put("/ip/address", address="10.50.0.1/24", interface="comercios")
    router.put("/ip/pool", name=HOTSPOT, ranges="10.50.0.100-10.50.0.200")
    router.put("/ip/hotspot", name=HOTSPOT, interface="comercios", address_pool=HOTSPOT)
    router.put("/ip/address", address="10.31.0.1/24", interface="ether2")
    for each in NEWCOMERS:
        _plug(router, each)


def _plug(router: PracticeRouter, one: Newcomer) -> None:
    if one.way == "hotspot":
        about = {"way": "hotspot", "interface": "comercios"}
    elif one.way == "dhcp":
        about = {"way": "dhcp", "interface": "casas"}
    else:
        about = {"address": one.address}
    router.plug(one.user or one.mac, one.password, mac=one.mac, **about)
