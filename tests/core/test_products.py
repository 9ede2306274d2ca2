"""Products are charged as sold: always, once, or in instalments that add up to the price."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.periods import Period
from caudal.core.products import (
    ProductBilling,
    ProductTerms,
    explain_charge,
    explain_days,
    instalments,
    product_charge,
    product_days,
    unbilled_rest,
)

RECURRING, ONCE = ProductBilling.RECURRING, ProductBilling.ONCE
EMISSIONS = [date(2026, month, 28) for month in (6, 7, 8, 9)]


def in_three(price: str) -> ProductTerms:
    return ProductTerms(ProductBilling.INSTALMENTS, D(price), 3)


def totals(terms: list[ProductTerms], base: D) -> list[D]:
    found = []
    for billed, emission in enumerate(EMISSIONS):
        charges = [product_charge(t, emission, billed, 2) for t in terms]
        found.append(base + sum(c.amount for c in charges if c))
    return found


def test_router_installation_and_television_on_four_invoices() -> None:
    terms = [
        ProductTerms(ONCE, D("450.00")),
        in_three("1000.00"),
        ProductTerms(RECURRING, D("99.90")),
    ]
    assert totals(terms, D(300)) == [D("1183.23"), D("733.23"), D("733.24"), D("399.90")]


def test_the_last_charge_completes_a_product() -> None:
    three = in_three("1000.00")
    found = [product_charge(three, EMISSIONS[0], n, 2) for n in range(4)]
    assert [(c.number, c.of, c.completes) for c in found if c] == [
        (1, 3, False),
        (2, 3, False),
        (3, 3, True),
    ]
    assert found[3] is None
    once = product_charge(ProductTerms(ONCE, D(450)), EMISSIONS[0], 0, 2)
    assert once is not None and once.completes
    always = product_charge(ProductTerms(RECURRING, D("99.90")), EMISSIONS[0], 7, 2)
    assert always is not None and (always.number, always.of, always.completes) == (8, None, False)


def test_start_and_end_dates_are_inclusive() -> None:
    terms = ProductTerms(RECURRING, D(75), starts=date(2026, 7, 15), ends=date(2026, 9, 28))
    shown = [terms.shown(date(2026, month, 28)) for month in (6, 7, 8, 9, 10)]
    assert shown == [False, True, True, True, False]
    assert terms.shown(date(2026, 7, 15)) and not terms.shown(date(2026, 7, 14))
    assert product_charge(terms, date(2026, 6, 28), 0, 2) is None


def test_a_product_of_one_day_is_shown_on_it() -> None:
    terms = ProductTerms(ONCE, D(75), starts=date(2026, 7, 28), ends=date(2026, 7, 28))
    assert [d for d in EMISSIONS if terms.shown(d)] == [date(2026, 7, 28)]


def test_a_product_that_ends_early_shows_its_unbilled_rest() -> None:
    assert unbilled_rest(in_three("1000.00"), 1, 2) == D("666.67")
    assert unbilled_rest(in_three("1000.00"), 3, 2) == 0
    assert unbilled_rest(ProductTerms(ONCE, D(450)), 0, 2) == D(450)
    assert unbilled_rest(ProductTerms(RECURRING, D(99)), 3, 2) == 0


def test_small_totals_leave_the_remainder_to_the_last() -> None:
    assert instalments(D("0.05"), 24, 2) == (*[D(0)] * 23, D("0.05"))
    assert instalments(D("0.23"), 24, 2)[-1] == D("0.23")
    assert instalments(D(1000), 3, 0) == (D(333), D(333), D(334))


@pytest.mark.parametrize("count", [-1, 0, 1, 25])
def test_instalments_are_2_to_24(count: int) -> None:
    for act in (
        lambda: instalments(D(100), count, 2),
        lambda: ProductTerms(ProductBilling.INSTALMENTS, D(100), count),
    ):
        with pytest.raises(RuleError) as refused:
            act()
        assert refused.value.code == ErrorCode.INSTALMENTS_OUT_OF_RANGE


def test_bad_terms_are_refused() -> None:
    for act, code in (
        (lambda: instalments(D(-1), 3, 2), ErrorCode.AMOUNT_NEGATIVE),
        (lambda: instalments(D("0.001"), 3, 2), ErrorCode.AMOUNT_TOO_FINE),
        (lambda: ProductTerms(ONCE, D(-1)), ErrorCode.AMOUNT_NEGATIVE),
        (
            lambda: ProductTerms(ONCE, D(1), starts=date(2026, 7, 2), ends=date(2026, 7, 1)),
            ErrorCode.PERIOD_REVERSED,
        ),
    ):
        with pytest.raises(RuleError) as refused:
            act()
        assert refused.value.code == code


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**8), st.integers(2, 24), st.sampled_from([0, 2, 3]))
def test_i12_instalments_add_up_and_none_is_negative(units: int, count: int, digits: int) -> None:
    total = D(units).scaleb(-digits)
    parts = instalments(total, count, digits)
    assert len(parts) == count
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)
    assert len(set(parts[:-1])) == 1 and parts[-1] >= parts[0]


def test_a_prorated_product_costs_the_days_since_it_began() -> None:
    august = Period(date(2026, 8, 1), date(2026, 8, 31))
    part = Period(date(2026, 8, 11), date(2026, 8, 31))

    def cost(days: Period, starts: date | None) -> D:
        return product_days(D(310), days, august, starts, 2)

    assert cost(august, None) == cost(august, date(2026, 7, 15)) == 310
    assert cost(part, None) == 210
    assert cost(august, date(2026, 8, 31)) == 10
    assert cost(part, date(2026, 8, 21)) == 110
    assert cost(part, date(2026, 9, 5)) == 0


def test_each_way_of_charging_says_why_in_its_own_words() -> None:
    terms = [
        ProductTerms(ProductBilling.RECURRING, D(10)),
        ProductTerms(ProductBilling.ONCE, D(10)),
        ProductTerms(ProductBilling.INSTALMENTS, D(10), 3),
    ]
    reasons = []
    for each in terms:
        charge = product_charge(each, date(2026, 7, 1), 0, 2)
        assert charge is not None
        reasons.append(explain_charge(charge, each))
    assert [reason.rule for reason in reasons] == ["PRD-1", "PRD-2", "PRD-3"]
    assert reasons[2].params == {"amount": D("3.33"), "price": D(10), "number": 1, "of": 3}
    days = Period(date(2026, 7, 1), date(2026, 7, 10))
    july = Period(date(2026, 7, 1), date(2026, 7, 31))
    told = explain_days(D(310), days, july, D(100))
    assert (told.params["days"], told.params["cycle_days"]) == (10, 31)
