"""The world of the cases with the acts of a service's life, and days that are counted."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from caudal.apps.billing import bridging, cancelling, corrections, holds, merging, plan_changes
from caudal.apps.billing.issuing import ManualLine
from caudal.apps.billing.models import (
    BilledPeriod,
    Hold,
    Invoice,
    PendingItem,
    ServiceChange,
)
from caudal.apps.billing.tests.world import CLERK, at
from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Customer, Service
from caudal.apps.payments.tests.till import Till


class Life(Till):
    """Every act takes place at noon of its day, after the jobs of the morning."""

    def change(
        self, service: Service, plan: Plan, on: date, today: date | None = None, **options: Any
    ) -> ServiceChange:
        day = today or on
        return plan_changes.schedule_plan_change(
            actor=CLERK, now=at(day), today=day, service=service, plan=plan, on=on, **options
        )

    def hold(
        self, service: Service, first: date, last: date, today: date | None = None, **options: Any
    ) -> Hold:
        day = today or first
        return holds.hold(
            actor=CLERK, now=at(day), today=day, service=service, first=first, last=last, **options
        )

    def release(self, hold: Hold, today: date) -> Hold:
        return holds.release_hold(actor=CLERK, now=at(today), today=today, hold=hold)

    def cancel(
        self, service: Service, last_day: date, today: date | None = None, **options: Any
    ) -> cancelling.Farewell:
        day = today or last_day
        return cancelling.cancel_service(
            actor=CLERK, now=at(day), today=day, service=service, last_day=last_day,
            reason="Se muda", **options,
        )  # fmt: skip

    def come_back(self, service: Service, day: date, **options: Any) -> None:
        cancelling.return_service(
            actor=CLERK, now=at(day), today=day, service=service, started_on=day, **options
        )

    def move_payment_day(self, customer: Customer, day: int, today: date) -> None:
        bridging.change_payment_day(actor=CLERK, now=at(today), customer=customer, payment_day=day)

    def merge(self, *invoices: Invoice, today: date) -> Invoice:
        return merging.merge_invoices(actor=CLERK, now=at(today), invoices=invoices)

    def live(self, first: date, last: date) -> None:
        """Every day's jobs: what is due of changes and holds, then creation and cut."""
        for day in days(first, last):
            self.turn(day)
            self.run(day)

    def turn(self, day: date) -> None:
        """The job of the early morning."""
        for change in ServiceChange.objects.filter(status="scheduled", on__lte=day):
            plan_changes.apply_plan_change(actor=CLERK, now=at(day, 5), today=day, change=change)
        holds.turn_holds(day, at(day, 5), "", CLERK)

    def line(self, text: str, price: str) -> ManualLine:
        return ManualLine(text, Decimal(price))

    def waiting(self, customer: Customer) -> list[Decimal]:
        rows = PendingItem.objects.filter(customer=customer, invoice=None, cancelled_at=None)
        return [row.amount for row in rows.order_by("id")]


def days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(n)


def price_by_day(service: Service) -> dict[date, Decimal | None]:
    """What each day that some invoice took bears now; a day taken twice fails."""
    found: dict[date, Decimal | None] = {}
    for _, charged in corrections.billed_days(service, date.min):
        for each in charged:
            for day in days(each.days.first, each.days.last):
                assert day not in found
                found[day] = each.price
    assert BilledPeriod.objects.filter(service=service, is_void=False).exists() or not found
    return found
