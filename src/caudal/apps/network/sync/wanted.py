"""What a router should hold: its connections as `core.access` speaks of them."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import F, Q

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.customers.models import ServiceState
from caudal.apps.network.models import Connection, Installation, Router
from caudal.apps.network.ways import ALWAYS_BOUND, first_lan
from caudal.core.access import Access, Kind, Speed, adoptable, own_key
from caudal.core.access import Technology as Way
from caudal.core.text import ascii_fold

PLAN_SPEED = (
    "up_kbps",
    "down_kbps",
    "burst_up_kbps",
    "burst_down_kbps",
    "burst_threshold_up_kbps",
    "burst_threshold_down_kbps",
    "burst_seconds",
    "guaranteed_up_kbps",
    "guaranteed_down_kbps",
    "priority",
)
PLAN_FIELDS = ("name", "profile", *PLAN_SPEED)
_COLUMNS = [
    "pk", "service_id", "service__revision", "service__state", "released_at", "technology",
    "username", "password", "address", "local_address", "mac", "bind_mac", "adopt", "pool__name",
    "pool__gateway", "pool__network", "server", "interface", "router__lan_interface",
    "router__pcq_queues", "prefix", "pool6__name", "duid", "iaid", "service__customer__code",
    "service__customer__name", "sync", "synced_revision", "last_error", "online_since",
    "last_session", "reminded", "queue_parent",
    *(f"service__plan__{name}" for name in PLAN_FIELDS),
]  # fmt: skip
CHUNK = 2_000
RADIUS = "radius"
"""The driver of routers whose customers a RADIUS server answers."""


@dataclass(frozen=True, slots=True)
class Line:
    """One connection as it was when the wanted state was computed.

    `access` is None where the router should hold nothing of it. `was_in_sync`: the last pass
    verified this very revision.
    """

    pk: int
    service_id: int
    revision: int
    access: Access | None
    adopt: bool
    was_in_sync: bool
    had_error: bool
    online_since: datetime | None
    session: dict[str, Any]

    @property
    def key(self) -> tuple[Kind, str]:
        """The service's own row."""
        assert self.access is not None
        return own_key(self.access)

    @property
    def keys(self) -> tuple[tuple[Kind, str], ...]:
        """The rows that a person may have allowed to be taken over."""
        assert self.access is not None
        return adoptable(self.access)


def wanted_state(router: Router, services: Collection[int] | None = None) -> Iterator[Line]:
    """Every connection of the router that is live, or not yet verified to be gone. One query.

    With `services` only theirs.

    Suspended is cut; cancelled with its address kept is cut too (WH-43); released is absent, and
    so is a service that waits for its installation.
    """
    gone = ~Q(released_at=None) & Q(sync=Connection.Sync.IN_SYNC)
    settled = gone & Q(synced_revision__gte=F("service__revision"))
    rows = Connection.objects.filter(router=router).exclude(settled).order_by("pk")
    if services is not None:
        rows = rows.filter(service__in=services)
    by_radius = router.driver == RADIUS
    for values in rows.values_list(*_COLUMNS).iterator(chunk_size=CHUNK):
        yield _line(dict(zip(_COLUMNS, values, strict=True)), by_radius)


def _line(row: dict[str, Any], by_radius: bool) -> Line:
    revision = row["service__revision"]
    in_sync = row["sync"] == Connection.Sync.IN_SYNC and row["synced_revision"] >= revision
    return Line(
        pk=row["pk"],
        service_id=row["service_id"],
        revision=revision,
        access=_access(row, by_radius) if _is_wanted(row) else None,
        adopt=row["adopt"],
        was_in_sync=in_sync,
        had_error=bool(row["last_error"]),
        online_since=row["online_since"],
        session=row["last_session"],
    )


def _is_wanted(row: dict[str, Any]) -> bool:
    if row["released_at"] is not None or row["technology"] == Technology.UNMANAGED:
        return False
    return bool(row["service__state"] != ServiceState.PENDING)


def _access(row: dict[str, Any], by_radius: bool) -> Access:
    pool, pool6 = "" if row["address"] else row["pool__name"] or "", row["pool6__name"] or ""
    by_mac = by_radius and row["technology"] == Way.DHCP
    bound = row["bind_mac"] or row["technology"] in ALWAYS_BOUND
    return Access(
        service_id=str(row["service_id"]),
        kind=Way.RADIUS if by_radius else Way(row["technology"]),
        name=row["mac"] if by_mac else row["username"],
        speed=_speed(*(row[f"service__plan__{name}"] for name in PLAN_SPEED)),
        profile=_profile(row, [name for name in (pool, pool6) if name]),
        password="" if by_mac else row["password"],
        address=row["address"] or "",
        local_address=row["local_address"] or row["pool__gateway"] or "",
        mac=row["mac"] if bound or by_mac else "",
        pool=pool,
        suspended=row["service__state"] != ServiceState.ACTIVE,
        reminded=row["reminded"],
        label=f"{row['service__customer__code']} {row['service__customer__name']}",
        server=row["server"],
        parent=row["queue_parent"],
        interface=row["interface"] or first_lan(row["router__lan_interface"]),
        subnet=_subnet(row),
        prefix=row["prefix"],
        pool6=pool6,
        duid=row["duid"],
        iaid=row["iaid"],
    )


def _subnet(row: dict[str, Any]) -> str:
    """The network that PCQ gives one queue; without a pool only packet marks can do it."""
    networks = row["router__pcq_queues"] == Router.PcqQueues.NETWORK
    return row["pool__network"] or "" if networks and row["address"] else ""


def _profile(row: dict[str, Any], pools: Sequence[str]) -> str:
    """Services whose address the router gives need a profile that names the pool: their own."""
    name = _profile_name(row["service__plan__profile"], row["service__plan__name"])
    return f"{name} ({', '.join(pools)})" if pools else name


def profile_of(plan: Plan) -> str:
    """What routers call the plan."""
    return _profile_name(plan.profile, plan.name)


def _profile_name(profile: str, name: str) -> str:
    return profile or ascii_fold(name).strip()


def speed_of(plan: dict[str, int | None]) -> Speed:
    """A plan's speed in bits; `plan` holds its columns by name, rates in kbit/s."""
    return _speed(*(plan[name] for name in PLAN_SPEED))


@lru_cache(maxsize=1_000)
def _speed(*columns: int | None) -> Speed:
    """Of the columns PLAN_SPEED. Thousands of services share a few plans, and their speed."""
    plan = dict(zip(PLAN_SPEED, columns, strict=True))

    def bps(name: str) -> int:
        return (plan[name] or 0) * 1000

    return Speed(
        up_bps=bps("up_kbps"),
        down_bps=bps("down_kbps"),
        burst_up_bps=bps("burst_up_kbps"),
        burst_down_bps=bps("burst_down_kbps"),
        threshold_up_bps=bps("burst_threshold_up_kbps"),
        threshold_down_bps=bps("burst_threshold_down_kbps"),
        burst_seconds=plan["burst_seconds"] or 0,
        guaranteed_up_bps=bps("guaranteed_up_kbps"),
        guaranteed_down_bps=bps("guaranteed_down_kbps"),
        priority=plan["priority"] or 8,
    )


def installation_key() -> str:
    """The owner in our marks on routers."""
    drawn = {"key": secrets.token_hex(8)}
    return Installation.objects.get_or_create(pk=1, defaults=drawn)[0].key
