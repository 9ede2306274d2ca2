"""What is there already that may stop the invoices of an emission (GEN-2, RD-19, RD-22)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Min, Q

from caudal.apps.billing.models import BilledPeriod, Invoice
from caudal.apps.billing.schedules import Emission
from caudal.apps.catalog.models import BillingRules
from caudal.apps.customers.models import Customer, Service, ServiceState, Suspension
from caudal.core.emission import (
    BillingTerms,
    EmissionGuard,
    ExistingInvoice,
    SuspendedBilling,
)
from caudal.core.money import ZERO
from caudal.core.periods import Period
from caudal.core.recharge import RechargeStart, recharge_period
from caudal.core.settlement import InvoiceKind
from caudal.store.lookups import Among

NEAR = timedelta(days=32)
"""A recharge leaves less than a month between what is billed and its new period."""


class Existing:
    """Rows that speak against billing some customers, read in a few queries."""

    def __init__(self, customers: Sequence[Customer], emission: Emission) -> None:
        """The customers' companies are known."""
        self.emission = emission
        ids = [customer.id for customer in customers]
        rules = [company.rules for company in {c.company_id: c.company for c in customers}.values()]
        self.found: dict[Any, list[ExistingInvoice]] = defaultdict(list)
        self._read_periods(ids)
        self._read_month(ids, {each.emission_guard for each in rules})
        self.through = self._through(ids)
        self.suspended = self._suspended(ids, rules)
        self.unpaid = self._unpaid(ids, rules)

    def invoices(self, service: Service) -> list[ExistingInvoice]:
        """Those that charge its days, and those of the month that are of it or of no service."""
        return [*self.found["customer", service.customer_id], *self.found["service", service.id]]

    def terms(self, customer: Customer, service: Service) -> BillingTerms:
        rules = customer.company.rules
        return BillingTerms(
            suspended_on=self.suspended.get(service.id),
            suspended_billing=SuspendedBilling(rules.suspended_billing),
            months_while_suspended=rules.months_while_suspended,
            recharge_waits=self.emission.recharge and rules.recharge_waits,
        )

    def recharge_unpaid(self, customer: Customer, service: Service) -> bool:
        return (customer.id, None) in self.unpaid or (customer.id, service.id) in self.unpaid

    def recharge_period(
        self, service: Service, invoices: Sequence[ExistingInvoice], start: RechargeStart
    ) -> tuple[Period | None, list[ExistingInvoice]]:
        """RD-18: a recharge period follows what is billed, which then no longer blocks it.

        From the payment day on, the days between stay unbilled; no day is billed twice either way.
        """
        period = self.emission.schedule.period
        rest = [invoice for invoice in invoices if not invoice.periods]
        billed = [days.last for invoice in invoices for days in invoice.periods]
        through = max(billed, default=self.through.get(service.id))
        if through is None or (through < period.first and start is RechargeStart.FROM_PAYMENT):
            return period, rest
        return recharge_period(period, through), rest

    def _through(self, ids: list[int]) -> dict[int, date]:
        """The last day billed before the period, by service, where it is near enough to follow."""
        if not self.emission.recharge:
            return {}
        first = self.emission.schedule.period.first
        rows = BilledPeriod.objects.filter(
            Among("service__customer_id", ids), is_void=False, last__range=(first - NEAR, first)
        )
        return dict(rows.order_by().values_list("service_id").annotate(last=Max("last")))

    def _read_periods(self, ids: list[int]) -> None:
        period = self.emission.schedule.period
        periods = BilledPeriod.objects.filter(
            Among("service__customer_id", ids),
            is_void=False,
            first__lte=period.last,
            last__gte=period.first,
        ).values_list("service_id", "first", "last", "invoice__emission")
        for service, first, last, emitted in periods:
            days = (Period(first, last),)
            self.found["service", service].append(
                ExistingInvoice(InvoiceKind.SERVICE, emitted, days)
            )

    def _read_month(self, ids: list[int], guards: set[str]) -> None:
        """Service invoices of the emission's calendar month, as far as a company asks for them."""
        if guards == {EmissionGuard.PERIOD_ONLY.value}:
            return
        day, manual = self.emission.schedule.emission, Invoice.Origin.MANUAL
        which = Q() if EmissionGuard.ANY.value in guards else Q(origin=manual)
        rows = (
            Invoice.objects.service()
            .filter(
                which,
                Among("customer_id", ids),
                emission__year=day.year,
                emission__month=day.month,
            )
            .exclude(state=Invoice.State.VOID)
        )
        for customer, service, emitted, origin in rows.values_list(
            "customer_id", "service_id", "emission", "origin"
        ):
            key = ("customer", customer) if service is None else ("service", service)
            self.found[key].append(
                ExistingInvoice(InvoiceKind.SERVICE, emitted, by_operator=origin == manual)
            )

    def _suspended(self, ids: list[int], rules: Sequence[BillingRules]) -> dict[int, date]:
        """Since when, by service; where no company asks, nothing."""
        if all(each.suspended_billing == SuspendedBilling.ALWAYS.value for each in rules):
            return {}
        open_ones = Suspension.objects.filter(
            Among("service__customer_id", ids),
            closed_at=None,
            service__state=ServiceState.SUSPENDED,
        )
        found = open_ones.order_by().values_list("service_id").annotate(since=Min("opened_on"))
        return dict(found)

    def _unpaid(self, ids: list[int], rules: Sequence[BillingRules]) -> set[tuple[int, int | None]]:
        if not (self.emission.recharge and any(each.recharge_waits for each in rules)):
            return set()
        owed = Invoice.objects.service().filter(Among("customer_id", ids), remaining__gt=ZERO)
        return set(owed.values_list("customer_id", "service_id"))
