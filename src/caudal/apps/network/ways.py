"""What each technology of access asks of a connection, for forms and for actions."""

from django.db.models import Q

from caudal.apps.catalog.models import Technology
from caudal.apps.network.models import Router

SIGNED_IN = frozenset({Technology.PPPOE, Technology.HOTSPOT})
"""With a user and a password; the router may choose the address."""
QUEUED = frozenset({Technology.SIMPLE_QUEUE, Technology.STATIC})
"""With a queue of their own."""
LEASED = frozenset({Technology.DHCP})
ALWAYS_BOUND = frozenset({Technology.DHCP, Technology.STATIC})
"""Not given without a MAC address."""
BOUND_BY_ARP = frozenset({Technology.STATIC, Technology.SIMPLE_QUEUE, Technology.PCQ})
WITH_PREFIX = frozenset(
    {
        Technology.PPPOE,
        Technology.DHCP,
        Technology.STATIC,
        Technology.SIMPLE_QUEUE,
        Technology.PCQ,
    }
)

_EVERYWHERE = ("address", "pool", "mac")
_FIELDS: dict[str, tuple[str, ...]] = {
    Technology.PPPOE: ("username", "password", "local_address", "bind_mac", "prefix", "pool6"),
    Technology.HOTSPOT: ("username", "password", "server", "bind_mac"),
    Technology.SIMPLE_QUEUE: ("username", "bind_mac", "interface", "prefix"),
    Technology.PCQ: ("bind_mac", "interface", "prefix"),
    Technology.DHCP: ("server", "prefix", "duid", "iaid"),
    Technology.STATIC: ("username", "interface", "prefix"),
}
WAYS = frozenset(_FIELDS)
ALL_FIELDS = frozenset({*_EVERYWHERE, *(name for names in _FIELDS.values() for name in names)})


def fields_of(technology: str) -> frozenset[str]:
    """The fields of a connection that mean something in this technology."""
    return frozenset({*_EVERYWHERE, *_FIELDS[technology]}) if technology in _FIELDS else frozenset()


def needs_address(technology: str) -> bool:
    return technology not in SIGNED_IN


def needs_mac(technology: str, bind_mac: bool) -> bool:
    return bind_mac or technology in ALWAYS_BOUND


def needs_interface(technology: str, bind_mac: bool) -> bool:
    """Where the MAC is tied to the address in the router's ARP table."""
    return technology in BOUND_BY_ARP and needs_mac(technology, bind_mac)


def first_lan(interfaces: str) -> str:
    """Where a device is seen unless its connection says otherwise; a router may have several."""
    return interfaces.partition(",")[0].strip()


def open_interfaces(router: Router) -> set[str]:
    """Where devices are bound by ARP though the router, when last asked, answered any of them."""
    told = router.facts.get("noticed", {}).get("reply_only")
    if told is None:
        return set()
    bound = Q(bind_mac=True) | Q(technology__in=ALWAYS_BOUND - LEASED)
    rows = router.connections.live().filter(bound, technology__in=BOUND_BY_ARP)
    names = rows.values_list("interface", flat=True).distinct()
    return {name or first_lan(router.lan_interface) for name in names} - {*told.split(","), ""}
