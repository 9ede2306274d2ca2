"""Positions: a customer or a site put elsewhere and back, and files of positions kept."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from caudal.apps.clock.jobs import wake
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer
from caudal.apps.maps.files.matching import Directory, Match, match
from caudal.apps.maps.files.reading import read_marks, require_map
from caudal.apps.maps.models import Placemark, PositionFile
from caudal.apps.network import actions as network
from caudal.apps.network.models import Site
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.core.positions import PLACES, Position
from caudal.store.bulk import insert

AT_ONCE = 1_000
LEASE = timedelta(minutes=10)
Status = PositionFile.Status
ANYWHERE: Final = object()
"""Whoever puts a pin elsewhere does not mind where it was; who takes that back does."""


@transaction.atomic
def place_customer(
    *,
    actor: Actor,
    now: datetime,
    row: Customer,
    to: Position | None,
    expected: Any = ANYWHERE,
) -> Customer:
    """Put the customer there, None takes his position away.

    Raises RuleError where `expected` is given and he no longer stands there.
    """
    row.refresh_from_db(from_queryset=Customer.objects.select_for_update())
    _require(row, expected)
    return customers.place(actor=actor, now=now, customer=row, position=to)


@transaction.atomic
def place_site(
    *, actor: Actor, now: datetime, row: Site, to: Position | None, expected: Any = ANYWHERE
) -> Site:
    """The same of a site."""
    row.refresh_from_db(from_queryset=Site.objects.select_for_update())
    _require(row, expected)
    row.latitude, row.longitude = (to.latitude, to.longitude) if to else (None, None)
    return network.save_site(actor=actor, now=now, site=row)


@transaction.atomic
def keep_file(*, user: User, now: datetime, name: str, content: bytes) -> PositionFile:
    """Keep a file that a worker will read. Raises RuleError for what is no map at a glance."""
    require_map(content)
    file = PositionFile.objects.create(
        name=name[:120], at=now, by=user, content=content, status=Status.WAITING
    )
    record(Actor.person(user), "positionfile.keep", file, now=now)
    wake()
    return file


def claim(now: datetime) -> PositionFile | None:
    """A file that waits, or that a dead worker left half read, for LEASE."""
    left = Q(status=Status.READING, lease_until__lte=now)
    waiting = PositionFile.objects.filter(Q(status=Status.WAITING) | left)
    for pk in waiting.order_by("id").values_list("pk", flat=True):
        taken = waiting.filter(pk=pk).update(status=Status.READING, lease_until=now + LEASE)
        if taken:
            return PositionFile.objects.select_related("by__role").get(pk=pk)
    return None


def read_file(file: PositionFile, *, told: Callable[[int], None] = lambda count: None) -> None:
    """Find out what a kept file says and whom each placemark means, of those whom its sender may
    move. Nobody moves. `told` is called with how many more placemarks are looked up.

    Killed anywhere, it begins anew. What cannot be read is noted in the file.
    """
    Placemark.objects.filter(file=file).delete()
    try:
        reading = read_marks(bytes(file.content))
    except RuleError as error:
        _close(file, Status.FAILED, refused=str(error.code))
        return
    PositionFile.objects.filter(pk=file.pk).update(total=len(reading.marks), read=0)
    found = match(reading.marks, _directory(file.by))
    for first in range(0, len(found), AT_ONCE):
        some = found[first : first + AT_ONCE]
        insert([_placemark(file, n, one) for n, one in enumerate(some, start=first + 1)])
        PositionFile.objects.filter(pk=file.pk).update(read=first + len(some))
        told(len(some))
    shapes, nowhere = reading.skipped["shape"], reading.skipped["position"]
    _close(file, Status.DONE, shapes=shapes, nowhere=nowhere)


def _directory(user: User) -> Directory:
    customers_seen = visible(user, Customer.objects.filter(archived_at=None))
    sites = visible(user, Site.objects.all())
    return Directory(customers_seen, sites if user.may(Verb.CONFIGURE_NETWORK) else sites.none())


def _close(file: PositionFile, status: str, **found: Any) -> None:
    PositionFile.objects.filter(pk=file.pk).update(
        status=status, content=b"", lease_until=None, **found
    )


def _placemark(file: PositionFile, number: int, found: Match) -> Placemark:
    return Placemark(
        file=file, number=number, name=found.mark.name, code=found.mark.code,
        latitude=found.mark.position.latitude, longitude=found.mark.position.longitude,
        outcome=found.outcome, customer_id=found.customer, site_id=found.site,
    )  # fmt: skip


def text_of(position: Position | None) -> str:
    """As `core.positions` reads it again; empty for nowhere."""
    return f"{position.latitude}, {position.longitude}" if position else ""


def position_of(row: Customer | Site) -> Position | None:
    """Where it stands, to six decimals."""
    if row.latitude is None or row.longitude is None:
        return None
    return Position(row.latitude.quantize(PLACES), row.longitude.quantize(PLACES))


def _require(row: Customer | Site, expected: Any) -> None:
    if expected is not ANYWHERE and position_of(row) != expected:
        raise RuleError("moved-since")
