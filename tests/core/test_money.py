"""Money is exact, rounds half up and never mixes currencies."""

import decimal
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core import money
from caudal.core.errors import ErrorCode, RuleError, require_range
from caudal.core.money import (
    CurrencyMismatch,
    Money,
    minor_digits,
    require_not_negative,
    require_positive,
    require_scale,
    round_half_up,
    set_minor_digits,
    written,
)

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@pytest.mark.parametrize(
    ("amount", "digits", "rounded"),
    [
        ("2.345", 2, "2.35"),
        ("2.344999", 2, "2.34"),
        ("-2.345", 2, "-2.35"),
        ("0.5", 0, "1"),
        ("1.0005", 3, "1.001"),
        ("123456789012345678901234567890.125", 2, "123456789012345678901234567890.13"),
    ],
)
def test_ties_go_away_from_zero(amount: str, digits: int, rounded: str) -> None:
    assert str(round_half_up(D(amount), digits)) == rounded


def test_rounding_ignores_the_context_of_the_thread() -> None:
    with decimal.localcontext() as context:
        context.prec = 3
        context.rounding = decimal.ROUND_DOWN
        assert round_half_up(D("12345.675"), 2) == D("12345.68")


def test_each_currency_has_its_own_decimals() -> None:
    known = {code: minor_digits(code) for code in ("MXN", "USD", "CLP", "PYG", "KWD", "COP")}
    assert known == {"MXN": 2, "USD": 2, "CLP": 0, "PYG": 0, "KWD": 3, "COP": 2}


def test_an_installation_may_count_without_cents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(money, "_digits", dict(money.MINOR_DIGITS))
    set_minor_digits({"COP": 0})
    assert (minor_digits("COP"), minor_digits("MXN")) == (0, 2)
    assert Money(D("64999.5"), "COP").rounded() == Money(D("65000"), "COP")
    assert written(D("65000"), "COP") == "65000"


@pytest.mark.parametrize("wrong", [{"XXY": 2}, {"COP": 5}, {"COP": -1}])
def test_decimals_that_cannot_be_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(RuleError):
        set_minor_digits(wrong)
    assert minor_digits("COP") == 2


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        minor_digits("XXY")
    assert refused.value.code == ErrorCode.CURRENCY_UNKNOWN
    assert refused.value.params == {"currency": "XXY"}
    assert str(refused.value) == "currency-unknown (currency=XXY)"


@pytest.mark.parametrize("code", ["mxn", "PESO", "", "M€N", "123"])
def test_money_needs_a_currency_code(code: str) -> None:
    with pytest.raises(RuleError):
        Money(D(1), code)


@pytest.mark.parametrize("amount", [1.5, 1, "1", None])
def test_only_decimals_are_money(amount: Any) -> None:
    with pytest.raises(RuleError) as refused:
        Money(amount, "MXN")
    assert refused.value.code == ErrorCode.AMOUNT_NOT_DECIMAL


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_money_is_finite(amount: str) -> None:
    with pytest.raises(RuleError) as refused:
        Money(D(amount), "MXN")
    assert refused.value.code == ErrorCode.AMOUNT_NOT_FINITE


def test_arithmetic_stays_in_the_currency() -> None:
    ten, three = Money(D("10.00"), "MXN"), Money(D("3.50"), "MXN")
    assert ten + three == Money(D("13.50"), "MXN")
    assert ten - three == Money(D("6.50"), "MXN")
    assert three - ten == -Money(D("6.50"), "MXN")
    assert abs(three - ten) == Money(D("6.50"), "MXN")
    assert ten * 3 == 3 * ten == ten * D(3) == Money(D("30.00"), "MXN")
    assert Money.total([ten, three, three], "MXN") == Money(D("17.00"), "MXN")
    assert Money.total([], "CLP") == Money.zero("CLP")
    assert str(ten) == "10.00 MXN"


def test_money_compares() -> None:
    small, large = Money(D(1), "MXN"), Money(D(2), "MXN")
    assert small < large and small <= large and large > small and large >= small
    assert not small > small and not small < small and small >= small and small <= small
    assert small and not Money.zero("MXN")
    assert small == Money(D("1.00"), "MXN") and small != Money(D(1), "USD")
    assert len({small, Money(D("1.00"), "MXN")}) == 1


def test_money_rounds_to_its_currency() -> None:
    assert Money(D("10.005"), "MXN").rounded() == Money(D("10.01"), "MXN")
    assert Money(D("990.5"), "CLP").rounded() == Money(D("991"), "CLP")
    assert Money(D("990.5"), "COP").rounded(0) == Money(D("991"), "COP")


def test_currencies_do_not_mix() -> None:
    pesos, dollars = Money(D(1), "MXN"), Money(D(1), "USD")
    for mixed in (
        lambda: pesos + dollars,
        lambda: pesos - dollars,
        lambda: pesos < dollars,
        lambda: pesos <= dollars,
        lambda: pesos > dollars,
        lambda: pesos >= dollars,
    ):
        with pytest.raises(CurrencyMismatch) as refused:
            mixed()
        assert refused.value.params == {"left": "MXN", "right": "USD"}


def test_a_float_factor_is_refused() -> None:
    factor: Any = 0.5
    with pytest.raises(RuleError):
        Money(D(1), "MXN") * factor


def test_refusals_carry_code_and_values() -> None:
    for act, code in (
        (lambda: require_positive(D(0)), ErrorCode.AMOUNT_NOT_POSITIVE),
        (lambda: require_positive(D(-1)), ErrorCode.AMOUNT_NOT_POSITIVE),
        (lambda: require_not_negative(D("-0.01")), ErrorCode.AMOUNT_NEGATIVE),
        (lambda: require_scale(D("0.001"), 2), ErrorCode.AMOUNT_TOO_FINE),
        (lambda: require_range(32, 1, 31, ErrorCode.DAYS_OUT_OF_RANGE), "days-out-of-range"),
    ):
        with pytest.raises(RuleError) as refused:
            act()
        assert refused.value.code == code
    assert require_positive(D("0.01")) == D("0.01")
    assert require_not_negative(D(0)) == D(0)
    assert require_scale(D("1.500"), 2) == D("1.5")
    assert str(RuleError("bare")) == "bare"


@settings(max_examples=50, deadline=None)
@given(amounts, amounts, st.integers(0, 3))
def test_adding_then_taking_away_changes_nothing(left: D, right: D, digits: int) -> None:
    a, b = Money(left, "MXN"), Money(right, "MXN")
    assert a + b - b == a
    assert abs(round_half_up(left, digits) - left) <= D(1).scaleb(-digits) / 2


def test_amounts_are_written_with_the_decimals_of_their_currency() -> None:
    assert written(D("420.0000"), "MXN") == "420.00"
    assert written(D("420.0000"), "CLP") == "420"
