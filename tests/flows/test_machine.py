"""Any sequence of acts: the invariants hold after each one, and a model knows every balance."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from caudal.apps.billing import actions as billing
from caudal.apps.billing.actions import Sale
from caudal.apps.billing.models import Credit, Hold, Invoice
from caudal.apps.billing.tests.world import CLERK, at, calendar_numbers
from caudal.apps.customers.models import Customer, Suspension
from caudal.apps.dunning.actions import promise
from caudal.apps.ledger.models import Balance
from caudal.apps.ledger.reads import balance_of
from caudal.apps.payments.actions import refund
from caudal.apps.payments.models import Payment
from caudal.core.errors import RuleError
from tests.flows import invariants
from tests.flows.dump import differences, dump, money_rows
from tests.flows.provider import Provider

LONG = bool(os.environ.get("CAUDAL_LONG_TESTS"))
EXAMPLES, STEPS = (200, 60) if LONG else (8, 20)
FIRST = date(2026, 1, 1)

who = st.integers(0, 3)
which = st.integers(0, 99)
cents = st.integers(1, 70_000).map(lambda n: Decimal(n).scaleb(-2))


class Life(RuleBasedStateMachine):
    """Four customers; `owes` is the model: what each owes by what was done to him."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.isp = isp = Provider()
        isp.settings(late_fee=Decimal(30), reconnection_fee=Decimal(50), unlock_value=Decimal(20))
        mid = isp.create_zone("mid", payment_day=15, create_value=5, cut_value=2, cut_after=2)
        people = [
            isp.customer(),
            isp.customer(zone=mid, services=2),
            isp.customer(own=calendar_numbers(25, 31, 5)),
            isp.customer(is_invoiced=False),
        ]
        self.people = [person.pk for person in people]
        self.plans = [isp.plan, isp.create_plan("499.99"), isp.create_plan("120.00")]
        self.owes = dict.fromkeys(self.people, Decimal(0))
        self.today = FIRST

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def customer(self, n: int) -> Customer:
        return Customer.objects.select_related("company", "zone").get(pk=self.people[n])

    def attempt(self, n: int, change: Decimal | int, act: Callable[[], object]) -> bool:
        """Do it; the model moves by `change` only if it was not refused."""
        try:
            with transaction.atomic():
                act()
        except RuleError:
            return False
        self.owes[self.people[n]] += change
        return True

    def booked(self, act: Callable[[], object]) -> None:
        """An act that writes invoices by the rules: the model adds the totals that are new."""
        before = set(Invoice.objects.values_list("pk", flat=True))
        act()
        for invoice in Invoice.objects.exclude(pk__in=before):
            self.owes[invoice.customer_id] += invoice.total

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        for _ in range(days):
            self.today += timedelta(days=1)
            newest = Suspension.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            self.booked(lambda: self.isp.run_once(self.today))
            invariants.i14_i16_whoever_was_just_cut_deserved_it(newest, self.today)

    @rule()
    def the_day_is_run_again(self) -> None:
        self.booked(lambda: self.isp.run_once(self.today))
        before = dump()
        self.isp.run_once(self.today)
        assert differences(before, dump()) == [], "I6"

    @rule(n=who, amount=cents)
    def pays(self, n: int, amount: Decimal) -> None:
        self.isp.pay(self.customer(n), f"{amount}", self.today)
        self.owes[self.people[n]] -= amount

    @rule(n=who, at_random=which)
    def pays_what_he_owes(self, n: int, at_random: int) -> None:
        open_ones = list(Invoice.objects.unpaid().filter(customer=self.people[n]).order_by("pk"))
        if open_ones:
            invoice = open_ones[at_random % len(open_ones)]
            amount = round(invoice.remaining, 2)
            self.isp.pay(self.customer(n), f"{amount}", self.today, invoice=invoice)
            self.owes[self.people[n]] -= amount

    @rule(n=who, amount=cents)
    def pays_by_mistake_and_takes_it_back(self, n: int, amount: Decimal) -> None:
        """I9: nothing but the trace of it is left."""
        before = standing()
        payment = self.isp.pay(self.customer(n), f"{amount}", self.today, restore=False)
        self.isp.delete(payment, self.today)
        assert standing() == before

    @rule(n=who, at_random=which)
    def a_payment_is_deleted(self, n: int, at_random: int) -> None:
        payments = list(Payment.objects.filter(customer=self.people[n], deleted_at=None))
        if payments:
            payment = payments[at_random % len(payments)]
            self.attempt(n, payment.amount, lambda: self.isp.delete(payment, self.today))

    @rule(n=who, amount=cents)
    def credit_is_given_back(self, n: int, amount: Decimal) -> None:
        self.attempt(n, amount, lambda: refund(
            actor=CLERK, now=at(self.today), customer=self.customer(n), amount=amount,
            currency="MXN", method="cash", cash_box=self.isp.box, reason="asked", operator=None,
        ))  # fmt: skip

    @rule(n=who, amount=cents, is_credit=st.booleans())
    def is_adjusted(self, n: int, amount: Decimal, is_credit: bool) -> None:
        signed = -amount if is_credit else amount
        self.attempt(n, signed, lambda: self.isp.adjust(self.customer(n), f"{signed}", self.today))

    @rule(n=who, amount=cents)
    def buys_something(self, n: int, amount: Decimal) -> None:
        self.attempt(
            n, amount, lambda: self.isp.free_invoice(self.customer(n), f"{amount}", self.today)
        )

    @rule(n=who, amount=cents, how=st.sampled_from(["recurring", "once", "instalments"]))
    def is_sold_a_product(self, n: int, amount: Decimal, how: str) -> None:
        many = 3 if how == "instalments" else 1
        sale = Sale(description="Equipo", billing=how, price=amount, instalments=many)
        self.attempt(n, 0, lambda: billing.add_product(
            actor=CLERK, now=at(self.today), customer=self.customer(n), sale=sale
        ))  # fmt: skip

    @rule(n=who, at_random=which)
    def an_invoice_is_voided(self, n: int, at_random: int) -> None:
        invoices = list(Invoice.objects.filter(customer=self.people[n]).exclude(state="merged"))
        if invoices:
            invoice = invoices[at_random % len(invoices)]
            booked = invoice.total if invoice.origin != Invoice.Origin.MERGE else merged(invoice)
            self.attempt(n, -booked, lambda: self.isp.void(invoice, self.today))

    @rule(n=who)
    def his_invoices_are_merged_and_perhaps_parted(self, n: int) -> None:
        """I17: what is asked for stays the same."""
        unpaid = Invoice.objects.unpaid().filter(customer=self.people[n], kind="service")
        rows, asked = list(unpaid.filter(merged_from=None)), remaining(self.people[n])
        now = at(self.today)
        if not self.attempt(
            n, 0, lambda: billing.merge_invoices(actor=CLERK, now=now, invoices=rows)
        ):
            return
        assert remaining(self.people[n]) == asked
        if n % 2:
            whole = unpaid.filter(origin=Invoice.Origin.MERGE).latest("pk")
            billing.unmerge(actor=CLERK, now=now, invoice=whole)
            assert remaining(self.people[n]) == asked

    @rule(n=who, days=st.integers(0, 12), is_blank=st.booleans())
    def promises(self, n: int, days: int, is_blank: bool) -> None:
        until = None if is_blank else self.today + timedelta(days=days)
        self.attempt(n, 0, lambda: promise(
            actor=CLERK, now=at(self.today), customer=self.customer(n), until=until
        ))  # fmt: skip

    @rule(n=who, plan=st.integers(0, 2), days=st.integers(-20, 20))
    def changes_his_plan(self, n: int, plan: int, days: int) -> None:
        self.act_on_service(n, billing.schedule_plan_change, plan=self.plans[plan],
                            on=self.today + timedelta(days=days))  # fmt: skip

    @rule(n=who, days=st.integers(-10, 10), length=st.integers(0, 20), credit=st.booleans())
    def is_held(self, n: int, days: int, length: int, credit: bool) -> None:
        first = self.today + timedelta(days=days)
        last = first + timedelta(days=length)
        self.act_on_service(n, billing.hold, first=first, last=last, credit=credit)

    @rule(n=who)
    def comes_back_early(self, n: int) -> None:
        held = Hold.objects.filter(service__customer=self.people[n]).last()
        if held is not None:
            self.act_on_service(n, billing.release_hold, named="hold", row=held)

    def act_on_service(
        self, n: int, act: Any, named: str = "service", row: Any = None, **how: Any
    ) -> None:
        service = self.customer(n).services.select_related("plan").order_by("number").first()
        values = {named: row or service, **how}
        now = at(self.today)
        self.booked(lambda: self.attempt(
            n, 0, lambda: act(actor=CLERK, now=now, today=self.today, **values)
        ))  # fmt: skip

    @invariant()
    def the_books_agree_with_the_model(self) -> None:
        for customer in Customer.objects.select_related("company").filter(pk__in=self.people):
            assert balance_of(customer, customer.company, "MXN") == self.owes[customer.pk]
            self.isp.check(customer)
            invariants.i2_i22_balances_and_statements_agree(customer, self.today - timedelta(20))

    @invariant()
    def every_invariant_holds(self) -> None:
        invariants.i1_entries_sum_to_zero()
        invariants.i3_i12_nothing_is_negative_or_settled_twice()
        invariants.i4_no_day_is_billed_twice()
        invariants.i13_dates_are_in_order()
        invariants.i15_one_late_fee_and_one_reconnection_each()
        invariants.i18_an_outside_payment_is_one()
        invariants.i20_numbers_have_no_gaps()
        invariants.i21_boxes_hold_what_moved()
        invariants.every_check_of_verify_agrees()


def standing() -> tuple[Any, ...]:
    """What I9 says comes back: remainders, credit, balances and the states of services."""
    owed = Invoice.objects.order_by("pk").values_list("pk", "remaining", "state")
    free = Credit.objects.filter(remaining__gt=0).order_by("pk").values_list("pk", "remaining")
    balances = Balance.objects.exclude(amount=0).order_by("pk").values_list("customer", "amount")
    return list(owed), list(free), list(balances), money_rows()["customers.Service"]


def remaining(customer: int) -> Decimal:
    found = Invoice.objects.filter(customer=customer).values_list("remaining", flat=True)
    return sum(found, Decimal(0))


def merged(invoice: Invoice) -> Decimal:
    """What voiding a merged invoice takes out of the books: its parts."""
    return sum((part.total for part in invoice.merged_from.all()), Decimal(0))


@pytest.mark.django_db
@pytest.mark.timeout(3600 if LONG else 900)
def test_i1_to_i22_hold_after_every_act_of_any_life() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
