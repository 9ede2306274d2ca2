"""Cells as people and spreadsheets write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.core import cells
from caudal.core.cells import CellError, Fault, Offer, State


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$ 1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567", "1234567"),
        ("1.234", "1234"),
        ("0.123", "0.12"),
        ("1234.5", "1234.50"),
        ("1,5", "1.50"),
        (".5", "0.50"),
        ("250.", "250"),
        ("250 pesos", "250"),
        ("Bs.250", "250"),
        ("S/ 1,500.00", "1500"),
        ("$250.00 MXN", "250"),
        ("(250)", "-250"),
        ("-$ 250", "-250"),
        ("$-250.00", "-250"),
        ("250-", "-250"),
        ("\u2212250.00", "-250"),
        ("\u2013$ 250", "-250"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1500.000", "1500"),
    ],
)
def test_amounts(text: str, amount: str) -> None:
    assert cells.read_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "abc", "12.5.3", "1,23,4", "1e5", "9" * 14, "10 de 250"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(CellError) as refused:
        cells.read_amount(text)
    assert refused.value.fault is Fault.AMOUNT


@given(st.decimals(0, 10**8, places=2))
def test_amounts_are_read_alike_in_both_fashions(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    spanish = english.translate(str.maketrans(",.", ".,"))
    assert cells.read_amount(f"$ {english}") == amount
    assert cells.read_amount(spanish) == amount


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2024", date(2024, 12, 31)),
        ("01-02-2024 10:30", date(2024, 2, 1)),
        ("15/07/24", date(2024, 7, 15)),
        ("2024-12-31T00:00:00", date(2024, 12, 31)),
        ("15 de julio de 2024", date(2024, 7, 15)),
        ("15-jul-24", date(2024, 7, 15)),
        ("45657", date(2024, 12, 31)),
        ("45657.5", date(2024, 12, 31)),
    ],
)
def test_dates(text: str, day: date) -> None:
    assert cells.read_date(text) == day


def test_a_column_of_the_united_states_is_read_month_first() -> None:
    column = ["08/30/2021 17:33:38", "01/02/2021"]
    assert cells.month_first(column)
    assert cells.read_date(column[1], month_first=True) == date(2021, 1, 2)
    assert not cells.month_first(["01/02/2021"])
    assert not cells.month_first(["30/08/2021", "08/30/2021", "sin fecha"])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("31/02/2024", Fault.NO_SUCH_DATE),
        ("01/01/1850", Fault.NO_SUCH_DATE),
        ("hoy", Fault.DATE),
        ("julio", Fault.DATE),
        ("99999", Fault.DATE),
    ],
)
def test_what_is_no_date_is_refused(text: str, fault: Fault) -> None:
    with pytest.raises(CellError) as refused:
        cells.read_date(text)
    assert refused.value.fault is fault


@pytest.mark.parametrize(("text", "day"), [("5", 5), ("día 05", 5), ("5.0", 5), ("28/07/2024", 28)])
def test_days_of_the_month(text: str, day: int) -> None:
    assert cells.read_day(text) == day


@pytest.mark.parametrize("text", ["0", "32", "quincena"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        cells.read_day(text)


def test_yes_and_no() -> None:
    assert cells.read_yes("Sí") and not cells.read_yes("FALSE")
    with pytest.raises(CellError):
        cells.read_yes("tal vez")


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("5512345678.0", "5512345678"),
        ("5.512345678E+09", "5512345678"),
        ("55 1234 5678 / 5587654321", "55 1234 5678; 5587654321"),
        ("5512345678; 5587654321", "5512345678; 5587654321"),
    ],
)
def test_phones_that_a_spreadsheet_mangled(text: str, phones: str) -> None:
    assert cells.read_phone_digits(text) == phones


@pytest.mark.parametrize("text", ["5.51E+09", "5.5123E9", "5E9"])
def test_a_phone_that_lost_digits_is_not_invented(text: str) -> None:
    with pytest.raises(CellError) as refused:
        cells.read_phone_digits(text)
    assert refused.value.fault is Fault.DIGITS_LOST


def test_addresses() -> None:
    assert cells.read_ip(" 10.0.0.5/32 ") == "10.0.0.5"
    assert cells.read_ip("10.0.0.5:8291") == "10.0.0.5"
    assert cells.read_ip("2001:DB8::1") == "2001:db8::1"
    with pytest.raises(CellError):
        cells.read_ip("10.0.0")
    assert cells.read_mac("dc2c.6e01.02ff") == "DC:2C:6E:01:02:FF"
    with pytest.raises(CellError):
        cells.read_mac("DC:2C")


def test_degrees() -> None:
    assert cells.read_degrees("-99,1332") == Decimal("-99.1332")
    for text in ("lejos", "400", "NaN"):
        with pytest.raises(CellError):
            cells.read_degrees(text)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Activo", State.ACTIVE),
        ("SUSPENDIDO", State.SUSPENDED),
        ("Cancelado por el cliente", State.CANCELLED),
        ("De baja", State.CANCELLED),
        ("Por instalar", State.PENDING),
        ("Gratis", State.FREE),
    ],
)
def test_states(text: str, state: State) -> None:
    assert cells.read_state(text) is state


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(CellError):
        cells.read_state("Congelado")


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("Básico 10Mb / $250", Offer(10_000, 10_000, Decimal(250))),
        ("PLAN 20M/5M", Offer(20_000, 5_000)),
        ("5M/20M", Offer(20_000, 5_000)),
        ("10/50 Mbps", Offer(50_000, 10_000)),
        ("512k/2M", Offer(2_000, 512)),
        ("Plan 100 Megas", Offer(100_000, 100_000)),
        ("1 Giga $1,200", Offer(1_000_000, 1_000_000, Decimal(1200))),
        ("Antena 5GHz 10M", Offer(10_000, 10_000)),
        ("Plan 4 mil", Offer()),
        ("Residencial", Offer()),
    ],
)
def test_what_the_name_of_a_plan_tells(text: str, offer: Offer) -> None:
    assert cells.read_offer(text) == offer


@pytest.mark.parametrize("text", ["", "-", "N/A", "NULL", "0000-00-00"])
def test_what_systems_write_for_nothing(text: str) -> None:
    assert cells.is_empty(text)


READERS = (
    cells.read_amount, cells.read_date, cells.read_day, cells.read_yes, cells.read_phone_digits,
    cells.read_ip, cells.read_mac, cells.read_degrees, cells.read_state, cells.read_offer,
)  # fmt: skip


@given(st.text(max_size=60))
def test_no_reader_fails_in_any_other_way(text: str) -> None:
    for read in READERS:
        try:
            read(text)
        except CellError as error:
            assert str(error)


@pytest.mark.parametrize(
    ("cell", "is_broken"),
    [("#REF!", True), (" #n/a ", True), ("Err:502", True), ("Err:50", False), ("Ana", False)],
)
def test_a_formula_that_failed_is_known(cell, is_broken):
    assert cells.is_broken(cell) is is_broken


@pytest.mark.parametrize(
    ("text", "is_number"),
    [
        ("1250.50", True), ("-3", True), ("+.5", True), ("250.", True), ("1_000", False),
        ("1e3", False), ("１２", False), ("٣", False), ("1,5", False), (".", False), ("", False),
    ],
)  # fmt: skip
def test_numbers_as_programs_write_them(text: str, is_number: bool) -> None:
    assert cells.is_plain(text) is is_number


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (" A-102 ", "A-102"), ("001234", "001234"), ("1234.0", "1234"), ("1234,00", "1234"),
        ("1234.50", "1234.50"), ("1.2345E+4", "12345"), ("1,2345E+4", "12345"),
        ("1.23450E+4", "12345"), ("1.23456E+4", "1.23456E+4"), ("2E+0", "2"),
    ],
)  # fmt: skip
def test_keys_of_which_a_spreadsheet_made_numbers(text: str, key: str) -> None:
    assert cells.read_key(text) == key


def test_a_key_that_lost_digits_is_not_invented() -> None:
    with pytest.raises(CellError) as refused:
        cells.read_key("1.23E+10")
    assert refused.value.fault is Fault.DIGITS_LOST
