"""A period is billed once, an operator's invoice counts for its month, late ones shift."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.emission import (
    BillingTerms,
    EmissionGuard,
    ExistingInvoice,
    LateStyle,
    SuspendedBilling,
    blocked_by,
    explain_late_shift,
    late_shift,
    not_billed,
)
from caudal.core.periods import Calendar, DayOfMonth, Part, Period, schedule_for
from caudal.core.records import ReasonCode
from caudal.core.settlement import InvoiceKind

JULY = Period(date(2026, 7, 1), date(2026, 7, 31))
AUGUST = Period(date(2026, 8, 1), date(2026, 8, 31))
JUNE_28, JULY_28 = date(2026, 6, 28), date(2026, 7, 28)
SERVICE, FREE = InvoiceKind.SERVICE, InvoiceKind.FREE
ZONE_Z = Calendar(1, DayOfMonth(28), DayOfMonth(5))
WHOLE = Part(JULY, JULY)


def code(reason: object) -> str:
    return str(reason.code)  # type: ignore[attr-defined]


def test_an_invoice_of_the_period_blocks_even_at_zero() -> None:
    july = [ExistingInvoice(SERVICE, JUNE_28, (JULY,), by_operator=True)]
    reason = blocked_by(JUNE_28, JULY, july)
    assert reason is not None and code(reason) == ReasonCode.ALREADY_BILLED_PERIOD
    assert reason.params == {"first": JULY.first, "last": JULY.last, "emission": JUNE_28}
    assert blocked_by(JULY_28, AUGUST, july) is None


def test_one_shared_day_blocks() -> None:
    touching = ExistingInvoice(SERVICE, date(2026, 5, 1), (Period(JULY.last, JULY.last),))
    before = ExistingInvoice(SERVICE, date(2026, 5, 1), (Period(date(2026, 6, 1), JUNE_28),))
    assert blocked_by(JUNE_28, JULY, [touching]) is not None
    assert blocked_by(JUNE_28, JULY, [before]) is None


def test_an_operators_invoice_of_the_month_blocks_without_a_period() -> None:
    by_hand = [ExistingInvoice(SERVICE, date(2026, 6, 10), by_operator=True)]
    reason = blocked_by(JUNE_28, JULY, by_hand)
    assert reason is not None and code(reason) == ReasonCode.OPERATOR_INVOICE_THIS_MONTH
    assert blocked_by(JULY_28, AUGUST, by_hand) is None
    assert blocked_by(date(2027, 6, 28), AUGUST, by_hand) is None


def test_a_back_dated_emission_escapes_the_guard_of_the_month() -> None:
    first = ExistingInvoice(
        SERVICE, date(2026, 5, 28), (Period(date(2026, 6, 23), date(2026, 6, 30)),), True
    )
    assert blocked_by(JUNE_28, JULY, [first]) is None


def test_an_automatic_invoice_of_the_month_does_not_block() -> None:
    automatic = [ExistingInvoice(SERVICE, date(2026, 6, 1), (Period(date(2026, 6, 1), JUNE_28),))]
    assert blocked_by(JUNE_28, JULY, automatic) is None
    any_of_month = blocked_by(JUNE_28, JULY, automatic, EmissionGuard.ANY)
    assert any_of_month is not None and code(any_of_month) == ReasonCode.INVOICE_THIS_MONTH


def test_the_guard_may_look_at_the_period_alone() -> None:
    by_hand = [ExistingInvoice(SERVICE, date(2026, 6, 10), by_operator=True)]
    assert blocked_by(JUNE_28, JULY, by_hand, EmissionGuard.PERIOD_ONLY) is None


def test_free_and_void_invoices_block_nothing() -> None:
    rows = [
        ExistingInvoice(FREE, JUNE_28, (JULY,), by_operator=True),
        ExistingInvoice(SERVICE, JUNE_28, (JULY,), by_operator=True, void=True),
    ]
    assert blocked_by(JUNE_28, JULY, rows) is None


def test_none_of_the_periods_of_a_merged_invoice_is_billed_again() -> None:
    merged = [ExistingInvoice(SERVICE, JULY_28, (Period(date(2026, 6, 1), JUNE_28), AUGUST))]
    assert blocked_by(JULY_28, AUGUST, merged) is not None
    assert blocked_by(JULY_28, JULY, merged) is None


def test_an_active_customer_is_billed() -> None:
    assert not_billed(JUNE_28, WHOLE, BillingTerms()) is None


def test_gratis_and_not_served_are_not_billed() -> None:
    gratis = not_billed(JUNE_28, WHOLE, BillingTerms(gratis=True))
    absent = not_billed(JUNE_28, None, BillingTerms())
    assert gratis is not None and code(gratis) == ReasonCode.CUSTOMER_GRATIS
    assert absent is not None and code(absent) == ReasonCode.NOT_SERVED


def test_an_unpaid_recharge_may_stop_the_calendar() -> None:
    assert not_billed(JUNE_28, WHOLE, BillingTerms(), recharge_unpaid=True) is None
    waiting = BillingTerms(recharge_waits=True)
    assert not_billed(JUNE_28, WHOLE, waiting) is None
    reason = not_billed(JUNE_28, WHOLE, waiting, recharge_unpaid=True)
    assert reason is not None and code(reason) == ReasonCode.RECHARGE_UNPAID


@pytest.mark.parametrize(
    ("billing", "months", "emission", "billed"),
    [
        (SuspendedBilling.ALWAYS, 0, date(2027, 6, 28), True),
        (SuspendedBilling.STOP_AT_CUT, 0, JUNE_28, False),
        (SuspendedBilling.STOP_AT_CUT, 0, date(2026, 6, 4), True),
        (SuspendedBilling.STOP_AT_CUT, 0, date(2026, 6, 5), False),
        (SuspendedBilling.STOP_AFTER_MONTHS, 12, date(2027, 6, 4), True),
        (SuspendedBilling.STOP_AFTER_MONTHS, 12, date(2027, 6, 5), False),
        (SuspendedBilling.STOP_AFTER_MONTHS, 2, JULY_28, True),
        (SuspendedBilling.STOP_AFTER_MONTHS, 2, date(2026, 8, 4), True),
        (SuspendedBilling.STOP_AFTER_MONTHS, 2, date(2026, 8, 5), False),
    ],
)
def test_billing_of_a_suspended_service_is_a_setting(
    billing: SuspendedBilling, months: int, emission: date, billed: bool
) -> None:
    terms = BillingTerms(
        suspended_on=date(2026, 6, 5), suspended_billing=billing, months_while_suspended=months
    )
    reason = not_billed(emission, WHOLE, terms)
    assert (reason is None) is billed
    if reason is not None:
        assert reason.params == {"since": date(2026, 6, 5)}


def test_an_invoice_created_on_time_keeps_its_dates() -> None:
    july = schedule_for(ZONE_Z, date(2026, 7, 1))
    assert late_shift(july, JUNE_28) == july
    assert late_shift(july, JUNE_28, lead_days=30) == july
    assert late_shift(july, date(2026, 6, 1), lead_days=60) == july


def test_an_invoice_created_late_moves_due_and_cut_alike() -> None:
    july = schedule_for(ZONE_Z, date(2026, 7, 1))
    shifted = late_shift(july, date(2026, 7, 10))
    assert (shifted.due, shifted.cut) == (date(2026, 7, 13), date(2026, 7, 17))
    assert (shifted.emission, shifted.period) == (july.emission, july.period)
    own_lead = late_shift(july, date(2026, 7, 10), lead_days=0)
    assert (own_lead.due, own_lead.cut) == (date(2026, 7, 10), date(2026, 7, 14))
    in_time = late_shift(july, date(2026, 6, 29), lead_days=1)
    assert (in_time.due, in_time.cut) == (july.due, july.cut)
    assert explain_late_shift(july, shifted, date(2026, 7, 10)).params == {
        "created": date(2026, 7, 10),
        "scheduled_due": date(2026, 7, 1),
        "due": date(2026, 7, 13),
    }


def test_late_creation_may_keep_the_scheduled_dates() -> None:
    july = schedule_for(ZONE_Z, date(2026, 7, 1))
    assert late_shift(july, date(2026, 7, 30), style=LateStyle.KEEP) == july


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2026, 6, 1), date(2026, 12, 31)), st.none() | st.integers(0, 20))
def test_nobody_is_cut_for_our_downtime(created: date, lead: int | None) -> None:
    july = schedule_for(ZONE_Z, date(2026, 7, 1))
    shifted = late_shift(july, created, lead)
    assert shifted.cut - shifted.due == july.cut - july.due
    assert shifted.due >= july.due
    if created > july.emission:
        assert shifted.due >= created
    assert D((shifted.due - july.due).days) >= 0
