"""A recharge customer's days follow each payment, and no day is billed twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.periods import (
    ONE_DAY,
    Calendar,
    DayOfMonth,
    DaysAfter,
    DaysBefore,
    PaymentMode,
    Period,
    Schedule,
    civil_date,
    schedule_for,
)
from caudal.core.recharge import (
    RechargeDays,
    RechargeStart,
    RechargeStyle,
    recharge,
    recharge_days,
    recharge_period,
)

BEFORE = Calendar(1, DayOfMonth(26), DayOfMonth(8), DayOfMonth(26))


def after(paid_on: date, calendar: Calendar) -> Schedule:
    """RCH-2: the first schedule of a recharged calendar is due the month after the payment."""
    month = paid_on.replace(day=1) + timedelta(days=31)
    return schedule_for(calendar, civil_date(month.year, month.month, calendar.payment_day))


@pytest.mark.parametrize(
    ("paid_on", "days"),
    [
        (date(2026, 3, 3), RechargeDays(25, 27, 3, 9)),
        (date(2028, 3, 3), RechargeDays(26, 28, 3, 9)),
        (date(2026, 1, 31), RechargeDays(25, 27, 31, 6)),
        (date(2026, 2, 28), RechargeDays(22, 24, 28, 6)),
        (date(2026, 12, 30), RechargeDays(24, 26, 30, 5)),
        (date(2026, 1, 1), RechargeDays(26, 28, 1, 7)),
    ],
)
def test_days_are_taken_from_the_real_calendar_around_the_payment(
    paid_on: date, days: RechargeDays
) -> None:
    assert recharge_days(paid_on) == days


def test_days_may_be_those_of_30_day_months() -> None:
    modulo = RechargeStyle.MODULO_30
    assert recharge_days(date(2026, 4, 28), modulo) == RechargeDays(22, 24, 28, 4)
    assert recharge_days(date(2026, 4, 24), modulo) == RechargeDays(18, 20, 24, 30)
    assert recharge_days(date(2026, 3, 3), modulo) == RechargeDays(27, 29, 3, 9)
    assert recharge(BEFORE, date(2026, 3, 3), modulo).create == DayOfMonth(27)


def test_offsets_replace_day_numbers_where_so_set() -> None:
    moved = recharge(BEFORE, date(2026, 3, 3), RechargeStyle.OFFSETS)
    assert (moved.create, moved.notice, moved.cut) == (DaysBefore(6), DaysBefore(4), DaysAfter(6))


def test_everything_else_of_the_calendar_stays() -> None:
    postpaid = Calendar(1, DayOfMonth(26), DayOfMonth(8), mode=PaymentMode.POSTPAID)
    moved = recharge(postpaid, date(2026, 4, 28))
    assert moved.mode is PaymentMode.POSTPAID
    assert moved.notice == DayOfMonth(24)


def test_zone_customers_do_not_recharge() -> None:
    with pytest.raises(RuleError) as refused:
        recharge(BEFORE, date(2026, 4, 28), own_billing=False)
    assert refused.value.code == ErrorCode.RECHARGE_NEEDS_OWN_BILLING


@pytest.mark.parametrize(
    ("paid_on", "emission", "due", "cut"),
    [
        (date(2026, 1, 31), date(2026, 2, 25), date(2026, 2, 28), date(2026, 3, 6)),
        (date(2026, 3, 3), date(2026, 3, 25), date(2026, 4, 3), date(2026, 4, 9)),
        (date(2026, 12, 30), date(2027, 1, 24), date(2027, 1, 30), date(2027, 2, 5)),
        (date(2026, 4, 28), date(2026, 5, 22), date(2026, 5, 28), date(2026, 6, 4)),
    ],
)
def test_the_next_due_date_is_in_the_month_after_the_payment(
    paid_on: date, emission: date, due: date, cut: date
) -> None:
    schedule = after(paid_on, recharge(BEFORE, paid_on))
    assert (schedule.emission, schedule.due, schedule.cut) == (emission, due, cut)


def test_a_payment_that_is_deleted_leaves_the_calendar_it_replaced() -> None:
    kept = BEFORE
    assert recharge(BEFORE, date(2026, 4, 28)) != kept
    assert schedule_for(kept, date(2026, 6, 1)).emission == date(2026, 5, 26)


def test_the_new_period_follows_what_is_billed() -> None:
    scheduled = Period(date(2026, 5, 28), date(2026, 6, 27))
    early = recharge_period(scheduled, date(2026, 5, 31))
    late = recharge_period(scheduled, date(2026, 5, 20))
    assert early == Period(date(2026, 6, 1), date(2026, 6, 27))
    assert late == Period(date(2026, 5, 21), date(2026, 6, 27))
    assert recharge_period(scheduled, date(2026, 6, 27)) is None


def test_the_new_period_may_start_at_the_payment() -> None:
    scheduled = Period(date(2026, 5, 28), date(2026, 6, 27))
    assert recharge_period(scheduled, date(2026, 5, 31), RechargeStart.FROM_PAYMENT) == scheduled


@settings(max_examples=80, deadline=None)
@given(
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.sampled_from(RechargeStyle),
    st.integers(-40, 40),
)
def test_recharged_dates_keep_their_order(paid_on: date, style: RechargeStyle, shift: int) -> None:
    schedule = after(paid_on, recharge(BEFORE, paid_on, style))
    assert schedule.notice is not None
    assert schedule.emission <= schedule.notice <= schedule.due < schedule.cut
    assert (schedule.due.year * 12 + schedule.due.month) - (paid_on.year * 12 + paid_on.month) == 1
    billed = schedule.period.first + timedelta(days=shift)
    period = recharge_period(schedule.period, billed)
    assert period is None or period.first == billed + ONE_DAY
