"""Which calendars emit on a date, whom they bill, and the drafts of some of those customers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation

from caudal.apps.billing.calendars import NUMBERS, numbers_of, zones_in
from caudal.apps.billing.drafts import Draft, taxations
from caudal.apps.billing.fees import Fees
from caudal.apps.billing.models import BilledPeriod, Invoice, OwedDays
from caudal.apps.billing.prices import day_lines
from caudal.apps.billing.service_days import ServiceDays
from caudal.apps.catalog.models import Company, Plan
from caudal.apps.customers.calendars import calendar_from
from caudal.apps.customers.models import Customer, OwnCalendar, Service, ServiceState, Stay
from caudal.core.days import Charged, minus
from caudal.core.emission import (
    BillingTerms,
    ExistingInvoice,
    blocked_by,
    explain_late_shift,
    late_shift,
    not_billed,
)
from caudal.core.periods import (
    ONE_DAY,
    Part,
    Period,
    Schedule,
    schedules_emitted,
)
from caudal.core.recharge import recharge_period
from caudal.core.records import Reason, ReasonCode
from caudal.core.settlement import InvoiceKind

BILLED_STATES = (ServiceState.ACTIVE, ServiceState.SUSPENDED)
GIVES_WAY = (ReasonCode.ALREADY_BILLED_PERIOD, ReasonCode.NOT_SERVED)
"""Reasons against the period that do not stop days owed besides it."""


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

    def owed(self) -> QuerySet[OwedDays, dict[str, Any]]:
        """Services with days that wait for an invoice of this period or a later one."""
        waiting = OwedDays.objects.filter(invoice=None, last__lte=self.schedule.period.last)
        return waiting.values("service")

    @property
    def in_arrears(self) -> bool:
        """Whether the period is over when its invoice is due: who has left still owes days."""
        return self.schedule.period.last < self.schedule.due


@dataclass(frozen=True)
class Skipped:
    """A service that the run left out, and why."""

    customer: Customer
    service: Service
    reason: Reason


def emissions(today: date, zone: str) -> list[Emission]:
    """What is emitted on the civil date in the zones of that clock."""
    zones = list(zones_in(zone))
    shared: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in zones:
        shared[tuple(numbers_of(row).values())].append(row.pk)
    found = [
        Emission(schedule, Q(zone__in=ids, own_calendar=None), False, numbers["payment_day"])
        for numbers, ids in (
            (dict(zip(NUMBERS, key, strict=True)), ids) for key, ids in shared.items()
        )
        for schedule in _emitted(numbers, today)
    ]
    own = OwnCalendar.objects.filter(customer__zone__in=zones).order_by()
    for numbers in own.values(*NUMBERS, "recharge").distinct():
        whose = Q(zone__in=zones, **{f"own_calendar__{name}": n for name, n in numbers.items()})
        for schedule in _emitted(numbers, today):
            found.append(Emission(schedule, whose, numbers["recharge"], numbers["payment_day"]))
    return found


def draft_invoices(
    customers: Sequence[Customer], emission: Emission, created_on: date
) -> tuple[list[Draft], list[Skipped]]:
    """What the emission bills to these customers, in their order; reads, but changes nothing.

    `created_on` is the real civil date: after the scheduled one, due and cut dates shift (RUN-5).
    The number of queries does not depend on the number of customers.
    """
    with translation.override(settings.LANGUAGE_CODE):
        page = _Page(customers, emission, created_on)
        drafts = [draft for customer in customers for draft in page.drafts(customer)]
    return drafts, page.skipped


class _Page:
    """The rows that decide about some customers, and the drafts made of them."""

    def __init__(self, customers: Sequence[Customer], emission: Emission, created_on: date) -> None:
        self.emission = emission
        self.scheduled = emission.schedule
        self.schedule = late_shift(self.scheduled, created_on)
        self.created_on = created_on
        self.skipped: list[Skipped] = []
        companies = Company.objects.in_bulk({customer.company_id for customer in customers})
        for customer in customers:
            customer.company = companies[customer.company_id]
        self.taxations = taxations(customers)
        ids = [customer.pk for customer in customers]
        self.services = self._services(ids)
        self.days = ServiceDays(each for rows in self.services.values() for each in rows)
        self.existing = self._existing(ids)
        self.fees = Fees(customers, created_on)

    def _services(self, ids: list[int]) -> dict[int, list[Service]]:
        rows = Service.objects.filter(
            self.emission.served() | Q(pk__in=self.emission.owed()), customer__in=ids
        ).order_by("customer_id", "number")
        services = list(rows)
        plans = Plan.objects.in_bulk({service.plan_id for service in services})
        found: dict[int, list[Service]] = defaultdict(list)
        for service in services:
            service.plan = plans[service.plan_id]
            found[service.customer_id].append(service)
        return found

    def _existing(self, ids: list[int]) -> dict[Any, list[ExistingInvoice]]:
        """By service, the invoices that charge its days; by customer, what operators made."""
        found: dict[Any, list[ExistingInvoice]] = defaultdict(list)
        period, emission = self.scheduled.period, self.scheduled.emission
        periods = BilledPeriod.objects.filter(
            service__customer__in=ids,
            is_void=False,
            first__lte=period.last,
            last__gte=period.first,
        ).values_list("service_id", "first", "last", "invoice__emission")
        for service, first, last, emitted in periods:
            days = (Period(first, last),)
            found["service", service].append(ExistingInvoice(InvoiceKind.SERVICE, emitted, days))
        by_hand = (
            Invoice.objects.service()
            .filter(
                customer__in=ids,
                origin=Invoice.Origin.MANUAL,
                emission__year=emission.year,
                emission__month=emission.month,
            )
            .exclude(state=Invoice.State.VOID)
        )
        for customer, service, emitted in by_hand.values_list(
            "customer_id", "service_id", "emission"
        ):
            key = ("customer", customer) if service is None else ("service", service)
            found[key].append(ExistingInvoice(InvoiceKind.SERVICE, emitted, by_operator=True))
        return found

    def drafts(self, customer: Customer) -> Iterator[Draft]:
        """One per service, or one per currency for all of them (GEN-6)."""
        together = customer.company.grouping == Company.Grouping.PER_CUSTOMER
        joined: dict[str, Draft] = {}
        for service in self.services[customer.pk]:
            charged = self._days(customer, service)
            if not charged:
                continue
            currency = service.plan.currency
            draft = joined.get(currency)
            if draft is None:
                draft = self._draft(customer, None if together else service, currency)
                if together:
                    joined[currency] = draft
            self._charge(draft, service, charged)
            self.fees.add(draft, service)
            if not together:
                yield draft
        yield from joined.values()

    def _days(self, customer: Customer, service: Service) -> list[Charged]:
        """The days to charge; none where a rule says so, which is noted."""
        existing = [*self.existing["customer", customer.pk], *self.existing["service", service.pk]]
        regular, reason = self._regular(service, existing)
        if reason is not None and reason.code not in GIVES_WAY:
            self.skipped.append(Skipped(customer, service, reason))
            return []
        taken = [each.days for each in regular]
        taken += [days for invoice in existing for days in invoice.periods]
        found = [*regular, *self._owed(service, taken)]
        if not found and reason is not None:
            self.skipped.append(Skipped(customer, service, reason))
        return sorted(found, key=lambda each: each.days)

    def _regular(
        self, service: Service, existing: list[ExistingInvoice]
    ) -> tuple[list[Charged], Reason | None]:
        """The days of the period itself, or why not."""
        period: Period | None = self.scheduled.period
        if self.emission.recharge and period is not None:
            period, existing = _after_billed(period, existing)
        charged = [] if period is None else self.days.to_charge(service, Part(period, period))
        part = None
        if period is not None and charged:
            part = Part(Period(charged[0].days.first, charged[-1].days.last), period)
        reason = not_billed(self.scheduled.emission, part, BillingTerms())
        if reason is None and part is not None:
            reason = blocked_by(self.scheduled.emission, part.part, existing)
        return ([], reason) if reason is not None else (charged, None)

    def _owed(self, service: Service, taken: list[Period]) -> list[Charged]:
        """Days outside the period that wait for this invoice."""
        last = self.scheduled.period.last
        return [
            replace(each, days=days)
            for row in self.days.owed_to(service, last, self.emission.payment_day)
            for each in row
            for days in minus(each.days, taken)
        ]

    def _draft(self, customer: Customer, service: Service | None, currency: str) -> Draft:
        return Draft(
            customer=customer,
            currency=currency,
            taxation=self.taxations[customer.pk],
            emission=self.scheduled.emission,
            notice=self.schedule.notice,
            due=self.schedule.due,
            cut=self.schedule.cut,
            service_id=None if service is None else service.pk,
        )

    def _charge(self, draft: Draft, service: Service, charged: list[Charged]) -> None:
        lines = day_lines(service, charged, draft.customer.company, self.days)
        if self.schedule != self.scheduled:
            late = explain_late_shift(self.scheduled, self.schedule, self.created_on)
            lines = [replace(line, trace=(*line.trace, late)) for line in lines]
        draft.lines += lines
        draft.periods += [(service.pk, each) for each in charged]
        draft.owed += self.days.owed_rows(service, self.scheduled.period.last)


def _emitted(numbers: dict[str, Any], today: date) -> list[Schedule]:
    return schedules_emitted(calendar_from(numbers), today - ONE_DAY, today)


def _after_billed(
    period: Period, existing: list[ExistingInvoice]
) -> tuple[Period | None, list[ExistingInvoice]]:
    """RD-18: a recharge period follows what is billed, so what is billed no longer blocks it."""
    billed = [days for invoice in existing for days in invoice.periods]
    through = max((days.last for days in billed), default=period.first - ONE_DAY)
    rest = [invoice for invoice in existing if not invoice.periods]
    if through < period.first:
        return period, rest
    return recharge_period(period, through), rest
