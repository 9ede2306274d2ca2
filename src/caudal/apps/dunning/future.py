"""Who will be cut within some days, and who escapes although he owes, each with the reasons.

It supposes that nobody pays, and it leaves out invoices that are still to be created.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from django.db.models import QuerySet

from caudal.apps.customers.models import Service
from caudal.apps.dunning.cuts import owing
from caudal.apps.dunning.facts import Case, cases_of
from caudal.core.dunning import Decision
from caudal.core.money import ZERO

LONGEST = 60
AT_ONCE = 2000
"""Services whose facts are in memory together; the queries of each such page are as many."""


@dataclass(frozen=True)
class Foreseen:
    """A service that is cut on a day if nobody pays, or that escapes (`on` is None) today."""

    service: Service
    on: date | None
    decision: Decision
    debt: Decimal
    """What is overdue on that day, without what he has in favour."""
    invoices: int

    @property
    def currency(self) -> str:
        return self.service.plan.currency


@dataclass(frozen=True)
class Day:
    """What one day of the report adds up to."""

    on: date
    services: int
    debts: tuple[tuple[str, Decimal], ...]
    """(currency, sum)."""


def foreseen(services: QuerySet[Service], today: date, days: int) -> list[Foreseen]:
    """Those of `services` that are cut from `today` to `days` later, by day and customer."""
    until = today + timedelta(days=min(days, LONGEST))
    found = []
    for case in _cases(services, until):
        first = case.first_cut(today, until)
        if first is not None:
            found.append(_foreseen(case, first[0], first[0], first[1]))
    return sorted(found, key=lambda row: (row.on, row.service.customer.name, row.service.pk))


def escaped(services: QuerySet[Service], today: date) -> list[Foreseen]:
    """Those of `services` that browse today although an invoice's cut day has come."""
    found = []
    for case in _cases(services, today):
        decision = case.decide(today)
        if not decision.cut and case.invoices:
            found.append(_foreseen(case, None, today, decision))
    return sorted(found, key=lambda row: (row.service.customer.name, row.service.pk))


def by_day(rows: Iterable[Foreseen]) -> list[Day]:
    """The days of the report on which somebody is cut, in order."""
    sums: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    counts: dict[date, int] = defaultdict(int)
    for row in rows:
        if row.on is not None:
            sums[row.on][row.currency] += row.debt
            counts[row.on] += 1
    return [Day(day, counts[day], tuple(sorted(sums[day].items()))) for day in sorted(counts)]


def totals(rows: Iterable[Foreseen]) -> list[tuple[str, Decimal]]:
    """(currency, debt) over all of them."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        sums[row.currency] += row.debt
    return sorted(sums.items())


def _cases(services: QuerySet[Service], until: date) -> Iterator[Case]:
    rows = owing(until).filter(pk__in=services.values("pk")).only("pk").order_by("customer_id")
    found = iter(rows.iterator())
    while page := list(islice(found, AT_ONCE)):
        yield from cases_of(page, until)


def _foreseen(case: Case, on: date | None, day: date, decision: Decision) -> Foreseen:
    overdue = case.overdue(day)
    debt = sum((row.remaining for row in overdue), ZERO)
    return Foreseen(case.service, on, decision, max(debt - case.credit, ZERO), len(overdue))
