"""Customers who exchange what only one of them may have: codes, cards, users of the portal."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from caudal.apps.customers.models import Customer

UNIQUE = ("code", "rfid_card", "portal_user")
"""What two customers may not both have."""
Lent = dict[int, dict[str, Any]]
"""What customers had before they began to exchange it, by their number."""


@contextmanager
def exchanging(customers: Iterable[Customer]) -> Iterator[Lent]:
    """Inside, codes, cards and portal users of these customers can be had by one another.

    Give what comes to `edit_customer`. Who is not changed has in the end again what he had. Inside
    a transaction of the caller: nothing of it shows to anybody else.
    """
    rows = Customer.objects.filter(pk__in=[row.pk for row in customers])
    locked = rows.select_for_update().order_by("pk")
    lent: Lent = {row.pk: {name: getattr(row, name) for name in UNIQUE} for row in locked}
    rows.update(code=Concat(Value("~"), Cast("pk", CharField())), rfid_card="", portal_user="")
    yield lent
    for pk, held in lent.items():
        Customer.objects.filter(pk=pk).update(**held)
