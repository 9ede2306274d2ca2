"""The invoices that an emission makes for some of its customers, as drafts."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from caudal.apps.billing.drafts import Draft, taxations
from caudal.apps.billing.existing import Existing
from caudal.apps.billing.extras import Extras
from caudal.apps.billing.fees import Fees
from caudal.apps.billing.prices import day_lines
from caudal.apps.billing.schedules import BILLED_STATES, Emission, emissions
from caudal.apps.billing.service_days import ServiceDays
from caudal.apps.catalog.models import Company, Plan
from caudal.apps.customers.models import Customer, Service
from caudal.core.days import Charged, minus
from caudal.core.emission import (
    EmissionGuard,
    ExistingInvoice,
    LateStyle,
    blocked_by,
    explain_late_shift,
    late_shift,
    not_billed,
)
from caudal.core.periods import Part, Period
from caudal.core.recharge import RechargeStart
from caudal.core.records import Reason, ReasonCode
from caudal.store.lookups import Among
from caudal.store.rows import fetch

__all__ = ["Emission", "Skipped", "draft_invoices", "emissions"]

GIVES_WAY = (ReasonCode.ALREADY_BILLED_PERIOD, ReasonCode.NOT_SERVED)
"""Reasons against the period that do not stop days owed besides it."""


@dataclass(frozen=True)
class Skipped:
    """A service that the run left out, and why."""

    customer: Customer
    service: Service
    reason: Reason


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
        self.created_on = created_on
        self.skipped: list[Skipped] = []
        companies = Company.objects.in_bulk({customer.company_id for customer in customers})
        for customer in customers:
            customer.company = companies[customer.company_id]
        self.taxations = taxations(customers)
        ids = [customer.id for customer in customers]
        self.services = self._services(ids)
        self.days = ServiceDays(each for rows in self.services.values() for each in rows)
        self.existing = Existing(customers, emission)
        self.fees = Fees(customers, created_on, self.scheduled.emission)
        self.extras = Extras(customers, self.scheduled.emission, self.scheduled.period.first)
        self.schedules = {
            pk: late_shift(self.scheduled, created_on, style=LateStyle(company.rules.late_style))
            for pk, company in companies.items()
        }

    def _services(self, ids: list[int]) -> dict[int, list[Service]]:
        rows = Service.objects.filter(
            self.emission.served() | Q(pk__in=self.emission.owed()), Among("customer_id", ids)
        ).order_by("customer_id", "number")
        services = fetch(rows)
        plans = Plan.objects.in_bulk({service.plan_id for service in services})
        found: dict[int, list[Service]] = defaultdict(list)
        for service in services:
            service.plan = plans[service.plan_id]
            found[service.customer_id].append(service)
        return found

    def drafts(self, customer: Customer) -> Iterator[Draft]:
        """One per service, or one per currency for all of them (GEN-6)."""
        grouping = customer.grouping or customer.company.grouping
        together = grouping == Company.Grouping.PER_CUSTOMER
        joined: dict[str, Draft] = {}
        services = self.services[customer.id]
        billed = [service.id for service in services if service.state in BILLED_STATES]
        for service in services:
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
            self.extras.add(draft, service, self._regular_days(charged), self.emission.payment_day)
            self.fees.add(draft, service)
            if not together:
                self.extras.finish(draft, billed)
                yield draft
        for draft in joined.values():
            self.extras.finish(draft, billed)
            yield draft

    def _days(self, customer: Customer, service: Service) -> list[Charged]:
        """The days to charge; none where a rule says so, which is noted."""
        existing = self.existing.invoices(service)
        regular, reason = self._regular(customer, service, existing)
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
        self, customer: Customer, service: Service, existing: list[ExistingInvoice]
    ) -> tuple[list[Charged], Reason | None]:
        """The days of the period itself, or why not."""
        period: Period | None = self.scheduled.period
        rules = customer.company.rules
        if self.emission.recharge:
            start = RechargeStart(rules.recharge_start)
            period, existing = self.existing.recharge_period(service, existing, start)
        charged = [] if period is None else self.days.to_charge(service, Part(period, period))
        part = None
        if period is not None and charged:
            part = Part(Period(charged[0].days.first, charged[-1].days.last), period)
        day, terms = self.scheduled.emission, self.existing.terms(customer, service)
        unpaid = self.existing.recharge_unpaid(customer, service)
        reason = not_billed(day, part, terms, unpaid)
        if reason is None and part is not None:
            guard = EmissionGuard(rules.emission_guard)
            reason = blocked_by(day, part.part, existing, guard)
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

    def _regular_days(self, charged: list[Charged]) -> Period:
        """Those of the period itself; where it brings none, those that were owed."""
        inside = [each for each in charged if self.scheduled.period.overlaps(each.days)] or charged
        return Period(inside[0].days.first, inside[-1].days.last)

    def _draft(self, customer: Customer, service: Service | None, currency: str) -> Draft:
        schedule = self.schedules[customer.company_id]
        return Draft(
            customer=customer,
            currency=currency,
            taxation=self.taxations[customer.id],
            emission=self.scheduled.emission,
            notice=schedule.notice,
            due=schedule.due,
            cut=schedule.cut,
            service_id=None if service is None else service.id,
        )

    def _charge(self, draft: Draft, service: Service, charged: list[Charged]) -> None:
        lines = day_lines(service, charged, draft.customer.company, self.days)
        schedule = self.schedules[draft.customer.company_id]
        if schedule != self.scheduled:
            late = explain_late_shift(self.scheduled, schedule, self.created_on)
            lines = [replace(line, trace=(*line.trace, late)) for line in lines]
        draft.lines += lines
        draft.periods += [(service.id, each) for each in charged]
        draft.owed += self.days.owed_rows(service, self.scheduled.period.last)
