"""Taxes add up by line, by rate and by document, in every mode."""

from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import ZERO, round_half_up
from caudal.core.taxes import (
    TaxableLine,
    TaxedDocument,
    TaxMode,
    TaxRate,
    TaxRounding,
    spread,
    tax_document,
)

IVA = TaxRate("IVA", D("0.16"))
IEPS = TaxRate("IEPS", D("0.03"))
ZERO_RATE = TaxRate("IVA 0", D(0))


def line(amount: str, *rates: TaxRate) -> TaxableLine:
    return TaxableLine(D(amount), rates)


def test_a_percentage_is_a_fraction() -> None:
    assert TaxRate.percent("IVA", D(16)) == IVA
    assert TaxRate.percent("IGV", D("10.5")).rate == D("0.105")


@pytest.mark.parametrize("rate", ["-0.01", "1.01", "16"])
def test_a_rate_beyond_0_to_1_is_refused(rate: str) -> None:
    with pytest.raises(RuleError) as refused:
        TaxRate("IVA", D(rate))
    assert refused.value.code == ErrorCode.TAX_RATE_OUT_OF_RANGE
    assert refused.value.params["tax"] == "IVA"


def test_one_tax_twice_on_a_line_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        line("1.00", IVA, IVA)
    assert refused.value.code == ErrorCode.TAX_REPEATED


def test_a_line_finer_than_the_currency_is_refused() -> None:
    for amount, digits in (("10.005", 2), ("10.50", 0)):
        with pytest.raises(RuleError) as refused:
            tax_document([line(amount, IVA)], TaxMode.ADDED, digits)
        assert refused.value.code == ErrorCode.AMOUNT_TOO_FINE


def test_mode_none_forgets_the_rates() -> None:
    document = tax_document([line("250.00", IVA)], TaxMode.NONE, 2)
    assert (document.rows, document.tax, document.total) == ((), ZERO, D("250.00"))


def test_an_empty_document_is_zero() -> None:
    for mode in TaxMode:
        document = tax_document([], mode, 2)
        assert (document.lines, document.rows, document.total) == ((), (), ZERO)


def test_one_row_per_rate_in_order_of_use() -> None:
    document = tax_document(
        [line("100.00", IVA, IEPS), line("50.00", IVA), line("10.00"), line("5.00", ZERO_RATE)],
        TaxMode.ADDED,
        2,
    )
    assert [(row.rate, row.base, row.tax) for row in document.rows] == [
        (IVA, D("150.00"), D("24.00")),
        (IEPS, D("100.00"), D("3.00")),
        (ZERO_RATE, D("5.00"), ZERO),
    ]
    assert (document.net, document.tax, document.total) == (D("165.00"), D("27.00"), D("192.00"))
    assert [tax.rate for tax in document.lines[0].taxes] == [IVA, IEPS]


def test_line_taxes_keep_the_order_of_the_line() -> None:
    document = tax_document([line("50.00", IVA), line("100.00", IEPS, IVA)], TaxMode.ADDED, 2)
    assert [tax.rate for tax in document.lines[1].taxes] == [IEPS, IVA]


def test_included_taxes_on_one_base_share_their_sum() -> None:
    document = tax_document([line("119.00", IVA, IEPS)], TaxMode.INCLUDED, 2)
    assert (document.net, document.total) == (D("100.00"), D("119.00"))
    assert [tax.amount for tax in document.lines[0].taxes] == [D("16.00"), D("3.00")]
    odd = tax_document([line("100.00", IVA, IEPS)], TaxMode.INCLUDED, 2)
    assert odd.net == D("84.03")
    assert [tax.amount for tax in odd.lines[0].taxes] == [D("13.44"), D("2.53")]
    assert [tax.rate for tax in odd.lines[0].taxes] == [IVA, IEPS]
    assert [row.rate for row in odd.rows] == [IVA, IEPS]


def test_included_tax_is_taken_once_from_the_whole_document() -> None:
    three = [line("33.33", IVA)] * 3
    document = tax_document(three, TaxMode.INCLUDED, 2)
    assert (document.net, document.tax, document.total) == (D("86.20"), D("13.79"), D("99.99"))
    assert [done.net for done in document.lines] == [D("28.73"), D("28.73"), D("28.74")]
    per_line = tax_document(three, TaxMode.INCLUDED, 2, TaxRounding.PER_LINE)
    assert (per_line.net, per_line.tax, per_line.total) == (D("86.19"), D("13.80"), D("99.99"))


def test_several_included_rates_are_each_rounded_over_the_document() -> None:
    two = [line("0.05", IVA, IEPS)] * 2
    document = tax_document(two, TaxMode.INCLUDED, 2)
    per_line = tax_document(two, TaxMode.INCLUDED, 2, TaxRounding.PER_LINE)
    assert [row.tax for row in document.rows] == [D("0.01"), D("0.01")]
    assert [row.tax for row in per_line.rows] == [D("0.02"), ZERO]


def test_included_lines_without_tax_keep_their_amount_and_place() -> None:
    document = tax_document(
        [line("116.00", IVA), line("7.00"), line("58.00", IVA)], TaxMode.INCLUDED, 2
    )
    assert [done.total for done in document.lines] == [D("116.00"), D("7.00"), D("58.00")]
    assert document.lines[1].net == D("7.00")


def test_tiny_included_amounts_never_bear_negative_tax() -> None:
    thirds = tuple(TaxRate(code, D("0.2")) for code in "abc")
    for rounding in TaxRounding:
        document = tax_document([line("0.04", *thirds)], TaxMode.INCLUDED, 2, rounding)
        assert [tax.amount for tax in document.lines[0].taxes] == [D("0.01"), ZERO, ZERO]


def test_a_credit_line_bears_negative_tax() -> None:
    document = tax_document([line("500.00", IVA), line("-203.23", IVA)], TaxMode.ADDED, 2)
    assert (document.net, document.tax, document.total) == (
        D("296.77"),
        D("47.48"),
        D("344.25"),
    )
    included = tax_document(
        [line("-0.04", *(TaxRate(c, D("0.2")) for c in "abc"))], TaxMode.INCLUDED, 2
    )
    assert [tax.amount for tax in included.lines[0].taxes] == [D("-0.01"), ZERO, ZERO]


def test_pesos_without_cents_are_taxed_in_whole_pesos() -> None:
    document = tax_document([line("19990", TaxRate("IVA", D("0.19")))], TaxMode.INCLUDED, 0)
    assert (document.net, document.tax) == (D(16798), D(3192))


def test_many_small_lines_share_a_large_difference_without_changing_sign() -> None:
    document = tax_document([line("0.04", IVA)] * 100, TaxMode.ADDED, 2)
    taxes = [done.tax for done in document.lines]
    assert document.tax == D("0.64")
    assert taxes == [D("0.01")] * 64 + [ZERO] * 36


def test_the_last_share_takes_the_cent() -> None:
    shares, limits = [D("5.33")] * 3, [D("33.33")] * 3
    assert spread(D("16.00"), shares, limits, 2) == [D("5.33"), D("5.33"), D("5.34")]
    assert spread(D("16.01"), shares, limits, 2) == [D("5.33"), D("5.34"), D("5.34")]
    assert spread(D("15.99"), shares, limits, 2) == shares
    negative = spread(D("-16.00"), [-s for s in shares], [-limit for limit in limits], 2)
    assert negative[-1] == D("-5.34")
    without_tax = spread(D("16.00"), [*shares, ZERO], [*limits, ZERO], 2)
    assert without_tax[2:] == [D("5.34"), ZERO]
    assert spread(D("0.08"), [ZERO] * 3, [D("0.03")] * 3, 2) == [D("0.02"), D("0.03"), D("0.03")]


def test_shares_without_room_for_the_total_are_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        spread(D("0.10"), [ZERO] * 3, [D("0.03")] * 3, 2)


def test_no_included_line_is_worth_more_before_tax_than_after() -> None:
    document = tax_document([line("0.04", IVA)] * 100, TaxMode.INCLUDED, 2)
    assert (document.net, document.total) == (D("3.45"), D("4.00"))
    assert {done.net for done in document.lines} == {D("0.03"), D("0.04")}


rates = st.sampled_from(
    [(), (IVA,), (IEPS,), (IVA, IEPS), (ZERO_RATE, IVA), (TaxRate("X", D("0.105")), IEPS, IVA)]
)
cents = st.integers(0, 10**6).map(lambda n: D(n).scaleb(-2))
lines = st.lists(
    st.builds(TaxableLine, cents | st.integers(0, 9).map(lambda n: D(n).scaleb(-2)), rates),
    max_size=8,
)


def check_sums(document: TaxedDocument) -> None:
    assert document.net + document.tax == document.total
    assert sum((d.total for d in document.lines), ZERO) == document.total
    assert sum((row.tax for row in document.rows), ZERO) == document.tax
    for done in document.lines:
        assert done.net + done.tax == done.total
    for row in document.rows:
        own = [t.amount for d in document.lines for t in d.taxes if t.rate == row.rate]
        assert sum(own, ZERO) == row.tax


@settings(max_examples=60, deadline=None)
@given(lines, st.sampled_from(TaxMode), st.sampled_from(TaxRounding))
def test_i11_everything_adds_up(
    given_lines: list[TaxableLine], mode: TaxMode, rounding: TaxRounding
) -> None:
    document = tax_document(given_lines, mode, 2, rounding)
    check_sums(document)
    entered = [one.amount for one in given_lines]
    assert all(d.net >= 0 for d in document.lines)
    if mode is TaxMode.INCLUDED:
        assert [d.total for d in document.lines] == entered
    else:
        assert [d.net for d in document.lines] == entered
    assert all(t.amount >= 0 for d in document.lines for t in d.taxes)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(TaxableLine, st.integers(-99, 99).map(lambda n: D(n).scaleb(-2)), rates),
        max_size=8,
    ),
    st.sampled_from(TaxMode),
    st.sampled_from(TaxRounding),
)
def test_i11_credit_lines_add_up_too(
    given_lines: list[TaxableLine], mode: TaxMode, rounding: TaxRounding
) -> None:
    document = tax_document(given_lines, mode, 2, rounding)
    check_sums(document)
    for entered, done in zip(given_lines, document.lines, strict=True):
        assert all(t.amount * entered.amount >= 0 for t in done.taxes)


@settings(max_examples=40, deadline=None)
@given(lines)
def test_i11_added_tax_is_rounded_once_per_rate(given_lines: list[TaxableLine]) -> None:
    for row in tax_document(given_lines, TaxMode.ADDED, 2).rows:
        base = sum((one.amount for one in given_lines if row.rate in one.rates), ZERO)
        assert (row.base, row.tax) == (base, round_half_up(base * row.rate.rate, 2))


@settings(max_examples=40, deadline=None)
@given(st.integers(-(10**6), 10**6), st.sampled_from(TaxRounding))
def test_i11_included_tax_of_one_line_is_gross_less_rounded_net(
    n: int, rounding: TaxRounding
) -> None:
    gross = D(n).scaleb(-2)
    document = tax_document([TaxableLine(gross, (IVA,))], TaxMode.INCLUDED, 2, rounding)
    assert document.net == round_half_up(gross / D("1.16"), 2)
    assert document.tax == gross - document.net
