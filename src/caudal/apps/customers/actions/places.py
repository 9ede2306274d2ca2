"""Where a customer stands on the map."""

from datetime import datetime

from django.db import transaction

from caudal.apps.customers.models import Customer
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.positions import Position

FIELDS = ["latitude", "longitude"]


@transaction.atomic
def place(
    *, actor: Actor, now: datetime, customer: Customer, position: Position | None
) -> Customer:
    """Put him there and touch nothing else, so that what is wrong elsewhere does not hinder it.

    None takes his position away; where he stands there already nothing is written.
    """
    customer.refresh_from_db(from_queryset=Customer.objects.select_for_update())
    before = snapshot(customer, FIELDS)
    latitude, longitude = (position.latitude, position.longitude) if position else (None, None)
    if (customer.latitude, customer.longitude) == (latitude, longitude):
        return customer
    customer.latitude, customer.longitude = latitude, longitude
    customer.updated_at = now
    customer.save(update_fields=[*FIELDS, "updated_at"])
    after = snapshot(customer, FIELDS)
    record(
        actor, "customer.place", customer, now=now, customer_id=customer.pk,
        before=before, after=after,
    )  # fmt: skip
    return customer
