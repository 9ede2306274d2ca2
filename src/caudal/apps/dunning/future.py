"""Who will be cut within some days, and who escapes although he owes, each with the reasons.

It supposes that nobody pays, and it leaves out invoices that are still to be created.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from django.db.models import QuerySet

from caudal.apps.customers.models import Service
from caudal.apps.dunning.cuts import owing
from caudal.apps.dunning.facts import Case, cases_of
from caudal.core.money import ZERO
from caudal.core.records import Reason

LONGEST = 60
AT_ONCE = 2000
"""Services whose facts are in memory together; each such page asks as many queries."""
COLUMNS = (
    "number",
    "plan_id",
    "customer__name",
    "customer__code",
    "customer__zone_id",
    "customer__company_id",
    "customer__collector_id",
    "customer__is_invoiced",
    "customer__may_be_cut",
    "customer__automatic_state",
)
"""What the rules and the report ask of a service and its customer; the rest stays unread."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A service that is cut on a day if nobody pays, or that escapes today (`on` is None)."""

    service_id: int
    name: str
    """The customer's."""
    on: date | None
    debt: Decimal
    """What is overdue on that day, without what he has in favour."""
    currency: str
    invoices: int


@dataclass(frozen=True)
class Told:
    """A row of the report with its service and what decides."""

    row: Foreseen
    service: Service
    reasons: tuple[Reason, ...]


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
            found.append(_foreseen(case, first[0], first[0]))
    return sorted(found, key=lambda row: (row.on, row.name, row.service_id))


def escaped(services: QuerySet[Service], today: date) -> list[Foreseen]:
    """Those of `services` that browse today although an invoice's cut day has come."""
    found = []
    for case in _cases(services, today):
        if case.invoices and not case.decide(today).cut:
            found.append(_foreseen(case, None, today))
    return sorted(found, key=lambda row: (row.name, row.service_id))


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


def told(rows: Sequence[Foreseen], today: date) -> Iterator[Told]:
    """Each row with its reasons, in order; some hundreds are in memory together."""
    for at in range(0, len(rows), AT_ONCE):
        page = rows[at : at + AT_ONCE]
        services = [Service(pk=row.service_id) for row in page]
        cases = {case.service.pk: case for case in cases_of(services, only=COLUMNS)}
        for row in page:
            case = cases[row.service_id]
            yield Told(row, case.service, case.decide(row.on or today).reasons)


def _cases(services: QuerySet[Service], until: date) -> Iterator[Case]:
    rows = owing(until).filter(pk__in=services.values("pk")).only("pk").order_by("customer_id")
    found = iter(rows.iterator())
    while page := list(islice(found, AT_ONCE)):
        yield from cases_of(page, until, only=COLUMNS)


def _foreseen(case: Case, on: date | None, day: date) -> Foreseen:
    overdue = case.overdue(day)
    debt = sum((row.remaining for row in overdue), ZERO)
    return Foreseen(
        service_id=case.service.pk,
        name=case.service.customer.name,
        on=on,
        debt=max(debt - case.credit, ZERO),
        currency=case.service.plan.currency,
        invoices=len(overdue),
    )
