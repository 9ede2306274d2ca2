"""Downtime counts each minute once, and is worth its part of the period's price."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from caudal.core.downtime import (
    CreditRule,
    CreditUnit,
    Span,
    credit_of,
    credit_reason,
    days_of_price,
    lost_minutes,
)
from caudal.core.proration import ProrationBase

NOON = datetime(2026, 7, 5, 12, tzinfo=UTC)


def span(first: int, last: int) -> Span:
    return NOON + timedelta(minutes=first), NOON + timedelta(minutes=last)


def test_minutes_that_something_else_explains_are_not_lost() -> None:
    assert lost_minutes(span(0, 100)) == 100
    assert lost_minutes(span(0, 100), [span(20, 40), span(30, 50), span(90, 500)]) == 60
    assert lost_minutes(span(0, 100), [span(-50, 200)]) == 0
    assert lost_minutes(span(0, 100), [span(-50, 0), span(100, 200)]) == 100
    assert lost_minutes(span(5, 5)) == 0


@given(st.lists(st.tuples(st.integers(-20, 80), st.integers(0, 40)), max_size=8))
def test_each_minute_counts_once_however_the_reasons_overlap(pairs: list[tuple[int, int]]) -> None:
    taken = {minute for start, size in pairs for minute in range(start, start + size)}
    spans = [span(start, start + size) for start, size in pairs]
    assert lost_minutes(span(0, 60), spans) == len(set(range(60)) - taken)


def test_what_was_begun_counts_whole() -> None:
    worth = [
        credit_of(D(300), 1500, 30, CreditRule(120, unit), 2)
        for unit in (CreditUnit.MINUTE, CreditUnit.HOUR, CreditUnit.DAY)
    ]
    assert worth == [D("10.42"), D("10.42"), D("20.00")]
    assert credit_of(D(300), 121, 30, CreditRule(120, CreditUnit.HOUR), 2) == D("1.25")


def test_a_short_outage_is_worth_nothing_and_a_long_one_no_more_than_the_period() -> None:
    rule = CreditRule(120)
    assert credit_of(D(300), 119, 30, rule, 2) == 0
    assert credit_of(D(300), 120, 30, rule, 2) == D("0.83")
    assert credit_of(D(300), 60 * 24 * 45, 30, rule, 2) == D(300)
    assert credit_of(D(300), 0, 30, CreditRule(0), 2) == 0
    assert credit_of(D(30000), 1440, 30, rule, 0) == D(1000)


def test_the_price_pays_the_days_of_the_month_or_thirty() -> None:
    february = date(2026, 2, 10)
    assert days_of_price(ProrationBase.ACTUAL, february) == 28
    assert days_of_price(ProrationBase.FIXED_30, february) == 30


def test_the_reason_of_a_credit_names_its_numbers() -> None:
    numbers = {"minutes": 90, "price": D(300), "days": 30, "amount": D("0.63")}
    first, last = date(2026, 7, 1), date(2026, 7, 2)
    reason = credit_reason(since=first, until=last, **numbers)  # type: ignore[arg-type]
    assert (reason.rule, reason.params) == ("OUT-2", numbers | {"since": first, "until": last})
