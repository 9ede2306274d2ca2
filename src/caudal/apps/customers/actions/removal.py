"""Customers and services that should never have been: an undo of an import takes them away."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model, ProtectedError

from caudal.apps.customers.models import Customer, Service
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.errors import RuleError


@transaction.atomic
def remove_service(*, actor: Actor, now: datetime, service: Service) -> None:
    """Delete a service that nothing speaks of; the journal keeps what it was.

    How it was connected is the network's: it has removed that before. Raises RuleError where
    another row holds it.
    """
    _remove(actor, "service.remove", service, now, service.customer_id)


@transaction.atomic
def remove_customer(*, actor: Actor, now: datetime, customer: Customer) -> None:
    """Delete a customer without services whom nothing speaks of, with his contacts and values.

    Raises RuleError where another row holds him.
    """
    _remove(actor, "customer.remove", customer, now, customer.pk)


def _remove(actor: Actor, verb: str, row: Model, now: datetime, customer_id: int) -> None:
    row.refresh_from_db(from_queryset=type(row)._default_manager.select_for_update())
    before = {name: value for name, value in snapshot(row).items() if value}
    record(actor, verb, row, now=now, customer_id=customer_id, before=before, after={})
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError as error:
        raise RuleError("held-by-other-rows") from error
