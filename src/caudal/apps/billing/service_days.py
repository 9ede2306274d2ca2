"""Which days of services are served at which price: plan steps, holds, stays and owed days."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from caudal.apps.billing.models import BilledPeriod, Hold, OwedDays, ServiceChange
from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Service, Stay
from caudal.core.days import Charged, Rate, minus, rates
from caudal.core.periods import ONE_DAY, Part, Period, cycle_of
from caudal.store.lookups import Among


class ServiceDays:
    """The rows that say what some services bear day by day, read in four queries."""

    def __init__(self, services: Iterable[Service]) -> None:
        ids = [service.id for service in services]
        live = ServiceChange.objects.exclude(status=ServiceChange.Status.DROPPED)
        self._changes = _by_service(
            live.filter(Among("service_id", ids)).select_related("plan", "old_plan").order_by("on")
        )
        self._holds = _by_service(Hold.objects.filter(Among("service_id", ids), dropped_at=None))
        self._stays = _by_service(Stay.objects.filter(Among("service_id", ids)))
        self.owed: dict[int, list[OwedDays]] = _by_service(
            OwedDays.objects.filter(Among("service_id", ids), invoice=None).order_by("first")
        )
        self._billed = _billed_of(self.owed)

    def steps(self, service: Service) -> list[tuple[date, Decimal]]:
        """(First day, price of a cycle) in order; the earliest also holds before its day.

        Done changes remember what was paid before them; from the last of them on the service's
        own terms hold, until a scheduled change.
        """
        changes = [row for row in self._changes[service.id] if row.plan_id is not None]
        done = [row for row in changes if row.status == ServiceChange.Status.DONE]
        steps = [(date.min, row.old_price) for row in done[:1]]
        steps += [(row.on, after.old_price) for row, after in pairwise(done)]
        steps.append((done[-1].on if done else date.min, price_of(service)))
        steps += [
            (row.on, row.new_price)
            for row in changes
            if row.status == ServiceChange.Status.SCHEDULED
        ]
        return sorted((day, price) for day, price in steps if price is not None)

    def rates(self, service: Service, span: Period) -> list[Rate]:
        """What each day of `span` bears; None where it is not served or held."""
        holds = [hold.days for hold in self._holds[service.id]]
        served = [
            left
            for stay in self._stays_of(service)
            if (days := stay.common(span)) is not None
            for left in minus(days, holds)
        ]
        return rates(span, self.steps(service), served)

    def to_charge(self, service: Service, part: Part) -> list[Charged]:
        """The days of `part` as an invoice charges them, without those before the first served.

        Empty where none is charged.
        """
        if self._is_plain(service, part.part):
            return [Charged(part.part, part.cycle, price_of(service))]
        found = [
            Charged(rate.days, part.cycle, rate.price) for rate in self.rates(service, part.part)
        ]
        while found and found[0].price is None and not self._held(service, found[0].days):
            found.pop(0)
        return found if any(each.price is not None for each in found) else []

    def _is_plain(self, service: Service, span: Period) -> bool:
        """Served on all days of `span` at one price, as nearly every service is."""
        return (
            service.started_on <= span.first
            and service.cancelled_on is None
            and not self._changes.get(service.id)
            and not self._holds.get(service.id)
        )

    def as_asked(self, service: Service, part: Part) -> list[Charged]:
        """The days of `part` as an operator wants them charged, served or not."""
        found = rates(part.part, self.steps(service), [part.part])
        return [Charged(rate.days, part.cycle, rate.price) for rate in found]

    def plan_on(self, service: Service, day: date) -> Plan:
        """The plan that the service has on a day."""
        plan: Plan = service.plan
        changes = [row for row in self._changes[service.id] if row.plan is not None]
        for row in changes:
            if row.status == ServiceChange.Status.DONE and row.on > day:
                return row.old_plan or plan
            if row.status == ServiceChange.Status.SCHEDULED and row.on <= day:
                plan = row.plan or plan
        return plan

    def owed_to(self, service: Service, last: date, payment_day: int) -> Iterator[list[Charged]]:
        """Owed days up to `last` that nobody has billed since, row by row."""
        for row in self.owed[service.id]:
            if row.last > last:
                continue
            yield [
                replace(charged, days=days)
                for part in _parts(row, payment_day)
                for charged in self.to_charge(service, part)
                for days in minus(charged.days, self._billed[service.id])
            ]

    def owed_rows(self, service: Service, last: date) -> list[int]:
        """The rows whose days `owed_to` gives."""
        return [row.id for row in self.owed[service.id] if row.last <= last]

    def _stays_of(self, service: Service) -> list[Period]:
        last = self._end_of(service)
        stays = [Period(stay.first, stay.last) for stay in self._stays[service.id]]
        if last >= service.started_on:
            stays.append(Period(service.started_on, last))
        return stays

    def _end_of(self, service: Service) -> date:
        """The last served day that is known."""
        if service.cancelled_on is not None:
            return service.cancelled_on
        scheduled = [
            row.on - ONE_DAY
            for row in self._changes[service.id]
            if row.plan_id is None and row.status == ServiceChange.Status.SCHEDULED
        ]
        return min(scheduled, default=date.max)

    def _held(self, service: Service, days: Period) -> bool:
        return any(hold.days.overlaps(days) for hold in self._holds[service.id])


def _by_service(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.service_id].append(row)
    return found


def _billed_of(owed: dict[int, list[OwedDays]]) -> dict[int, list[Period]]:
    found: dict[int, list[Period]] = defaultdict(list)
    if owed:
        first = min(row.first for rows in owed.values() for row in rows)
        rows = BilledPeriod.objects.filter(
            Among("service_id", list(owed)), is_void=False, last__gte=first
        )
        for row in rows:
            found[row.service_id].append(Period(row.first, row.last))
    return found


def price_of(service: Service) -> Decimal:
    """What a whole cycle of the service costs now."""
    return service.plan.price if service.price is None else service.price


def _parts(row: OwedDays, payment_day: int) -> Iterator[Part]:
    if row.cycle_first is not None and row.cycle_last is not None:
        yield Part(row.days, Period(row.cycle_first, row.cycle_last))
        return
    first = row.first
    while first <= row.last:
        cycle = cycle_of(payment_day, first)
        last = min(cycle.last, row.last)
        yield Part(Period(first, last), cycle)
        first = last + ONE_DAY
