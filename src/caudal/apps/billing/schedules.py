"""Which calendars emit on a date, and whom they bill: zones, own dates, and dates fixed once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from caudal.apps.billing.calendars import NUMBERS, numbers_of, zones_in
from caudal.apps.billing.models import BilledPeriod, FixedDate, OwedDays
from caudal.apps.catalog.models import BillingRules
from caudal.apps.customers.calendars import calendar_from, readings_of
from caudal.apps.customers.models import Customer, OwnCalendar, Service, ServiceState, Stay, Zone
from caudal.core.errors import RuleError
from caudal.core.periods import (
    ONE_DAY,
    Calendar,
    FixedEmission,
    Schedule,
    schedule_for,
    schedules_emitted,
)

BILLED_STATES = (ServiceState.ACTIVE, ServiceState.SUSPENDED)
FIXED_FOR = timedelta(days=400)
"""A date fixed for an invoice due longer ago than this is of no interest any more."""

Numbers = dict[str, Any]


@dataclass(frozen=True)
class Emission:
    """One schedule that is emitted on a date, and the customers whose calendar it is."""

    schedule: Schedule
    customers: Q
    recharge: bool = False
    payment_day: int = 1

    def services(self) -> QuerySet[Service]:
        """Services it may bill: nobody has billed the period yet, or other days wait for it."""
        period = self.schedule.period
        first = period.last if self.recharge else period.first
        billed = BilledPeriod.objects.filter(
            service=OuterRef("pk"), is_void=False, first__lte=period.last, last__gte=first
        )
        billable = Customer.objects.filter(self.customers, is_invoiced=True, archived_at=None)
        regular = ~Exists(billed) & self.served()
        return Service.objects.filter(regular | Q(pk__in=self.owed()), customer__in=billable)

    def served(self) -> Q:
        """Services that may have been served in the period."""
        period = self.schedule.period
        earlier = Stay.objects.filter(first__lte=period.last, last__gte=period.first)
        found = Q(state__in=BILLED_STATES, started_on__lte=period.last)
        if self.in_arrears:
            found |= Q(
                state=ServiceState.CANCELLED,
                started_on__lte=period.last,
                cancelled_on__gte=period.first,
            )
            found |= Q(pk__in=earlier.values("service"))
        return found

    def owed(self) -> QuerySet[OwedDays, Any]:
        """Services with days that wait for an invoice of this period or a later one."""
        waiting = OwedDays.objects.filter(invoice=None, last__lte=self.schedule.period.last)
        return waiting.values("service")

    @property
    def in_arrears(self) -> bool:
        """Whether the period is over when its invoice is due: who has left still owes days."""
        return self.schedule.period.last < self.schedule.due


def emissions(today: date, zone: str) -> list[Emission]:
    """What is emitted on the civil date in the zones of that clock."""
    zones = list(zones_in(zone))
    fixed = set(FixedDate.objects.filter(due__gte=today - FIXED_FOR).values_list("due", flat=True))
    found = [
        _without_fixed(emission) if emission.schedule.due in fixed else emission
        for rules, whose in readings()
        for emission in _emitted(zones, rules, whose, today)
    ]
    return found + list(_fixed_emissions(zones, today)) if fixed else found


def readings() -> list[tuple[BillingRules | None, Q]]:
    """Companies that read calendars alike: the rules of one of them, and their customers.

    Zones are shared by companies, so the calendar of a zone may have two readings.
    """
    groups: dict[tuple[Any, ...], list[BillingRules]] = defaultdict(list)
    for rules in BillingRules.objects.order_by("company_id"):
        groups[tuple(readings_of(rules).values())].append(rules)
    if len(groups) < 2:
        return [(rules[0], Q()) for rules in groups.values()]
    return [
        (rules[0], Q(company__in=[each.company_id for each in rules])) for rules in groups.values()
    ]


def _emitted(
    zones: list[Zone], rules: BillingRules | None, whose: Q, today: date
) -> Iterator[Emission]:
    for numbers, customers, recharge in [*_shared(zones), *_own(zones)]:
        calendar = calendar_from(numbers, rules)
        for schedule in schedules_emitted(calendar, today - ONE_DAY, today):
            yield Emission(schedule, customers & whose, recharge, calendar.payment_day)


def _shared(zones: Iterable[Zone]) -> Iterator[tuple[Numbers, Q, bool]]:
    """Calendars of zones: those with the same numbers emit together."""
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in zones:
        alike[tuple(numbers_of(row).values())].append(row.pk)
    for key, ids in alike.items():
        yield dict(zip(NUMBERS, key, strict=True)), Q(zone__in=ids, own_calendar=None), False


def _own(zones: list[Zone]) -> Iterator[tuple[Numbers, Q, bool]]:
    """Customers' own calendars (WH-108)."""
    fields = (*NUMBERS, "recharge")
    rows = OwnCalendar.objects.filter(customer__zone__in=zones).values(*fields)
    for numbers in rows.distinct().order_by(*fields):
        whose = {f"own_calendar__{name}": value for name, value in numbers.items()}
        yield numbers, Q(zone__in=zones, **whose), numbers["recharge"]


def _without_fixed(emission: Emission) -> Emission:
    """GEN-7: whose invoice is created on another day does not get it on its usual one."""
    fixed = FixedDate.objects.filter(customer=OuterRef("pk"), due=emission.schedule.due)
    return replace(emission, customers=emission.customers & Q(~Exists(fixed)))


def _fixed_emissions(zones: list[Zone], today: date) -> Iterator[Emission]:
    """GEN-7: the invoices whose creation somebody moved to `today`."""
    rows = FixedDate.objects.filter(on=today, customer__zone__in=zones).select_related(
        "customer__zone", "customer__own_calendar", "customer__company__rules"
    )
    alike: dict[tuple[Calendar, date, bool], list[int]] = defaultdict(list)
    for row in rows.order_by("customer_id"):
        own = getattr(row.customer, "own_calendar", None)
        numbers = numbers_of(own or row.customer.zone)
        calendar = calendar_from(numbers, row.customer.company.rules)
        alike[calendar, row.due, own is not None and own.recharge].append(row.customer_id)
    for (calendar, due, recharge), ids in alike.items():
        schedule = _moved(calendar, due, today)
        if schedule is not None:
            yield Emission(schedule, Q(pk__in=ids), recharge, calendar.payment_day)


def _moved(calendar: Calendar, due: date, on: date) -> Schedule | None:
    """The invoice due on `due`, created on `on`; None if the calendar has that date no more."""
    try:
        usual = schedule_for(calendar, due)
    except RuleError:
        return None
    found = schedules_emitted(calendar, on - ONE_DAY, on, FixedEmission(due, on))
    return next(each for each in found if each.period == usual.period)
