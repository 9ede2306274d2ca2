"""Parts of a cycle add up to its price, however it is cut, in every currency and base."""

from datetime import date, timedelta
from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import ZERO
from caudal.core.periods import ONE_DAY, Period, cycle_of
from caudal.core.proration import (
    PlanChangeStyle,
    ProrationBase,
    explain_part,
    part_price,
    plan_change,
)
from caudal.core.records import ReasonCode

JULY = Period(date(2026, 7, 1), date(2026, 7, 31))
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))


def july(first: int, last: int) -> Period:
    return Period(date(2026, 7, first), date(2026, 7, last))


@pytest.mark.parametrize(
    ("cycle", "first", "last", "amount"),
    [
        (JULY, 1, 30, "300.00"),
        (JULY, 31, 31, "0.00"),
        (JULY, 24, 31, "70.00"),
        (JULY, 1, 31, "300.00"),
        (FEBRUARY, 1, 14, "140.00"),
        (FEBRUARY, 15, 28, "160.00"),
    ],
)
def test_fixed_30_makes_every_cycle_30_days(
    cycle: Period, first: int, last: int, amount: str
) -> None:
    part = Period(cycle.first.replace(day=first), cycle.first.replace(day=last))
    assert part_price(D(300), cycle, part, 2, ProrationBase.FIXED_30) == D(amount)


def test_fixed_30_gives_the_days_after_the_30th_of_a_long_cycle_for_nothing() -> None:
    long = Period(date(2026, 7, 1), date(2026, 8, 9))
    first = Period(long.first, date(2026, 8, 4))
    rest = Period(date(2026, 8, 5), long.last)
    base = ProrationBase.FIXED_30
    assert part_price(D(300), long, first, 2, base) == D("300.00")
    assert part_price(D(300), long, rest, 2, base) == D("0.00")


def test_parts_are_whole_units_of_the_currency() -> None:
    assert part_price(D(10000), JULY, july(1, 10), 0) == D(3226)
    assert part_price(D("10.000"), JULY, july(1, 10), 3) == D("3.226")


def test_a_free_plan_prorates_to_nothing() -> None:
    assert part_price(ZERO, JULY, july(5, 9), 2) == ZERO


def test_a_part_outside_the_cycle_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        part_price(D(300), JULY, Period(date(2026, 7, 31), date(2026, 8, 1)), 2)
    assert refused.value.code == ErrorCode.PART_OUTSIDE_CYCLE
    assert refused.value.params["cycle_last"] == date(2026, 7, 31)


def test_a_negative_price_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        part_price(D(-1), JULY, JULY, 2)
    assert refused.value.code == ErrorCode.AMOUNT_NEGATIVE


def test_an_upgrade_leaves_a_credit_and_a_charge() -> None:
    change = plan_change(D(300), D(500), JULY, date(2026, 7, 11), 2)
    assert (change.credit, change.charge, change.net) == (D("203.23"), D("338.71"), D("135.48"))
    assert change.part == july(11, 31)
    assert [reason.code for reason in change.reasons()] == [
        ReasonCode.PLAN_CHANGE_CREDIT,
        ReasonCode.PLAN_CHANGE_CHARGE,
    ]
    assert change.reasons()[0].params["amount"] == D("203.23")


def test_a_change_on_the_first_day_swaps_the_whole_cycle() -> None:
    change = plan_change(D(300), D(500), JULY, date(2026, 7, 1), 2)
    assert (change.credit, change.charge) == (D(300), D(500))


def test_a_downgrade_gives_back() -> None:
    change = plan_change(D(500), D(300), JULY, date(2026, 7, 31), 2, style=PlanChangeStyle.AT_ONCE)
    assert (change.net, change.style) == (D("-6.45"), PlanChangeStyle.AT_ONCE)


def test_a_change_at_the_next_cycle_prorates_nothing() -> None:
    change = plan_change(
        D(300), D(500), JULY, date(2026, 7, 11), 2, style=PlanChangeStyle.NEXT_CYCLE
    )
    assert (change.part, change.net, change.reasons()) == (None, ZERO, ())
    assert change.style is PlanChangeStyle.NEXT_CYCLE


def test_a_change_outside_the_cycle_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        plan_change(D(300), D(500), JULY, date(2026, 8, 1), 2)
    assert refused.value.code == ErrorCode.PART_OUTSIDE_CYCLE


def test_reasons_tell_how_a_part_was_priced() -> None:
    reason = explain_part(D(310), JULY, july(1, 20), D("200.00"))
    assert (reason.rule, reason.params["days"], reason.params["cycle_days"]) == ("PRO-1", 20, 31)


prices = st.integers(0, 10**8).map(lambda cents: D(cents).scaleb(-2))
bases = st.sampled_from(ProrationBase)
cycles = st.builds(cycle_of, st.integers(1, 31), st.dates(date(2024, 1, 1), date(2029, 12, 31)))
cuts = st.lists(st.integers(1, 30), max_size=8)


def partition(cycle: Period, cuts: list[int]) -> list[Period]:
    starts = sorted({0, *(cut for cut in cuts if cut < cycle.days)})
    ends = [*starts[1:], cycle.days]
    return [
        Period(cycle.first + timedelta(days=a), cycle.first + timedelta(days=b) - ONE_DAY)
        for a, b in zip(starts, ends, strict=True)
    ]


@settings(max_examples=40, deadline=None)
@given(prices, cycles, cuts, bases, st.sampled_from([0, 2, 3]))
def test_i10_any_partition_adds_up_to_the_price_and_no_part_is_negative(
    price: D, cycle: Period, cuts: list[int], base: ProrationBase, digits: int
) -> None:
    amount = round(price, 0) if digits == 0 else price
    parts = [part_price(amount, cycle, p, digits, base) for p in partition(cycle, cuts)]
    assert sum(parts, ZERO) == amount
    assert all(part >= 0 for part in parts)


@settings(max_examples=40, deadline=None)
@given(prices, prices, prices, cycles, st.integers(0, 27), st.integers(0, 27), bases)
def test_two_plan_changes_leave_what_the_days_cost(
    old: D, middle: D, new: D, cycle: Period, one: int, two: int, base: ProrationBase
) -> None:
    first, second = (cycle.first + timedelta(days=n) for n in sorted((one, two)))
    changes = [
        plan_change(old, middle, cycle, first, 2, base),
        plan_change(middle, new, cycle, second, 2, base),
    ]
    starts = [cycle.first, first, second, cycle.last + ONE_DAY]
    held = zip((old, middle, new), pairwise(starts), strict=True)
    days = [
        part_price(price, cycle, Period(since, until - ONE_DAY), 2, base)
        for price, (since, until) in held
        if since < until
    ]
    assert old + sum(c.net for c in changes) == sum(days, ZERO)
    assert all(c.credit >= 0 and c.charge >= 0 for c in changes)
