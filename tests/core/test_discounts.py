"""Discounts on the plan: how much, when, how often, and never more than the plan costs."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.core.discounts import DiscountTerms, discount_of, explain_discount
from caudal.core.errors import RuleError
from caudal.core.records import Reason

JULY = date(2026, 7, 28)
AMOUNTS = st.decimals("0.01", "9999.99", places=2)


def off(terms: DiscountTerms, base: str, used: int = 0, on: date = JULY) -> Decimal:
    return discount_of(terms, Decimal(base), on, used, 2)


def test_a_percentage_is_rounded_half_up_and_an_amount_is_whole() -> None:
    assert off(DiscountTerms(percent=Decimal("33.333")), "300.00") == Decimal("100.00")
    assert off(DiscountTerms(percent=Decimal("0.5")), "1.00") == Decimal("0.01")
    assert off(DiscountTerms(amount=Decimal("20.00")), "300.00") == Decimal("20.00")
    assert off(DiscountTerms(amount=Decimal("20.00")), "15.00") == Decimal("15.00")
    assert off(DiscountTerms(percent=Decimal(100)), "0.00") == 0


def test_it_ends_after_its_months_and_between_its_dates_both_included() -> None:
    promo = DiscountTerms(amount=Decimal(5), months=2, starts=JULY, ends=JULY)
    assert [off(promo, "300", used) for used in (0, 1, 2)] == [5, 5, 0]
    assert off(promo, "300", 0, date(2026, 7, 27)) == 0
    assert off(promo, "300", 0, date(2026, 7, 29)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"percent": Decimal(1), "amount": Decimal(1)},
        {"percent": Decimal(0)},
        {"percent": Decimal("100.01")},
        {"amount": Decimal(0)},
        {"amount": Decimal(1), "starts": JULY, "ends": date(2026, 7, 1)},
    ],
)
def test_terms_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(RuleError):
        DiscountTerms(**wrong)  # type: ignore[arg-type]


@given(base=AMOUNTS, percent=st.decimals("0.01", "100", places=2))
def test_it_is_never_below_zero_nor_above_the_plan(base: Decimal, percent: Decimal) -> None:
    assert 0 <= discount_of(DiscountTerms(percent=percent), base, JULY, 0, 2) <= base


def test_it_says_why_and_survives_storage() -> None:
    terms = DiscountTerms(percent=Decimal("10.00"), months=3)
    reason = explain_discount(terms, Decimal(300), Decimal(30), 2)
    assert (reason.params["percent"], reason.params["number"], reason.params["of"]) == ("10", 2, 3)
    assert Reason.from_plain(reason.to_plain()).params == reason.params
    fixed = explain_discount(DiscountTerms(amount=Decimal(5)), Decimal(300), Decimal(5), 1)
    assert "of" not in fixed.params and fixed.code != reason.code
