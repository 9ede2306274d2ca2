"""Who gets his internet through a site, a device, a router or a zone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from caudal.apps.customers.models import Service, ServiceState
from caudal.apps.monitoring.models import Cover, Device, ServedBy
from caudal.apps.network.models import Connection, Router
from caudal.apps.outages.actions import Behind
from caudal.store.lookups import Among

SERVED = (ServiceState.ACTIVE, ServiceState.SUSPENDED)


@dataclass(frozen=True)
class Covered:
    """What fails, by the keys of its rows."""

    sites: set[int] = field(default_factory=set)
    devices: set[int] = field(default_factory=set)
    routers: set[int] = field(default_factory=set)
    zones: set[int] = field(default_factory=set)
    customers: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, covers: Iterable[Cover]) -> "Covered":
        found = cls()
        for cover in covers:
            for name in ("site", "device", "router", "zone", "customer"):
                key = getattr(cover, f"{name}_id")
                if key is not None:
                    getattr(found, f"{name}s").add(key)
        return found


def behind(covered: Covered) -> list[Behind]:
    """Every service that does not work when all of that fails, once each, and through what.

    In a fixed number of queries. The nearest thing that is known to serve it gives the reason: its
    device, else its router, else its zone or the customer himself.
    """
    tree = Tree.read()
    devices = tree.below(covered.devices | tree.at(covered.sites))
    routers = _routers(covered, devices)
    found: dict[int, Behind] = {}
    for service, customer, zone in _by_hand(covered):
        found[service] = (service, customer, zone)
    for service, customer, router in _by_router(routers):
        found[service] = (service, customer, routers[router])
    for service, customer, device in _by_device(devices):
        found[service] = (service, customer, tree.names[device])
    return list(found.values())


def count_behind(device: Device) -> int:
    return len(behind(Covered(devices={device.pk})))


class Tree:
    """All devices that are in use: who hangs from whom, read in one query."""

    def __init__(self, rows: Iterable[tuple[int, int | None, int | None, str]]) -> None:
        self.names: dict[int, str] = {}
        self.sites: dict[int, set[int]] = defaultdict(set)
        self.children: dict[int, set[int]] = defaultdict(set)
        for key, parent, site, name in rows:
            self.names[key] = name
            if parent is not None:
                self.children[parent].add(key)
            if site is not None:
                self.sites[site].add(key)

    @classmethod
    def read(cls) -> "Tree":
        rows = Device.objects.filter(is_active=True).order_by()
        return cls(rows.values_list("pk", "parent", "site", "name"))

    def at(self, sites: Iterable[int]) -> set[int]:
        return {key for site in sites for key in self.sites.get(site, ())}

    def below(self, devices: Iterable[int]) -> set[int]:
        """They and whatever hangs from them."""
        found: set[int] = set()
        waiting = [key for key in devices if key in self.names]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += self.children.get(key, ())
        return found


def _routers(covered: Covered, devices: set[int]) -> Mapping[int, str]:
    wanted = Router.objects.filter(
        Q(pk__in=covered.routers) | Q(site__in=covered.sites) | Among("device__id", devices)
    )
    return dict(wanted.order_by().values_list("pk", "name"))


def _by_router(routers: Iterable[int]) -> QuerySet[Connection, tuple[int, int, int]]:
    rows = Connection.objects.live().filter(router__in=list(routers), service__state__in=SERVED)
    return rows.order_by().values_list("service", "service__customer", "router")


def _by_device(devices: Iterable[int]) -> QuerySet[ServedBy, tuple[int, int, int]]:
    rows = ServedBy.objects.filter(Among("device_id", devices), service__state__in=SERVED)
    return rows.order_by().values_list("service", "service__customer", "device")


def _by_hand(covered: Covered) -> QuerySet[Service, tuple[int, int, str]]:
    rows = Service.objects.filter(
        Q(customer__zone__in=covered.zones) | Q(customer__in=covered.customers),
        state__in=SERVED,
        customer__archived_at=None,
    )
    return rows.order_by().values_list("pk", "customer", "customer__zone__name")
