"""The exported file, brought back as it is or as a spreadsheet left it, changes nothing."""

import csv
import io

import pytest

from caudal.apps.customers import actions as customers
from caudal.apps.customers.contacts import as_contacts
from caudal.apps.customers.models import Customer
from caudal.apps.desk.tests.many import TEST
from caudal.apps.updates.models import UpdateRow
from caudal.apps.updates.tests.conftest import Desk, changes, problems, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def hard(people: list[Customer], desk: Desk) -> Customer:
    """Somebody with all that files find hard."""
    data = {
        "name": "=Ñandú, “S.A.”; hijos", "notes": "una línea\notra; con \"comillas\"\t",
        "address": "-5 S/N", "document_number": "00123456789012345678", "postal_code": "01000",
        "latitude": "-12.046374", "longitude": "-77.042793", "contract_expires_on": "2027-02-01",
        "may_be_cut": False, "antenna_password": "secreto", "extra_1": "N/A", "city": "  ",
        "medium": "fibre",
    }  # fmt: skip
    contacts = as_contacts(["+525512345678", "+525587654321"], ["a@x.example"])
    customers.edit_customer(
        actor=TEST, now=desk.now, customer=people[0], data=data, contacts=contacts
    )
    customers.set_payment_day(actor=TEST, now=desk.now, customer=people[0], payment_day=17)
    return people[0]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_exported_file_as_it_is_changes_nothing(hard: Customer, desk: Desk, kind: str) -> None:
    update = desk.bring(desk.file(kind))
    assert (problems(update), changes(update)) == ({}, {})
    assert update.rows.filter(outcome=UpdateRow.Outcome.SAME).count() == 4
    update = desk.bring(desk.file(kind), empties=True)
    assert (problems(update), changes(update)) == ({}, {})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators_make_no_difference(
    hard: Customer, desk: Desk, encoding: str, separator: str
) -> None:
    rows = desk.exported()
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    update = desk.bring(text.getvalue().encode(encoding))
    assert (problems(update), changes(update)) == ({}, {})
    assert update.separator == separator


def test_what_spreadsheets_do_to_numbers_is_no_change(hard: Customer, desk: Desk) -> None:
    (row, *_others) = desk.exported(Customer.objects.filter(pk=hard.pk))
    mangled = {
        "Código": row["Código"].lstrip("0"),
        "Número de documento": "1.23456789012346E+17",
        "Código postal": "1000",
        "Teléfonos": "525512345678; 5.25588E+11",
        "Latitud": "-12,046374",
        "Vence el contrato": "46419",
        "Precio": "250",
        "Día de pago": "17.0",
    }
    update = desk.bring([{key: mangled.get(key, row[key]) for key in row}])
    assert (problems(update), changes(update)) == ({}, {})


def test_titles_above_the_header_empty_rows_and_unknown_columns_are_told_apart(
    people: list[Customer], desk: Desk
) -> None:
    file = (
        "Clientes de julio,,,\n,,,\n"
        "Código,Ciudad,Color favorito,Saldo\n"
        f"{people[0].code},Puebla,azul,9\n,,,\n{people[1].code},,verde,8\n"
    )
    update = desk.bring(file)
    assert update.mapping == ["code", "city", "", ""]
    assert changes(update) == {4: [["city", "", "Puebla"]]}
    assert update.total == 2


def test_an_empty_cell_empties_only_where_that_was_asked(
    people: list[Customer], desk: Desk
) -> None:
    Customer.objects.filter(pk=people[0].pk).update(city="Puebla")
    file = written([{"code": people[0].code, "city": "", "zone": ""}])
    assert changes(desk.bring(file)) == {}
    update = desk.bring(file, empties=True)
    assert "vac" in problems(update)[2] or "empty" in problems(update)[2]
    file = written([{"code": people[0].code, "city": ""}])
    assert changes(desk.bring(file, empties=True)) == {2: [["city", "Puebla", ""]]}
