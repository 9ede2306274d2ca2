"""What a run would do, without doing it: totals and exceptions of a creation."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from caudal.apps.billing.batches import BILLED, pages
from caudal.apps.billing.calendars import clock_named, time_zones
from caudal.apps.billing.drafts import Draft
from caudal.apps.billing.emissions import Emission, Skipped, draft_invoices, emissions
from caudal.apps.customers.models import Customer
from caudal.core.civil import local_date
from caudal.core.errors import RuleError

SHOWN = 50
"""Exceptions that are listed; the counts are of all."""


@dataclass
class Problem:
    customer: Customer
    error: RuleError


@dataclass
class Forecast:
    """A creation that has not happened."""

    invoices: int = 0
    customers: int = 0
    totals: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    reasons: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, drafts: list[Draft], skipped: list[Skipped]) -> None:
        self.customers += len({draft.customer.pk for draft in drafts})
        for draft in drafts:
            try:
                self.totals[draft.currency] += draft.taxed.total
            except RuleError as error:
                self.problems.append(Problem(draft.customer, error))
            else:
                self.invoices += 1
        self.reasons.update(str(item.reason.code) for item in skipped)
        self.skipped += skipped[: SHOWN - len(self.skipped)]


def forecast(on: date, now: datetime) -> Forecast:
    """What the creation of `on` would make now, in every zone. Reads; locks and changes nothing."""
    found = Forecast()
    for zone in time_zones():
        created_on = max(local_date(now, clock_named(zone)), on)
        for emission in emissions(on, zone):
            _count, batches = pages(emission.services())
            for ids in batches:
                _add(found, ids, emission, created_on)
    return found


def _add(found: Forecast, ids: list[int], emission: Emission, created_on: date) -> None:
    customers = list(Customer.objects.filter(pk__in=ids).only(*BILLED).order_by("pk"))
    try:
        found.add(*draft_invoices(customers, emission, created_on))
    except RuleError as error:
        if len(ids) == 1:
            found.problems.append(Problem(customers[0], error))
            return
        for one in ids:
            _add(found, [one], emission, created_on)
