"""Whose plain http leads to the notice for now: decided above, kept on connections here (IC-72)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from caudal.apps.customers.actions import touch
from caudal.apps.network.models import Connection


@transaction.atomic
def remind(*, now: datetime, customers: Collection[int]) -> int:
    """From now on these customers, by id, are led to the notice and no others; how many changed.

    Not an act of a person: no journal.
    """
    live = Connection.objects.live().exclude(address=None).select_related("service")
    asked = set(customers)
    ended = [row for row in live.filter(reminded=True) if row.service.customer_id not in asked]
    begun = list(live.filter(reminded=False, service__customer__in=asked))
    for rows, reminded in ((ended, False), (begun, True)):
        _set(rows, reminded, now)
    return len(ended) + len(begun)


@transaction.atomic
def stop_reminding(*, now: datetime, customer_id: int) -> None:
    """He has read it: routers let his pages through at their next pass."""
    found = Connection.objects.filter(service__customer=customer_id, reminded=True)
    _set(list(found.select_related("service")), False, now)


def _set(rows: list[Connection], reminded: bool, now: datetime) -> None:
    if not rows:
        return
    Connection.objects.filter(pk__in=[row.pk for row in rows]).update(reminded=reminded)
    touch([row.service for row in rows], now)
