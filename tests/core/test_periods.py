"""Cycles touch, due dates never drift, and every named alternative is a setting."""

from datetime import date, timedelta
from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.periods import (
    ONE_DAY,
    BeforeRule,
    BridgeBase,
    Calendar,
    CutClamp,
    CutRule,
    DayOfMonth,
    DaysAfter,
    DaysBefore,
    FixedEmission,
    GraceCounting,
    GraceDays,
    Overflow,
    Part,
    PaymentMode,
    Period,
    PostpaidStyle,
    bridge,
    civil_date,
    cycle_of,
    due_date,
    fix_next_emission,
    next_due,
    part_schedule,
    previous_due,
    schedule_for,
    schedules_emitted,
)
from caudal.core.proration import part_price

days_of_month = st.integers(1, 31)
some_days = st.dates(date(2023, 1, 1), date(2032, 12, 31))
before_rules = st.one_of(st.integers(0, 60).map(DaysBefore), days_of_month.map(DayOfMonth))
cut_rules = st.one_of(
    st.integers(0, 60).map(GraceDays),
    days_of_month.map(DayOfMonth),
    st.integers(0, 60).map(DaysAfter),
)
modes = st.sampled_from(PaymentMode)


def code_of(error: pytest.ExceptionInfo[RuleError]) -> str:
    return error.value.code


def test_a_period_counts_both_ends() -> None:
    june = Period(date(2026, 6, 1), date(2026, 6, 30))
    assert june.days == 30
    assert Period(june.first, june.first).days == 1
    assert june.contains(june.first) and june.contains(june.last)
    assert not june.contains(date(2026, 7, 1))
    assert june.encloses(june) and not june.encloses(Period(june.first, date(2026, 7, 1)))


def test_periods_overlap_by_a_shared_day() -> None:
    june = Period(date(2026, 6, 1), date(2026, 6, 30))
    july = Period(date(2026, 7, 1), date(2026, 7, 31))
    both = Period(date(2026, 6, 30), date(2026, 7, 1))
    assert not june.overlaps(july) and june.common(july) is None
    assert june.overlaps(both) and both.overlaps(july) and july.overlaps(both)
    assert june.common(both) == Period(date(2026, 6, 30), date(2026, 6, 30))


def test_a_reversed_period_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        Period(date(2026, 6, 2), date(2026, 6, 1))
    assert code_of(refused) == ErrorCode.PERIOD_REVERSED


@pytest.mark.parametrize(
    ("year", "month", "day", "found"),
    [
        (2026, 6, 31, date(2026, 6, 30)),
        (2026, 2, 31, date(2026, 2, 28)),
        (2028, 2, 31, date(2028, 2, 29)),
        (2100, 2, 29, date(2100, 2, 28)),
        (2026, 12, 31, date(2026, 12, 31)),
    ],
)
def test_a_day_past_the_month_is_its_last_day(year: int, month: int, day: int, found: date) -> None:
    assert civil_date(year, month, day) == found


def test_31_february_can_be_refused() -> None:
    with pytest.raises(RuleError) as refused:
        civil_date(2026, 2, 31, Overflow.REFUSE)
    assert code_of(refused) == ErrorCode.DATE_DOES_NOT_EXIST
    assert refused.value.params == {"year": 2026, "month": 2, "day": 31}
    assert civil_date(2028, 2, 29, Overflow.REFUSE) == date(2028, 2, 29)


@pytest.mark.parametrize("day", [0, 32, -1])
def test_a_payment_day_is_1_to_31(day: int) -> None:
    for act in (
        lambda: DayOfMonth(day),
        lambda: Calendar(day, DaysBefore(1), DayOfMonth(5)),
        lambda: civil_date(2026, 1, day),
    ):
        with pytest.raises(RuleError) as refused:
            act()
        assert code_of(refused) == ErrorCode.DAY_OF_MONTH_OUT_OF_RANGE


def test_offsets_are_not_negative() -> None:
    for kind in (DaysBefore, DaysAfter, GraceDays):
        with pytest.raises(RuleError) as refused:
            kind(-1)
        assert code_of(refused) == ErrorCode.DAYS_OUT_OF_RANGE


def test_a_month_is_1_to_12() -> None:
    with pytest.raises(RuleError) as refused:
        due_date(1, 2026, 13)
    assert code_of(refused) == ErrorCode.MONTH_OUT_OF_RANGE


def test_due_dates_around_a_day() -> None:
    assert next_due(31, date(2026, 1, 31)) == date(2026, 2, 28)
    assert next_due(31, date(2026, 2, 27)) == date(2026, 2, 28)
    assert next_due(31, date(2026, 2, 28)) == date(2026, 3, 31)
    assert next_due(15, date(2026, 12, 15)) == date(2027, 1, 15)
    assert previous_due(31, date(2026, 3, 31)) == date(2026, 2, 28)
    assert previous_due(15, date(2026, 1, 15)) == date(2025, 12, 15)
    assert previous_due(15, date(2026, 1, 16)) == date(2026, 1, 15)


def test_29_february_exists_in_leap_years_alone() -> None:
    dues = [
        schedule_for(Calendar(29, DaysBefore(1), GraceDays(3)), due_date(29, y, 2)).period
        for y in (2027, 2028)
    ]
    assert [period.first for period in dues] == [date(2027, 2, 28), date(2028, 2, 29)]
    assert [period.days for period in dues] == [29, 29]


def test_a_schedule_needs_a_due_date_of_its_calendar() -> None:
    with pytest.raises(RuleError) as refused:
        schedule_for(Calendar(1, DaysBefore(1), DayOfMonth(5)), date(2026, 7, 2))
    assert code_of(refused) == ErrorCode.NOT_A_DUE_DATE


def test_a_creation_day_equal_to_the_payment_day_is_of_the_month_before() -> None:
    schedule = schedule_for(Calendar(10, DayOfMonth(10), DayOfMonth(10)), date(2026, 7, 10))
    assert schedule.emission == date(2026, 6, 10)
    assert schedule.cut == date(2026, 7, 11)


def test_a_creation_day_31_is_clamped_in_june() -> None:
    schedule = schedule_for(Calendar(1, DayOfMonth(31), DayOfMonth(5)), date(2026, 7, 1))
    assert schedule.emission == date(2026, 6, 30)


def test_the_notice_day_follows_the_creation_rule() -> None:
    by_number = Calendar(1, DayOfMonth(20), DayOfMonth(5), notice=DayOfMonth(28))
    by_offset = Calendar(1, DayOfMonth(20), DayOfMonth(5), notice=DaysBefore(2))
    assert schedule_for(by_number, date(2026, 7, 1)).notice == date(2026, 6, 28)
    assert schedule_for(by_offset, date(2026, 7, 1)).notice == date(2026, 6, 29)


@pytest.mark.parametrize(
    ("rule", "counting", "cut"),
    [
        (GraceDays(5), GraceCounting.AFTER, date(2026, 7, 7)),
        (GraceDays(5), GraceCounting.ON, date(2026, 7, 6)),
        (GraceDays(0), GraceCounting.AFTER, date(2026, 7, 2)),
        (GraceDays(0), GraceCounting.ON, date(2026, 7, 2)),
        (DaysAfter(6), GraceCounting.AFTER, date(2026, 7, 7)),
        (DaysAfter(0), GraceCounting.ON, date(2026, 7, 2)),
        (DayOfMonth(5), GraceCounting.AFTER, date(2026, 7, 5)),
        (DayOfMonth(1), GraceCounting.AFTER, date(2026, 7, 2)),
    ],
)
def test_grace_days_are_served_before_the_cut(
    rule: CutRule, counting: GraceCounting, cut: date
) -> None:
    calendar = Calendar(1, DaysBefore(3), rule, grace_counting=counting)
    assert schedule_for(calendar, date(2026, 7, 1)).cut == cut


def test_a_cut_clamped_onto_the_due_date_may_stay_there() -> None:
    stay = Calendar(28, DayOfMonth(25), DayOfMonth(30), cut_clamp=CutClamp.SAME_DAY)
    assert schedule_for(stay, date(2026, 2, 28)).cut == date(2026, 2, 28)
    assert schedule_for(stay, date(2026, 3, 28)).cut == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("style", "emission"),
    [
        (PostpaidStyle.BEFORE_DUE, date(2026, 6, 28)),
        (PostpaidStyle.AFTER_PERIOD, date(2026, 7, 1)),
        (PostpaidStyle.MONTH_LATER, date(2026, 5, 29)),
    ],
)
def test_postpaid_has_three_readings(style: PostpaidStyle, emission: date) -> None:
    calendar = Calendar(
        1, DaysBefore(3), DayOfMonth(5), mode=PaymentMode.POSTPAID, postpaid_style=style
    )
    schedule = schedule_for(calendar, date(2026, 7, 1))
    assert schedule.period == Period(date(2026, 6, 1), date(2026, 6, 30))
    assert (schedule.emission, schedule.cut) == (emission, date(2026, 7, 5))


def test_the_postpaid_style_says_nothing_to_prepaid() -> None:
    calendar = Calendar(1, DaysBefore(3), DayOfMonth(5), postpaid_style=PostpaidStyle.AFTER_PERIOD)
    assert schedule_for(calendar, date(2026, 7, 1)).emission == date(2026, 6, 28)


def test_catch_up_finds_every_missed_creation_in_order() -> None:
    calendar = Calendar(1, DayOfMonth(28), DayOfMonth(5))
    found = schedules_emitted(calendar, date(2026, 4, 28), date(2026, 7, 30))
    assert [s.emission for s in found] == [date(2026, m, 28) for m in (5, 6, 7)]
    assert schedules_emitted(calendar, date(2026, 7, 28), date(2026, 8, 27)) == []
    assert schedules_emitted(calendar, date(2026, 7, 28), date(2026, 7, 28)) == []


def test_a_long_offset_creates_twice_in_one_month() -> None:
    twice = schedules_emitted(
        Calendar(31, DaysBefore(30), DayOfMonth(5)), date(2026, 2, 28), date(2026, 3, 31)
    )
    assert [s.emission for s in twice] == [date(2026, 3, 1), date(2026, 3, 31)]


def test_a_fixed_date_moves_one_creation_once() -> None:
    calendar = Calendar(1, DayOfMonth(28), DayOfMonth(5))
    fixed = fix_next_emission(calendar, date(2026, 6, 10), date(2026, 6, 25))
    assert fixed == FixedEmission(date(2026, 7, 1), date(2026, 6, 25))
    moved = schedules_emitted(calendar, date(2026, 6, 10), date(2026, 8, 1), fixed)
    assert [(s.emission, s.due) for s in moved] == [
        (date(2026, 6, 25), date(2026, 7, 1)),
        (date(2026, 7, 28), date(2026, 8, 1)),
    ]
    assert schedules_emitted(calendar, date(2026, 6, 25), date(2026, 7, 27), fixed) == []


def test_a_fixed_date_past_the_due_date_takes_due_and_cut_along() -> None:
    calendar = Calendar(1, DayOfMonth(28), DayOfMonth(5))
    fixed = fix_next_emission(calendar, date(2026, 6, 10), date(2026, 7, 3))
    assert schedules_emitted(calendar, date(2026, 6, 10), date(2026, 7, 2), fixed) == []
    (moved,) = schedules_emitted(calendar, date(2026, 7, 2), date(2026, 7, 3), fixed)
    assert (moved.emission, moved.due, moved.cut) == (
        date(2026, 7, 3),
        date(2026, 7, 3),
        date(2026, 7, 7),
    )
    assert moved.period == Period(date(2026, 7, 1), date(2026, 7, 31))


def test_a_fixed_date_is_found_from_the_next_creation() -> None:
    calendar = Calendar(1, DayOfMonth(28), DayOfMonth(5))
    assert fix_next_emission(calendar, date(2026, 6, 28), date(2026, 7, 1)).due == date(2026, 8, 1)
    assert fix_next_emission(calendar, date(2026, 6, 27), date(2026, 7, 1)).due == date(2026, 7, 1)


def test_a_bridge_fills_the_days_up_to_the_new_payment_day() -> None:
    gap = bridge(1, 15, date(2026, 7, 31))
    assert gap is not None
    assert gap.part == Period(date(2026, 8, 1), date(2026, 8, 14))
    assert gap.cycle == Period(date(2026, 7, 15), date(2026, 8, 14))
    assert part_price(D(310), gap.cycle, gap.part, 2) == D("140.00")


def test_a_prepaid_part_is_due_on_its_first_day() -> None:
    calendar = Calendar(15, DaysBefore(5), GraceDays(4), notice=DaysBefore(2))
    gap = bridge(1, 15, date(2026, 7, 31))
    assert gap is not None
    schedule = part_schedule(calendar, gap)
    assert schedule.period == gap.part
    assert (schedule.emission, schedule.notice) == (date(2026, 7, 27), date(2026, 7, 30))
    assert (schedule.due, schedule.cut) == (date(2026, 8, 1), date(2026, 8, 6))


def test_a_postpaid_part_is_due_on_the_payment_day_after_it() -> None:
    calendar = Calendar(15, DaysBefore(5), GraceDays(4), mode=PaymentMode.POSTPAID)
    cycle = cycle_of(15, date(2026, 7, 20))
    part = Part(Period(date(2026, 7, 20), cycle.last), cycle)
    schedule = part_schedule(calendar, part)
    assert schedule.period == Period(date(2026, 7, 20), date(2026, 8, 14))
    assert (schedule.emission, schedule.due) == (date(2026, 8, 10), date(2026, 8, 15))


def test_a_postpaid_part_that_ends_within_a_cycle_is_due_on_the_next_payment_day() -> None:
    calendar = Calendar(1, DaysBefore(3), DayOfMonth(5), mode=PaymentMode.POSTPAID)
    some = Part(Period(date(2026, 6, 10), date(2026, 6, 20)), cycle_of(1, date(2026, 6, 10)))
    schedule = part_schedule(calendar, some)
    assert (schedule.due, schedule.cut) == (date(2026, 7, 1), date(2026, 7, 5))
    assert schedule.period == some.part


def test_no_bridge_where_the_calendars_meet() -> None:
    assert bridge(15, 1, date(2026, 6, 30)) is None
    assert bridge(31, 28, date(2026, 2, 27)) is None


def test_a_bridge_may_be_priced_on_the_old_cycle() -> None:
    new = bridge(1, 15, date(2026, 2, 28))
    old = bridge(1, 15, date(2026, 2, 28), BridgeBase.OLD_CYCLE)
    assert new is not None and old is not None and new.part == old.part
    assert part_price(D(310), new.cycle, new.part, 2) == D("155.00")
    assert part_price(D(310), old.cycle, old.part, 2) == D("140.00")


def test_a_bridge_that_outlasts_the_old_cycle_is_priced_on_the_new_one() -> None:
    gap = bridge(10, 5, date(2026, 7, 6), BridgeBase.OLD_CYCLE)
    assert gap is not None
    assert gap.part == Period(date(2026, 7, 7), date(2026, 8, 4))
    assert gap.cycle == Period(date(2026, 7, 5), date(2026, 8, 4))


@settings(max_examples=60, deadline=None)
@given(days_of_month, days_of_month, some_days, st.sampled_from(BridgeBase), modes)
def test_each_day_is_billed_once_over_a_change_of_payment_day(
    old_day: int, new_day: int, day: date, base: BridgeBase, mode: PaymentMode
) -> None:
    paid_through = cycle_of(old_day, day).last
    gap = bridge(old_day, new_day, paid_through, base)
    reached = paid_through if gap is None else gap.part.last
    if gap is not None:
        assert gap.part.first == paid_through + ONE_DAY
        assert gap.cycle.encloses(gap.part)
        dates = part_schedule(Calendar(new_day, DayOfMonth(old_day), DayOfMonth(5), mode=mode), gap)
        assert dates.emission <= dates.due < dates.cut and dates.period == gap.part
    following = cycle_of(new_day, reached + ONE_DAY)
    assert following.first == reached + ONE_DAY


@settings(max_examples=60, deadline=None)
@given(days_of_month, before_rules, cut_rules, modes, some_days)
def test_i13_due_dates_increase_and_emission_due_and_cut_are_in_order(
    day: int, create: BeforeRule, cut: CutRule, mode: PaymentMode, start: date
) -> None:
    calendar = Calendar(day, create, cut, notice=create, mode=mode)
    found = schedules_emitted(calendar, start, start + timedelta(days=150))
    assert len(found) >= 4
    for schedule in found:
        last = (schedule.due.replace(day=1) + timedelta(days=31)).replace(day=1) - ONE_DAY
        assert schedule.due.day == min(day, last.day)
        assert schedule.emission <= schedule.due < schedule.cut
        assert schedule.notice == schedule.emission
    for one, other in pairwise(found):
        assert one.due < other.due and one.emission < other.emission
        assert one.period.last + ONE_DAY == other.period.first


@settings(max_examples=40, deadline=None)
@given(days_of_month, before_rules, some_days, st.integers(0, 200), st.integers(0, 200))
def test_i6_running_in_two_steps_finds_what_one_step_finds(
    day: int, create: BeforeRule, start: date, first: int, second: int
) -> None:
    calendar = Calendar(day, create, GraceDays(5))
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second)
    whole = schedules_emitted(calendar, start, end)
    assert whole == schedules_emitted(calendar, start, middle) + schedules_emitted(
        calendar, middle, end
    )
