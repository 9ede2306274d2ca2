"""Amounts are written out as the countries print them."""

from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import minor_digits
from caudal.core.words import CURRENCY_WORDS, LARGEST, amount_in_words, number_in_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "CERO"),
        (1, "UNO"),
        (15, "QUINCE"),
        (16, "DIECISÉIS"),
        (21, "VEINTIUNO"),
        (22, "VEINTIDÓS"),
        (30, "TREINTA"),
        (31, "TREINTA Y UNO"),
        (99, "NOVENTA Y NUEVE"),
        (100, "CIEN"),
        (101, "CIENTO UNO"),
        (500, "QUINIENTOS"),
        (777, "SETECIENTOS SETENTA Y SIETE"),
        (1000, "MIL"),
        (1001, "MIL UNO"),
        (21000, "VEINTIÚN MIL"),
        (31000, "TREINTA Y UN MIL"),
        (100000, "CIEN MIL"),
        (101101, "CIENTO UN MIL CIENTO UNO"),
        (999999, "NOVECIENTOS NOVENTA Y NUEVE MIL NOVECIENTOS NOVENTA Y NUEVE"),
        (1000000, "UN MILLÓN"),
        (1000001, "UN MILLÓN UNO"),
        (21000000, "VEINTIÚN MILLONES"),
        (1001000000, "MIL UN MILLONES"),
        (2000350000, "DOS MIL MILLONES TRESCIENTOS CINCUENTA MIL"),
        (10**12, "UN BILLÓN"),
    ],
)
def test_numbers_are_spelled_as_in_spanish(number: int, words: str) -> None:
    assert number_in_words(number) == words


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("300.00", "MXN", "TRESCIENTOS PESOS 00/100 M.N."),
        ("1", "MXN", "UN PESO 00/100 M.N."),
        ("21.05", "MXN", "VEINTIÚN PESOS 05/100 M.N."),
        ("0.50", "MXN", "CERO PESOS 50/100 M.N."),
        ("1000000", "MXN", "UN MILLÓN DE PESOS 00/100 M.N."),
        ("2500000.10", "MXN", "DOS MILLONES QUINIENTOS MIL PESOS 10/100 M.N."),
        ("1000000000000", "MXN", "UN BILLÓN DE PESOS 00/100 M.N."),
        ("290.00", "ARS", "DOSCIENTOS NOVENTA PESOS CON 00/100"),
        ("121.50", "PEN", "CIENTO VEINTIUNO Y 50/100 SOLES"),
        ("1.00", "PEN", "UNO Y 00/100 SOLES"),
        ("50000.00", "COP", "CINCUENTA MIL PESOS CON 00/100 M/CTE"),
        ("19990", "CLP", "DIECINUEVE MIL NOVECIENTOS NOVENTA PESOS"),
        ("150000", "PYG", "CIENTO CINCUENTA MIL GUARANÍES"),
        ("1", "PYG", "UN GUARANÍ"),
        ("31.25", "USD", "TREINTA Y UN DÓLARES CON 25/100"),
        ("1.00", "EUR", "UN EURO CON 00/100"),
    ],
)
def test_amounts_are_printed_as_in_their_country(amount: str, currency: str, words: str) -> None:
    assert amount_in_words(D(amount), currency) == words


def test_a_currency_without_cents_prints_none() -> None:
    assert amount_in_words(D(50000), "COP", digits=0) == "CINCUENTA MIL PESOS M/CTE"
    assert amount_in_words(D(300), "PEN", digits=0) == "TRESCIENTOS SOLES"


def test_thousandths_are_of_a_thousand() -> None:
    assert amount_in_words(D("1.005"), "USD", digits=3) == "UN DÓLAR CON 005/1000"


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("-1", "MXN", ErrorCode.AMOUNT_NEGATIVE),
        ("1.005", "MXN", ErrorCode.AMOUNT_TOO_FINE),
        ("1.50", "CLP", ErrorCode.AMOUNT_TOO_FINE),
        ("1000000000001", "MXN", ErrorCode.AMOUNT_TOO_LARGE),
        ("1", "JPY", ErrorCode.CURRENCY_UNKNOWN),
        ("1", "XXY", ErrorCode.CURRENCY_UNKNOWN),
    ],
)
def test_what_cannot_be_written_is_refused(amount: str, currency: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        amount_in_words(D(amount), currency)
    assert refused.value.code == code


def test_negative_numbers_have_no_words() -> None:
    with pytest.raises(RuleError):
        number_in_words(-1)


def test_every_currency_with_words_has_known_decimals() -> None:
    assert all(minor_digits(currency) in (0, 2) for currency in CURRENCY_WORDS)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, LARGEST - 1), st.integers(0, LARGEST - 1))
def test_different_numbers_have_different_words(one: int, other: int) -> None:
    assert (number_in_words(one) == number_in_words(other)) is (one == other)
    assert "  " not in number_in_words(one) and "UNO " not in number_in_words(one)
