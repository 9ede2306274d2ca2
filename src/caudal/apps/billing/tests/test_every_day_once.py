"""I5, I10: whatever happens to a service, each of its days is billed once, at that day's price."""

import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caudal.apps.billing import corrections
from caudal.apps.billing.calendars import calendar_of
from caudal.apps.billing.models import Adjustment, Hold, Invoice, OwedDays, ServiceChange
from caudal.apps.billing.owing import emitted_through
from caudal.apps.billing.tests.life import Life, days, price_by_day
from caudal.apps.billing.tests.world import calendar_numbers, d, verify
from caudal.apps.customers.models import Customer, DayStyle, PaymentMode, Service
from caudal.core.errors import RuleError
from caudal.core.money import ZERO
from caudal.core.periods import ONE_DAY, schedules_emitted
from caudal.core.proration import ProrationBase
from caudal.store.money import total

START = d(6, 1)
PRICES = ("300.00", "500.00", "77.77", "0.00")
STYLES = ("next-invoice", "at-once", "next-cycle")


@dataclass
class Model:
    """What each day should bear: prices by first day, stays, held days."""

    prices: dict[date, Decimal]
    stays: list[list[date]] = field(default_factory=lambda: [[START, date.max]])
    held: set[date] = field(default_factory=set)

    def price(self, day: date) -> Decimal | None:
        served = any(first <= day <= last for first, last in self.stays)
        if not served or day in self.held:
            return None
        first = max((on for on in self.prices if on <= day), default=date.min)
        return self.prices[first]

    @property
    def is_live(self) -> bool:
        return self.stays[-1][1] == date.max


class Story:
    """One customer whose days go by, with what should have become of them."""

    def __init__(self, postpaid: bool, day: int) -> None:
        self.life = Life()
        numbers: dict[str, Any] = calendar_numbers(28, 1, 5)
        if postpaid:
            numbers = {"mode": PaymentMode.POSTPAID, "create_style": DayStyle.DAYS_BEFORE}
        numbers |= {"payment_day": day}
        zone = self.life.create_zone("of the story", **numbers)
        self.customer: Customer = self.life.customer(zone=zone, started=START)
        self.service: Service = self.customer.services.get()
        self.model = Model({date.min: Decimal("300.00")})
        self.plans = {price: self.life.create_plan(price, f"Of {price}") for price in PRICES}
        self.today = START - timedelta(days=65)
        self.go_on(65)

    def go_on(self, count: int) -> None:
        """Let days pass; only those on which a job has something to do are run."""
        until = self.today + timedelta(days=count)
        while self.today < until:
            customer = Customer.objects.select_related("zone").get(pk=self.customer.pk)
            emitted = schedules_emitted(calendar_of(customer), self.today, until)
            changes = ServiceChange.objects.filter(status="scheduled", on__gt=self.today)
            holds = Hold.objects.filter(last__gte=self.today)
            busy = {schedule.emission for schedule in emitted}
            busy |= set(changes.values_list("on", flat=True))
            for hold in holds:
                busy |= {hold.first, hold.last + ONE_DAY}
            self.today = min([day for day in busy if self.today < day < until], default=until)
            self.life.turn(self.today)
            self.life.create(self.today)

    def change(self, price: str, shift: int, style: str) -> None:
        if self.model.is_live:
            on = max(self.today + timedelta(days=shift), START)
            change = self.life.change(
                self.service, self.plans[price], on, today=self.today, style=style
            )
            self.model.prices[change.on] = Decimal(price)

    def hold(self, shift: int, length: int) -> None:
        if not self.model.is_live:
            return
        first = self.today + timedelta(days=shift)
        last = first + timedelta(days=length)
        if first < self.model.stays[-1][0]:
            return
        try:
            self.life.hold(self.service, first, last, today=self.today)
        except RuleError:
            return
        self.model.held |= set(days(first, last))

    def release(self) -> None:
        hold = Hold.objects.filter(dropped_at=None, last__gte=self.today).order_by("first").first()
        if hold is not None and self.model.is_live:
            self.life.release(hold, self.today)
            first = max(self.today, hold.first)
            self.model.held -= set(days(first, hold.last))

    def move(self, day: int) -> None:
        self.customer.refresh_from_db()
        self.life.move_payment_day(self.customer, day, self.today)

    def leave_or_return(self) -> None:
        self.service.refresh_from_db()
        if self.model.is_live and self.today >= self.service.started_on:
            scheduled = ServiceChange.objects.filter(status="scheduled", kind="plan")
            for on in scheduled.values_list("on", flat=True):
                del self.model.prices[on]
            self.life.cancel(self.service, self.today, credit_unused=True)
            self.model.stays[-1][1] = self.today
            self.model.held = {day for day in self.model.held if day <= self.today}
        elif not self.model.is_live and self.today > self.model.stays[-1][1]:
            self.life.come_back(self.service, self.today)
            self.model.stays.append([self.today, date.max])

    def check(self) -> None:
        verify()
        found = price_by_day(self.service)
        for day, price in found.items():
            assert price == self.model.price(day), day
        customer = Customer.objects.select_related("zone").get(pk=self.customer.pk)
        end = emitted_through(calendar_of(customer), self.today)
        owed = {
            day
            for row in OwedDays.objects.filter(invoice=None)
            for day in days(row.first, row.last)
        }
        for day in days(START, end or START):
            if self.model.price(day) is not None and day not in owed:
                assert day in found, day
        assert self.asked() == self.worth()

    def asked(self) -> Decimal:
        """What invoices asked for, what waits for one, and what came back as credit."""
        live = Invoice.objects.exclude(state=Invoice.State.VOID)
        asked: Decimal = live.aggregate(sum=total("total"))["sum"]
        notes = Adjustment.objects.filter(kind="credit").aggregate(sum=total("amount"))["sum"]
        return asked + sum(self.life.waiting(self.customer)) - notes

    def worth(self) -> Decimal:
        """What the days that invoices took cost, each part by its own price and cycle."""
        return sum(
            (
                each.amount(2, ProrationBase.ACTUAL)
                for _, charged in corrections.billed_days(self.service, date.min)
                for each in charged
            ),
            ZERO,
        )


Step = tuple[Any, ...]
"""The name of an act of the story, and what it is told."""

steps: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("go_on"), st.integers(1, 40)),
    st.tuples(
        st.just("change"), st.sampled_from(PRICES), st.integers(-45, 45), st.sampled_from(STYLES)
    ),
    st.tuples(st.just("hold"), st.integers(-5, 40), st.integers(0, 45)),
    st.just(("release",)),
    st.tuples(st.just("move"), st.integers(1, 31)),
    st.just(("leave_or_return",)),
)


@pytest.mark.django_db
@settings(
    max_examples=int(os.environ.get("STORIES", "12")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.booleans(), st.integers(1, 31), st.lists(steps, min_size=1, max_size=9))
def test_each_day_is_billed_once_at_its_price(postpaid: bool, day: int, acts: list[Step]) -> None:
    with transaction.atomic():
        story = Story(postpaid, day)
        for name, *told in acts:
            getattr(story, name)(*told)
        story.go_on(75)
        story.check()
        transaction.set_rollback(True)
