"""From one billing calendar to another: the days in between are owed once (CAL-6, RD-15)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from caudal.apps.billing.batches import BATCH, lock_customers
from caudal.apps.billing.calendars import calendar_of, zones_in
from caudal.apps.billing.models import BilledPeriod, OwedDays
from caudal.apps.billing.owing import LOOK_BACK, emitted_through
from caudal.apps.billing.prices import parts_of
from caudal.apps.billing.service_days import price_of
from caudal.apps.customers import actions as customers
from caudal.apps.customers.calendars import calendar_from
from caudal.apps.customers.models import CalendarChange, Customer, Service, ServiceState
from caudal.apps.staff.actor import Actor
from caudal.core.money import minor_digits
from caudal.core.periods import (
    ONE_DAY,
    BridgeBase,
    Calendar,
    Part,
    Period,
    bridge,
    schedules_emitted,
)
from caudal.core.proration import ProrationBase, part_price
from caudal.store.lookups import Among

LIVE = (ServiceState.ACTIVE, ServiceState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Change:
    """The calendar that ruled before, the one that rules, and the day of the change."""

    before: Calendar
    after: Calendar
    on: date


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose calendar changed: one customer, or those of a zone without dates of their own."""

    customer: Customer | None
    zone_id: int | None

    def people(self) -> QuerySet[Customer]:
        if self.customer is not None:
            return Customer.objects.filter(pk=self.customer.pk)
        return Customer.objects.filter(zone=self.zone_id, own_calendar=None, archived_at=None)


def bill_calendar_changes(today: date, now: datetime, zone: str = "") -> int:
    """Leave the days owed by every calendar that changed since; returns for how many services.

    Twice is nothing. Whoever creates invoices calls it first.
    """
    waiting = CalendarChange.objects.filter(billed_at=None, on__lte=today)
    if not waiting.exists():
        return 0
    zones = set(zones_in(zone).values_list("pk", flat=True))
    return sum(
        _bill(subject, now)
        for subject in _subjects(waiting)
        if (subject.customer.zone_id if subject.customer else subject.zone_id) in zones
    )


@transaction.atomic
def change_payment_day(
    *, actor: Actor, now: datetime, customer: Customer, payment_day: int
) -> list[OwedDays]:
    """Another payment day for one customer; what is billed stays, the days up to the first new
    period land on the next service invoice. Returns those days.
    """
    lock_customers([customer.pk])
    customers.set_payment_day(actor=actor, now=now, customer=customer, payment_day=payment_day)
    return _bill_customer(customer, now)


@transaction.atomic
def change_calendar(
    *, actor: Actor, now: datetime, customer: Customer, numbers: dict[str, Any] | None
) -> list[OwedDays]:
    """Billing dates of his own, or None: those of his zone; as `change_payment_day` otherwise."""
    lock_customers([customer.pk])
    customers.set_own_calendar(actor=actor, now=now, customer=customer, numbers=numbers)
    return _bill_customer(customer, now)


def preview_bridge(
    customer: Customer, after: Calendar, today: date
) -> list[tuple[Service, Period, Decimal]]:
    """By service the days that a change to that calendar would leave owed, and what they cost.

    In parts of the new cycles, without added taxes; changes nothing.
    """
    change = Change(calendar_of(customer), after, today)
    services = list(customer.services.filter(_owing(today)).select_related("plan"))
    through, waiting = _billed_through(services), _waiting(services)
    found = [
        (service, _between(service, through.get(service.pk), waiting[service.pk], change))
        for service in services
    ]
    return [
        (service, part.part, _cost(customer, service, part))
        for service, days in found
        if days is not None
        for part in parts_of(days, after.payment_day)
    ]


def _cost(customer: Customer, service: Service, part: Part) -> Decimal:
    digits = minor_digits(service.plan.currency)
    base = ProrationBase(customer.company.prorate_base)
    return part_price(price_of(service), part.cycle, part.part, digits, base)


def _bill_customer(customer: Customer, now: datetime) -> list[OwedDays]:
    customer = Customer.objects.select_related("zone", "company").get(pk=customer.pk)
    _bill(Subject(customer, None), now)
    return list(OwedDays.objects.filter(service__customer=customer, invoice=None))


def _subjects(waiting: QuerySet[CalendarChange]) -> list[Subject]:
    """Zones before customers, who may have left their dates for their own since."""
    zones = waiting.filter(customer=None).order_by("zone").values_list("zone", flat=True)
    people = Customer.objects.filter(pk__in=waiting.filter(zone=None).values("customer"))
    return [
        *(Subject(None, zone) for zone in zones.distinct()),
        *(Subject(each, None) for each in people.select_related("zone", "company")),
    ]


@transaction.atomic
def _bill(subject: Subject, now: datetime) -> int:
    """The earliest change says what ruled before, the latest since when."""
    rows = CalendarChange.objects.select_for_update().filter(
        billed_at=None, customer=subject.customer, zone=subject.zone_id
    )
    mine = list(rows.order_by("id"))
    if not mine:
        return 0
    before, on = mine[0].before, mine[-1].on
    ids = list(subject.people().order_by("pk").values_list("pk", flat=True))
    done = sum(_bill_page(ids[at : at + BATCH], before, on) for at in range(0, len(ids), BATCH))
    CalendarChange.objects.filter(pk__in=[row.pk for row in mine]).update(billed_at=now)
    return done


def _bill_page(ids: list[int], numbers: dict[str, Any], on: date) -> int:
    """All customers of a page have the same calendar."""
    people = {each.pk: each for each in lock_customers(ids)}
    services = list(Service.objects.filter(Among("customer_id", ids), _owing(on)))
    if not services:
        return 0
    first = people[services[0].customer_id]
    before = calendar_from(numbers, first.company.rules)
    change = Change(before, calendar_of(first), on)
    through, waiting = _billed_through(services), _waiting(services)
    rows = []
    for service in services:
        days = _between(service, through.get(service.pk), waiting[service.pk], change)
        if days is not None:
            base = BridgeBase(people[service.customer_id].company.rules.bridge_base)
            rows.append(_owed(service, days, change, base))
    replaced = [row.pk for held in waiting.values() for row in held]
    OwedDays.objects.filter(Among("id", replaced)).delete()
    OwedDays.objects.bulk_create(rows)
    return len(rows)


def _owing(on: date) -> Q:
    """Services that may have served days that nobody has billed: who left lately may as well."""
    left = Q(state=ServiceState.CANCELLED, cancelled_on__gte=on - LOOK_BACK)
    return Q(state__in=LIVE) | left


def _between(
    service: Service, through: date | None, waiting: Sequence[OwedDays], change: Change
) -> Period | None:
    """From the day after what is billed to the eve of the first new period still to be created.

    A period of the old calendar whose day of creation has passed counts as billed: where nothing
    was, that was somebody's will.
    """
    settled = emitted_through(change.before, change.on - ONE_DAY)
    eve = service.started_on - ONE_DAY
    last = max(day for day in (through, settled, eve) if day is not None)
    start = min([last + ONE_DAY, *(row.first for row in waiting)])
    until = max(change.on, start) + LOOK_BACK
    for schedule in schedules_emitted(change.after, change.on, until):
        if schedule.period.first >= start:
            end = min(schedule.period.first - ONE_DAY, service.cancelled_on or date.max)
            return Period(start, end) if start <= end else None
    return None


def _owed(service: Service, days: Period, change: Change, base: BridgeBase) -> OwedDays:
    part = bridge(change.before.payment_day, change.after.payment_day, days.first - ONE_DAY, base)
    old = base is BridgeBase.OLD_CYCLE and part is not None and part.part == days
    return OwedDays(
        service=service,
        first=days.first,
        last=days.last,
        cycle_first=part.cycle.first if old and part else None,
        cycle_last=part.cycle.last if old and part else None,
        cause=OwedDays.Cause.CALENDAR,
        on=change.on,
    )


def _billed_through(services: Sequence[Service]) -> dict[int, date]:
    rows = BilledPeriod.objects.filter(
        Among("service_id", [service.pk for service in services]), is_void=False
    )
    ends = rows.order_by().values_list("service").annotate(last=Max("last"))
    return dict(ends)


def _waiting(services: Sequence[Service]) -> dict[int, list[OwedDays]]:
    rows = OwedDays.objects.filter(
        Among("service_id", [service.pk for service in services]), invoice=None
    )
    found: dict[int, list[OwedDays]] = defaultdict(list)
    for row in rows.order_by("first"):
        found[row.service_id].append(row)
    return found
