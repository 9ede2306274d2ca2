"""What a map is drawn from: customers as pins, many of them as counted cells, and their sums."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Floor
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import (
    Customer,
    Service,
    ServiceState,
    Suspension,
    SuspensionReason,
)
from caudal.apps.maps.models import PositionFile
from caudal.apps.staff.models import User
from caudal.core.areas import Area, cell_of
from caudal.store.measures import MeasureField

MOST_PINS = 1_500
"""More than these in an area are counted by cell instead of being sent one by one."""
STATES = (
    ("cut", _("Cut for non-payment")),
    ("held", _("Suspended for another reason")),
    ("active", _("Active")),
    ("pending", _("Pending installation")),
    ("none", _("Without a service")),
)
"""(code, words) by the number that pins carry; what asks most for attention stands first."""
CUT, HELD, ACTIVE, PENDING, NONE = range(len(STATES))


def _has(state: str) -> Exists:
    return Exists(Service.objects.filter(customer=OuterRef("pk"), state=state))


def _unpaid() -> Exists:
    open_ones = Suspension.objects.filter(reason=SuspensionReason.UNPAID, closed_at=None)
    return Exists(
        open_ones.filter(service__customer=OuterRef("pk"), service__state=ServiceState.SUSPENDED)
    )


def with_pin(customers: "QuerySet[Customer]") -> "QuerySet[Any]":
    """With the number of his state as `pin`: of several services, the one that asks most."""
    cases = Case(
        When(_has(ServiceState.SUSPENDED) & _unpaid(), then=CUT),
        When(_has(ServiceState.SUSPENDED), then=HELD),
        When(_has(ServiceState.ACTIVE), then=ACTIVE),
        When(_has(ServiceState.PENDING), then=PENDING),
        default=NONE,
        output_field=IntegerField(),
    )
    return customers.annotate(pin=cases)


def placed(customers: "QuerySet[Customer]", area: Area | None = None) -> "QuerySet[Customer]":
    """Those with a position, within the area where one is given."""
    found = customers.filter(latitude__isnull=False, longitude__isnull=False)
    if area is None:
        return found
    return found.filter(
        latitude__gte=area.south, latitude__lte=area.north,
        longitude__gte=area.west, longitude__lte=area.east,
    )  # fmt: skip


def drawn(customers: "QuerySet[Customer]", area: Area, zoom: int) -> dict[str, Any]:
    """What to draw of an area: {"pins": [id, lat, lon, state, ...]}, or where they are too many
    {"cells": [[lat, lon, how many of each state, of one alone his id]]}. At most two queries."""
    here = with_pin(placed(customers, area)).order_by()
    pins = list(here.values_list("id", "latitude", "longitude", "pin")[: MOST_PINS + 1])
    if len(pins) <= MOST_PINS:
        return {"pins": [part for row in pins for part in _plain(row)]}
    return {"cells": _cells(here, area, zoom)}


def _plain(row: tuple[Any, ...]) -> tuple[int, float, float, int]:
    key, latitude, longitude, pin = row
    return key, float(latitude), float(longitude), pin


@dataclass(slots=True)
class _Cell:
    """Sums over the customers of a cell, as they come by state."""

    latitude: float = 0.0
    longitude: float = 0.0
    key: int = 0
    counts: list[int] | None = None

    def plain(self) -> list[Any]:
        counts = self.counts or []
        many = sum(counts)
        at = [round(self.latitude / many, 5), round(self.longitude / many, 5)]
        return [*at, counts, self.key if many == 1 else 0]


def _cells(here: "QuerySet[Any]", area: Area, zoom: int) -> list[list[Any]]:
    width, height = cell_of(zoom, (area.south + area.north) / 2)
    rows = (
        here.annotate(
            row=Floor(Cast("latitude", MeasureField()) / Value(height)),
            column=Floor(Cast("longitude", MeasureField()) / Value(width)),
        )
        .values("row", "column", "pin")
        .annotate(
            many=Count("id"), at_north=Avg("latitude"), at_east=Avg("longitude"), key=Min("id")
        )
        .values_list("row", "column", "pin", "many", "at_north", "at_east", "key")
    )
    found: dict[tuple[float, float], _Cell] = {}
    for row, column, pin, many, north, east, key in rows:
        cell = found.setdefault((row, column), _Cell(counts=[0] * len(STATES)))
        cell.latitude += float(north) * many
        cell.longitude += float(east) * many
        cell.key = key
        if cell.counts is not None:
            cell.counts[pin] += many
    return [cell.plain() for cell in found.values()]


@dataclass(frozen=True)
class Sums:
    """How many of a filter stand where: `by_state` has those on the map, by the number of state."""

    by_state: Mapping[int, int]
    placed: int
    lost: int
    """Without a position."""

    def legend(self) -> list[tuple[str, Any, int]]:
        """(code, words, how many) of every state."""
        return [(code, label, self.by_state.get(n, 0)) for n, (code, label) in enumerate(STATES)]


def sums_of(customers: "QuerySet[Customer]") -> Sums:
    """In one query."""
    rows: Iterable[tuple[int, int, int]] = (
        with_pin(customers)
        .order_by()
        .values("pin")
        .annotate(many=Count("id"), found=Count(F("latitude") + F("longitude")))
        .values_list("pin", "many", "found")
    )
    rows = list(rows)
    by_state = {pin: found for pin, _many, found in rows}
    on_map = sum(by_state.values())
    return Sums(by_state, on_map, sum(many for _pin, many, _found in rows) - on_map)


def bounds_of(customers: "QuerySet[Customer]") -> Area | None:
    """The smallest rectangle that holds them all, None where nobody has a position."""
    sides = (
        placed(customers)
        .order_by()
        .aggregate(
            west=Min("longitude"),
            south=Min("latitude"),
            east=Max("longitude"),
            north=Max("latitude"),
        )
    )
    if sides["west"] is None:
        return None
    return Area(**{side: float(value) for side, value in sides.items()})


def files_of(user: User) -> "QuerySet[PositionFile]":
    """Whoever sees a part of the customers sees only his own files."""
    rows = PositionFile.objects.all()
    return rows.filter(by=user) if user.is_limited else rows
