"""A connection that should never have been: an undo of an import takes it away."""

from datetime import datetime

from django.db import transaction

from caudal.apps.clock.jobs import wake
from caudal.apps.network.actions.connections import (
    JOURNAL_FIELDS,
    mark_dirty,
    refresh_access_text,
)
from caudal.apps.network.models import Connection
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot


@transaction.atomic
def remove_connection(*, actor: Actor, now: datetime, connection: Connection) -> None:
    """Forget it with its history of addresses; its router loses at its next pass what it holds of
    it, under the usual brakes. Who only leaves is released instead."""
    connection.refresh_from_db(from_queryset=Connection.objects.select_for_update())
    customer = connection.service.customer
    before = snapshot(connection, JOURNAL_FIELDS)
    record(
        actor, "connection.remove", connection, now=now, customer_id=customer.pk,
        before=before, after={},
    )  # fmt: skip
    mark_dirty(connection.router, now)
    connection.delete()
    refresh_access_text(customer)
    wake()
