"""Positions: a customer or a site put elsewhere and back, and files of positions kept."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction

from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer
from caudal.apps.maps.files.matching import Directory, Match, match
from caudal.apps.maps.files.reading import Reading
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
def keep_file(*, user: User, now: datetime, name: str, reading: Reading) -> PositionFile:
    """Keep what a file says and whom each placemark means, of those whom `user` may move."""
    customers_seen = visible(user, Customer.objects.filter(archived_at=None))
    sites = visible(user, Site.objects.all())
    sites = sites if user.may(Verb.CONFIGURE_NETWORK) else sites.none()
    file = PositionFile.objects.create(
        name=name[:120], at=now, by=user,
        shapes=reading.skipped["shape"], nowhere=reading.skipped["position"],
    )  # fmt: skip
    found = match(reading.marks, Directory(customers_seen, sites))
    insert([_placemark(file, number, one) for number, one in enumerate(found, start=1)])
    record(Actor.person(user), "positionfile.keep", file, now=now, note=str(len(found)))
    return file


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
