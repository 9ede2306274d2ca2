"""Positions: a customer or a site put elsewhere, and back."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction

from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer
from caudal.apps.network import actions as network
from caudal.apps.network.models import Site
from caudal.apps.staff.actor import Actor
from caudal.core.errors import RuleError
from caudal.core.positions import PLACES, Position

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


def position_of(row: Customer | Site) -> Position | None:
    """Where it stands, to six decimals."""
    if row.latitude is None or row.longitude is None:
        return None
    return Position(row.latitude.quantize(PLACES), row.longitude.quantize(PLACES))


def _require(row: Customer | Site, expected: Any) -> None:
    if expected is not ANYWHERE and position_of(row) != expected:
        raise RuleError("moved-since")
