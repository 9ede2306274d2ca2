"""Keys of which a spreadsheet has made numbers find whom they mean, and nobody else."""

import pytest

from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer
from caudal.apps.desk.tests.many import TEST
from caudal.apps.updates.tests.conftest import Desk, changes, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(people: list[Customer], desk: Desk) -> Customer:
    data = {
        "code": "001234", "document_number": "01.234.567", "rfid_card": "0007654321",
        "portal_user": "0099",
    }  # fmt: skip
    return customers.edit_customer(actor=TEST, now=desk.now, customer=people[0], data=data)


@pytest.mark.parametrize("cell", ["001234", "1234", "1234.0", "1234,00", " 1234 ", "1.234E+3"])
def test_a_code_is_found_whatever_a_spreadsheet_has_made_of_it(
    ana: Customer, desk: Desk, cell: str
) -> None:
    update = desk.bring([{"Código": cell, "Ciudad": "Puebla"}])
    assert (problems(update), set(changes(update))) == ({}, {2})
    assert update.rows.get().customer == ana


@pytest.mark.parametrize(
    ("column", "cell"),
    [("Número de documento", "1234567"), ("Número de documento", "1234567.0"),
     ("Tarjeta RFID", "7654321"), ("Usuario del portal", "99.0")],
)  # fmt: skip
def test_so_are_documents_cards_and_users(
    ana: Customer, desk: Desk, column: str, cell: str
) -> None:
    update = desk.bring([{column: cell, "Ciudad": "Puebla"}])
    assert problems(update) == {}
    assert update.rows.get().customer == ana


def test_a_number_that_may_be_two_codes_is_refused_and_both_are_named(
    ana: Customer, people: list[Customer], desk: Desk
) -> None:
    customers.edit_customer(actor=TEST, now=desk.now, customer=people[1], data={"code": "1234"})
    rows = [{"Código": cell, "Ciudad": "Puebla"} for cell in ("1234", "1234.0", "001234")]
    update = desk.bring(rows)
    told = problems(update)
    assert set(told) == {2, 3}
    assert "001234" in told[2] and "1234" in told[2]
    assert update.rows.get(line=4).customer == ana  # with its zeros it is as it was typed


def test_a_key_that_has_lost_digits_says_so(ana: Customer, desk: Desk) -> None:
    update = desk.bring([{"Código": "1.23457E+11", "Ciudad": "Puebla"}])
    assert "1.23457E+11" in problems(update)[2]


def test_thousands_of_a_number_are_not_taken_for_its_end(
    people: list[Customer], desk: Desk
) -> None:
    customers.edit_customer(actor=TEST, now=desk.now, customer=people[0], data={"code": "1"})
    update = desk.bring([{"Código": "1.000", "Ciudad": "Puebla"}])
    assert set(problems(update)) == {2}
