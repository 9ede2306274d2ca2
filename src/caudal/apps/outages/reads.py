"""What other rooms ask: whose cuts, late fees and reminders wait, and why."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from caudal.apps.outages.models import Affected, AffectedQuerySet
from caudal.store.lookups import Among


@dataclass(frozen=True, slots=True)
class Held:
    """From when to when an outage holds a customer; without `until` it is not over."""

    outage: int
    title: str
    since: date
    until: date | None


def in_outage(day: date, customer: str = "customer") -> Exists:
    """For `filter`: the row's customer, to whom `customer` leads, is held on that day."""
    return Exists(Affected.objects.holding(day).filter(customer=OuterRef(customer)))


def held_on(customers: Iterable[int], day: date) -> dict[int, Held]:
    """Those of the customers who are held on that day, each with the outage that began first."""
    found: dict[int, Held] = {}
    for customer, held in _rows(Affected.objects.holding(day), customers):
        found.setdefault(customer, held)
    return found


def holds_since(customers: Iterable[int], day: date) -> dict[int, list[Held]]:
    """Every outage of theirs that holds on `day` or on any later one, oldest first; one query."""
    rows = Affected.objects.filter(
        Q(outage__held_until=None) | Q(outage__held_until__gte=day), outage__voided_at=None
    )
    found: dict[int, list[Held]] = defaultdict(list)
    for customer, held in _rows(rows, customers):
        found[customer].append(held)
    return found


def _rows(rows: AffectedQuerySet, customers: Iterable[int]) -> Iterable[tuple[int, Held]]:
    wanted = rows.filter(Among("customer_id", set(customers))).order_by(
        "outage__held_from", "outage_id"
    )
    read = wanted.values_list(
        "customer_id", "outage_id", "outage__title", "outage__held_from", "outage__held_until"
    ).distinct()
    for customer, outage, title, since, until in read:
        yield customer, Held(outage, title, since, until)
