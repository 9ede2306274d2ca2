"""Amounts, speeds and refusals as people read them."""

from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from caudal.core.errors import ErrorCode, RuleError
from caudal.web.errors import add_to_form, explain
from caudal.web.forms import shortest
from caudal.web.money import format_money
from caudal.web.speeds import format_kbps, parse_kbps
from caudal.web.templatetags.caudal import badge, initials


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1234.5", "MXN", "$1,234.50"),
        ("-0.005", "MXN", "-$0.01"),
        ("0", "PEN", "S/\xa00.00"),
        ("1234567.5", "ARS", "$1.234.567,50"),
        ("25000", "CLP", "$25.000"),
        ("10", "USD", "US$ 10.00"),
        ("7", "XXX", "XXX 7.00"),
    ],
)
def test_amounts_are_written_as_in_their_country(amount: str, currency: str, shown: str) -> None:
    assert format_money(Decimal(amount), currency) == shown


def test_no_amount_is_a_dash() -> None:
    assert format_money(None, "MXN") == "–"


@pytest.mark.parametrize(
    ("typed", "kbps"),
    [("10M", 10_000), ("512k", 512), ("1G", 1_000_000), ("1.5 Mbps", 1_500), ("2048", 2_048),
     ("10 mbit/s", 10_000), ("0,5m", 500)],
)  # fmt: skip
def test_speeds_are_read_as_people_type_them(typed: str, kbps: int) -> None:
    assert parse_kbps(typed) == kbps


@pytest.mark.parametrize("typed", ["", "fast", "10X", "-5M", "1.5k", "10M/2M", "99999999999"])
def test_what_is_no_speed_is_refused(typed: str) -> None:
    with pytest.raises(RuleError):
        parse_kbps(typed)


@pytest.mark.parametrize("kbps", [1, 512, 1_500, 10_000, 1_000_000, 2_500_000, 999_999])
def test_a_speed_shown_reads_back_as_itself(kbps: int) -> None:
    assert parse_kbps(format_kbps(kbps)) == kbps


def test_every_refusal_of_the_rules_has_a_sentence() -> None:
    with translation.override("en"):
        silent = [
            str(c) for c in ErrorCode if explain(RuleError(c)) == f"That cannot be done ({c})."
        ]
    assert silent == []


class AmountForm(forms.Form):
    amount = forms.DecimalField(required=False)


def test_a_refusal_stands_beside_its_field_or_above_the_form() -> None:
    form = AmountForm({})
    add_to_form(form, RuleError(ErrorCode.AMOUNT_NOT_POSITIVE, field="amount"))
    add_to_form(form, RuleError("nobody-knows", field="other"))
    assert list(form.errors) == ["amount", "__all__"]


def test_badges_and_cells_escape_what_they_show() -> None:
    assert "<b>" not in badge("active", "<b>")
    shown = Template("{% load caudal %}{% cell row column %}")
    from caudal.web.table import Column

    class Row:
        name = "<script>"

    assert shown.render(Context({"row": Row(), "column": Column("name", "x")})) == "&lt;script&gt;"


@pytest.mark.parametrize(
    ("name", "two"), [("Ana María Peña", "AP"), ("ana", "A"), ("", "?"), ("··· x", "X")]
)
def test_initials(name: str, two: str) -> None:
    assert initials(name) == two


@pytest.mark.parametrize(
    ("kept", "written"),
    [("250.0000", "250.00"), ("0.0000", "0.00"), ("1.2500", "1.25"), ("19.158800", "19.1588")],
)
def test_forms_write_numbers_as_people_do(kept: str, written: str) -> None:
    assert str(shortest(Decimal(kept))) == written
