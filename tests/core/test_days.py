"""What each day bears: any way of splitting and correcting keeps the sum of the days."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from caudal.core.days import Charged, Rate, corrections, minus, overlay, rates, union
from caudal.core.periods import Period

JULY = Period(date(2026, 7, 1), date(2026, 7, 31))


def july(first: int, last: int) -> Period:
    return Period(date(2026, 7, first), date(2026, 7, last))


def test_a_plan_change_corrects_the_days_from_its_first() -> None:
    billed = [Charged(JULY, JULY, Decimal(300))]
    (found,) = corrections(billed, [Rate(july(11, 31), Decimal(500))])
    assert found.days == july(11, 31)
    assert (found.before.amount(2), found.after.amount(2)) == (
        Decimal("203.23"),
        Decimal("338.71"),
    )


def test_days_that_are_not_charged_cost_nothing() -> None:
    assert Charged(july(3, 9), JULY, None).amount(2) == 0


def test_rates_follow_steps_and_leave_out_what_is_not_served() -> None:
    steps = [(date(2026, 6, 1), Decimal(300)), (date(2026, 7, 11), Decimal(500))]
    found = rates(JULY, steps, [july(1, 14), july(20, 31)])
    assert found == [
        Rate(july(1, 10), Decimal(300)),
        Rate(july(11, 14), Decimal(500)),
        Rate(july(15, 19), None),
        Rate(july(20, 31), Decimal(500)),
    ]


def test_the_earliest_price_holds_before_its_first_day() -> None:
    assert rates(JULY, [(date(2026, 8, 1), Decimal(9))], [JULY]) == [Rate(JULY, Decimal(9))]


def test_runs_of_days_join_where_they_meet() -> None:
    assert union([july(5, 9), july(1, 4), july(20, 22), july(21, 25)]) == [
        july(1, 9),
        july(20, 25),
    ]
    assert minus(JULY, [july(1, 4), july(10, 12), july(31, 31)]) == [july(5, 9), july(13, 30)]


spans = st.tuples(st.integers(1, 31), st.integers(1, 31)).map(lambda at: july(min(at), max(at)))
prices = st.one_of(st.none(), st.integers(0, 99_999).map(lambda cents: Decimal(cents) / 100))


@given(st.lists(st.tuples(spans, prices), max_size=6), st.integers(1, 99_999))
def test_what_corrections_give_and_take_leads_from_one_sum_to_the_other(
    changes: list[tuple[Period, Decimal | None]], cents: int
) -> None:
    billed = [Charged(JULY, JULY, Decimal(cents) / 100)]
    total = billed[0].amount(2)
    for days, price in changes:
        for found in corrections(billed, [Rate(days, price)]):
            total += found.after.amount(2) - found.before.amount(2)
        billed = overlay(billed, days, price)
        assert total == sum(each.amount(2) for each in billed)
        assert total >= 0
        assert sum(each.days.days for each in billed) == 31


@given(st.lists(spans, max_size=5))
def test_days_without_others_and_the_others_make_the_month(others: list[Period]) -> None:
    left = minus(JULY, others)
    days = [each.first + timedelta(n) for each in left for n in range(each.days)]
    taken = {each.first + timedelta(n) for each in others for n in range(each.days)}
    assert sorted({*days, *taken}) == [date(2026, 7, n) for n in range(1, 32)]
    assert not taken & set(days)


def test_prices_of_other_months_bear_nothing_here() -> None:
    steps = [
        (date(2026, 5, 1), Decimal(1)),
        (date(2026, 6, 1), Decimal(2)),
        (date(2026, 8, 1), Decimal(3)),
    ]
    assert rates(JULY, steps, [JULY]) == [Rate(JULY, Decimal(2))]
