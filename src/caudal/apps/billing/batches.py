"""Small transactions over many customers, in which one that fails does not stop the others."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from caudal.apps.customers.models import Customer, Service

BATCH = 250
"""Customers per transaction: enough to share its queries, few enough to wait for."""

Result = TypeVar("Result")


def pages(services: QuerySet[Service]) -> Iterator[list[int]]:
    """Ids of the customers of the services, some hundreds at a time, in order."""
    last = 0
    while True:
        rest = services.filter(customer__gt=last).order_by("customer_id")
        ids = list(rest.values_list("customer_id", flat=True).distinct()[:BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]


def count_customers(services: QuerySet[Service]) -> int:
    return services.order_by().values("customer").distinct().count()


def lock_customers(ids: Iterable[int]) -> list[Customer]:
    """The customers in order, locked: whoever touches their money waits until this commits."""
    rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=ids)
    return list(rows.defer("search_text", "access_text").order_by("pk"))


def in_transactions(
    ids: list[int],
    work: Callable[[list[int]], Result],
    failed: Callable[[int, Exception], None],
) -> Iterator[Result]:
    """work(ids) in one transaction; if that fails, one by one, telling `failed` who it was.

    A database that is away is nobody's fault: that error is raised, and the whole run tried again.
    """
    try:
        with transaction.atomic():
            result = work(ids)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(ids) == 1:
            failed(ids[0], error)
            return
        for one in ids:
            yield from in_transactions([one], work, failed)
        return
    yield result
