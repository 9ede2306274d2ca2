"""Zones, plans, routers and companies by the names that files use, and those nobody has."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models

from caudal.apps.catalog.models import Company, Plan, Technology
from caudal.apps.customers.models import Zone
from caudal.apps.imports.options import Options
from caudal.apps.imports.records import Record
from caudal.apps.network.models import Pool, Router
from caudal.core.addressing import ip_interface_address
from caudal.core.cells import read_offer
from caudal.core.text import key

Row = TypeVar("Row", bound=models.Model)


@dataclass(slots=True)
class Lookups:
    """Everything that a row may name, by its bare letters and digits; read once per batch."""

    zones: dict[str, Zone]
    plans: dict[str, Plan]
    routers: dict[str, Router]
    companies: dict[str, Company]
    pools: dict[int, list[Pool]]
    options: Options

    @classmethod
    def now(cls, options: Options) -> "Lookups":
        lookups = cls({}, {}, {}, {}, {}, options)
        lookups.refresh()
        return lookups

    def refresh(self) -> None:
        """Read the rows again."""
        self.zones = {key(row.name): row for row in Zone.objects.select_related("company")}
        self.plans = {key(row.name): row for row in Plan.objects.all()}
        self.routers = {key(row.name): row for row in Router.objects.all()}
        self.companies = {key(row.name): row for row in Company.objects.all()}
        pools = defaultdict(list)
        for pool in Pool.objects.order_by("id"):
            pools[pool.router_id].append(pool)
        self.pools = dict(pools)

    def zone(self, name: str) -> Zone | None:
        """The zone of that name; where the row names none, the one chosen for all."""
        return _named(self.zones, name, self.options.zone)

    def company(self, record: Record) -> Company | None:
        """Who invoices: whom the row names, else his zone's; None where the zone is not known."""
        named = self.companies.get(key(record.company))
        zone = self.zone(record.zone)
        return named or (zone.company if zone else None)

    def plan(self, name: str) -> Plan | None:
        return _named(self.plans, name, self.options.plan)

    def router(self, name: str) -> Router | None:
        """As `zone`; a name that nobody has gives the chosen one as well, or none."""
        return _named(self.routers, name, None) or _named(self.routers, "", self.options.router)

    def pool(self, router: Router, address: str) -> Pool | None:
        """The pool that holds the address, if one does; without one, the pool for dynamic ones."""
        pools = self.pools.get(router.pk, [])
        if not address:
            return next((pool for pool in pools if pool.pk == self.options.pool), None)
        wanted = ip_interface_address(address)
        return next((pool for pool in pools if wanted in pool.addresses()), None)


def _named(rows: Mapping[str, Row], name: str, chosen: int | None) -> Row | None:
    if name:
        return rows.get(key(name))
    return next((row for row in rows.values() if row.pk == chosen), None) if chosen else None


@dataclass(frozen=True, slots=True)
class Missing:
    """A plan or zone that rows name and nobody has, as it would be created."""

    kind: str
    """"plan" or "zone"."""
    name: str
    rows: int
    price: str = ""
    down_kbps: int = 0
    up_kbps: int = 0
    technology: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether everything that a plan needs could be guessed."""
        return bool(self.price and self.down_kbps and self.up_kbps)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class _PlanRows:
    """What the rows of a plan tell of it."""

    count: int = 0
    prices: Counter[Decimal] = field(default_factory=Counter)
    has_passwords: bool = False
    has_addresses: bool = False

    def add(self, record: Record) -> None:
        self.count += 1
        if record.price is not None and record.price >= 0:
            self.prices[record.price] += 1
        self.has_passwords = self.has_passwords or bool(record.password)
        self.has_addresses = self.has_addresses or bool(record.address)

    @property
    def technology(self) -> str:
        """With passwords it is PPPoE, with addresses alone a queue, with neither nobody's."""
        if self.has_passwords:
            return Technology.PPPOE
        return Technology.SIMPLE_QUEUE if self.has_addresses else Technology.UNMANAGED


def missing(records: Iterable[Record], lookups: Lookups) -> list[Missing]:
    """What must be created before these rows can come in, most used first."""
    plans: defaultdict[str, _PlanRows] = defaultdict(_PlanRows)
    zones: Counter[str] = Counter()
    for record in records:
        if record.plan and lookups.plan(record.plan) is None:
            plans[_same(plans, record.plan)].add(record)
        if record.zone and lookups.zone(record.zone) is None:
            zones[_same(zones, record.zone)] += 1
    found = [Missing("zone", name, count) for name, count in zones.items()]
    found += [_plan(name, rows) for name, rows in plans.items()]
    return sorted(found, key=lambda row: (row.kind, -row.rows, row.name))


def _same(names: Mapping[str, Any], name: str) -> str:
    """The spelling under which it stands already."""
    return next((other for other in names if key(other) == key(name)), name)


def _plan(name: str, rows: _PlanRows) -> Missing:
    """Price and speed from the name; failing that, the price that most of its rows have."""
    offer = read_offer(name)
    price = rows.prices.most_common(1)[0][0] if rows.prices else offer.price
    return Missing(
        "plan",
        name[:120],
        rows.count,
        price=f"{price:f}" if price is not None else "",
        down_kbps=offer.down_kbps,
        up_kbps=offer.up_kbps,
        technology=rows.technology,
    )
