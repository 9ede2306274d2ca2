"""Small transactions over many customers, in which one that fails does not stop the others."""

import gc
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import QuerySet

from caudal.apps.clock.jobs import AWAY
from caudal.apps.customers.models import Customer, Service
from caudal.store.lookups import Among
from caudal.store.rows import fetch

BATCH = 1000
"""Customers per transaction: enough to share its queries, few enough to wait for."""

BILLED = (
    "id",
    "code",
    "name",
    "document_type",
    "document_number",
    "tax_number",
    "address",
    "legal_address",
    "legal_city",
    "legal_state",
    "legal_postal_code",
    "company_id",
    "zone_id",
    "tax_mode",
    "grouping",
    "is_invoiced",
    "late_fee_applies",
    "reconnection_fee_applies",
)
"""What billing asks of a customer; the other fifty columns are read when somebody does."""

Result = TypeVar("Result")


def pages(
    services: QuerySet[Service], only: Collection[int] | None = None
) -> tuple[int, Iterator[list[int]]]:
    """How many customers those services have, and their ids in order, some hundreds at a time.

    The ids are read once: asking again for each page would search all of them every time. `only`
    keeps to some customers; they may be many, and the database would look at all for each.
    """
    found = services.order_by("customer_id").values_list("customer_id", flat=True).distinct()
    wanted = None if only is None else frozenset(only)
    ids = array("q", (pk for pk in found.iterator() if wanted is None or pk in wanted))
    return len(ids), (list(ids[at : at + BATCH]) for at in range(0, len(ids), BATCH))


def lock_customers(ids: Iterable[int]) -> list[Customer]:
    """The customers in order, locked: whoever touches their money waits until this commits."""
    rows = Customer.objects.select_for_update(no_key=True).filter(Among("id", ids))
    return fetch(rows.order_by("pk"), *BILLED)


def in_transactions(
    ids: list[int],
    work: Callable[[list[int]], Result],
    failed: Callable[[int, Exception], None],
) -> Iterator[Result]:
    """work(ids) in one transaction; if that fails, one by one, telling `failed` who it was."""
    try:
        with transaction.atomic(), nothing_collected():
            result = work(ids)
    except AWAY:
        raise
    except Exception as error:
        if len(ids) == 1:
            failed(ids[0], error)
            return
        for one in ids:
            yield from in_transactions([one], work, failed)
        return
    yield result


def together_or_apart(
    customers: list[Customer], work: Callable[[list[Customer]], Result]
) -> tuple[list[Result], list[tuple[Customer, Exception]]]:
    """work(customers) in one savepoint; if that fails, one by one: results, and who failed.

    The caller's transaction keeps its locks meanwhile, so what comes between is nobody else's.
    """
    try:
        with transaction.atomic():
            return [work(customers)], []
    except AWAY:
        raise
    except Exception as error:
        if len(customers) == 1:
            return [], [(customers[0], error)]
    halves = [together_or_apart([one], work) for one in customers]
    return [r for done, _ in halves for r in done], [f for _, failed in halves for f in failed]


def check_references() -> None:
    """Have PostgreSQL look at foreign keys now, while whoever is wrong can still be told apart."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


_searching = Lock()
_batches_under_way = 0


@contextmanager
def nothing_collected() -> Iterator[None]:
    """A batch makes many objects that all live until it ends: looking for dead ones is in vain.

    Two batches may overlap in two threads; the last one to end has Python look again.
    """
    _count_batches(1)
    try:
        yield
    finally:
        _count_batches(-1)


def _count_batches(change: int) -> None:
    global _batches_under_way
    with _searching:
        _batches_under_way += change
        if _batches_under_way:
            gc.disable()
        else:
            gc.enable()
