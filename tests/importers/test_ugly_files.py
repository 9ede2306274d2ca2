"""Tables as people really send them: each is read right, with the numbers of its own lines."""

import io
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from caudal.core.cells import CellError, read_amount, read_mac, read_phone_digits
from caudal.core.columns import propose
from caudal.core.ports.importer import Field
from caudal.integrations import manifest
from caudal.integrations.sheet import read_sheet

KNOWN = frozenset({"nombre", "telefono", "plan", "direccion", "codigo"})


def workbook(*sheets: list[list[object]]) -> bytes:
    """Each cell at its place; None leaves it untouched."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for rows in sheets:
            sheet = book.add_worksheet()
            for n, row in enumerate(rows):
                for at, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(n, at, cell, day)
                    elif cell is not None:
                        sheet.write(n, at, cell)
    return file.getvalue()


def test_lines_are_numbered_as_the_spreadsheet_does_and_empty_columns_go() -> None:
    rows: list[list[object]] = [
        [], [None, "Clientes de julio"], [],
        [None, "Nombre", None, "Teléfono", None, "Plan"],
        [None, "Eva", None, 5512345678, None, "10M"], [],
        [None, "Ana", None, 5587654321.0, None, None],
    ]  # fmt: skip
    sheet = read_sheet(workbook(rows), KNOWN)
    assert sheet.header == ("Nombre", "Teléfono", "Plan")
    assert [(line.number, line.cells) for line in sheet.lines] == [
        (5, ("Eva", "5512345678", "10M")), (7, ("Ana", "5587654321", ""))
    ]  # fmt: skip


def test_a_column_without_a_name_that_holds_something_stays() -> None:
    sheet = read_sheet(b"Nombre,,Plan,\nEva,,10M,\nAna,debe,5M,\n", KNOWN)
    assert sheet.header == ("Nombre", "Columna 2", "Plan")
    assert [line.cells for line in sheet.lines] == [("Eva", "", "10M"), ("Ana", "debe", "5M")]


def test_the_header_is_the_row_of_names_below_merged_groups() -> None:
    rows: list[list[object]] = [
        ["CLIENTE", None, "SERVICIO"], ["Nombre", "Dirección", "Plan"], ["Eva", "Calle 1", "10M"],
    ]  # fmt: skip
    assert read_sheet(workbook(rows), KNOWN).header == ("Nombre", "Dirección", "Plan")


def test_the_sheet_of_customers_is_found_beside_longer_ones() -> None:
    codes: list[list[object]] = [["CP", "Colonia"], *[[n, f"Colonia {n}"] for n in range(90)]]
    people: list[list[object]] = [["Código", "Nombre", "Plan"], [1, "Eva", "10M"]]
    sheet = read_sheet(workbook(codes, people, []), KNOWN)
    assert sheet.header == ("Código", "Nombre", "Plan")


def test_a_header_repeated_on_each_page_is_no_customer() -> None:
    text = "Nombre;Plan\nEva;10M\nNombre;Plan\nAna;5M\n"
    sheet = read_sheet(text.encode("utf-16"), KNOWN)
    assert [(line.number, line.cells[0]) for line in sheet.lines] == [(2, "Eva"), (4, "Ana")]


def test_sixty_columns_and_thirty_thousand_rows_are_read_whole() -> None:
    header = ";".join(["Nombre", "Teléfono", *(f"Dato {n}" for n in range(58))])
    line = ";".join(["Eva", "5512345678", *("x" * 58)])
    sheet = read_sheet(f"{header}\n{(line + chr(10)) * 30_000}".encode("cp1252"), KNOWN)
    assert (len(sheet.header), len(sheet.lines)) == (60, 30_000)


def test_signs_that_no_database_keeps_are_taken_off() -> None:
    sheet = read_sheet(workbook([["Nombre", "Plan"], ["Eva\x00🌵", "10\xa0M"]]), KNOWN)
    assert sheet.lines[0].cells[0].endswith("🌵") and sheet.lines[0].cells[1] == "10 M"
    assert "\0" not in sheet.lines[0].cells[0]


def test_dates_and_formulas_of_workbooks_come_as_what_they_show() -> None:
    rows: list[list[object]] = [
        ["Nombre", "Instalación", "Plan"], ["=CONCATENATE(1,2)", date(2024, 2, 13), True],
    ]  # fmt: skip
    cells = read_sheet(workbook(rows), KNOWN).lines[0].cells
    assert cells[1:] == ("2024-02-13", "sí")


def test_a_second_column_of_phones_holds_more_phones() -> None:
    columns = manifest("importers", "generic").connect(None).columns
    header = ["Nombre", "Teléfono", "Teléfono", "Correo", "Email", "Email"]
    assert propose([columns], header) == [
        Field.NAME, Field.PHONES, Field.MORE_PHONES, Field.EMAILS, Field.MORE_EMAILS,
        Field.MORE_EMAILS,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("5512345678,0", "5512345678"), ("5512345678,00", "5512345678"),
        ("5,512345678E+09", "5512345678"), ("5512345678, 5587654321", "5512345678; 5587654321"),
        ("5.512345678E+09", "5512345678"), ("55 1234 5678 / 55 8765 4321",
                                            "55 1234 5678; 55 8765 4321"),
    ],
)  # fmt: skip
def test_phones_after_a_spreadsheet(cell: str, read: str) -> None:
    assert read_phone_digits(cell) == read


@pytest.mark.parametrize("cell", ["5.51E+09", "5,51E+09", "5,51E9", "5.5E+11"])
def test_a_phone_that_lost_digits_is_told(cell: str) -> None:
    with pytest.raises(CellError):
        read_phone_digits(cell)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1 234,50", "1234.50"), ("1\u202f234,50", "1234.50"), ("-$1,234.50", "-1234.50"),
        ("$ -30,5", "-30.50"), ("250,00-", "-250.00"), ("(1.234.567,89)", "-1234567.89"),
        ("S/ 50.00", "50.00"), ("R$ 1.000,00", "1000.00"), ("US$20", "20.00"), ("Bs. 30", "30.00"),
        ("\u2212250", "-250.00"), ("250.00 MXN", "250.00"), ("1'234.50", "1234.50"),
    ],
)  # fmt: skip
def test_amounts_of_every_country(cell: str, amount: str) -> None:
    assert str(read_amount(cell)) == amount


@given(st.binary(min_size=6, max_size=6), st.sampled_from([":", "-", ".", " ", "", "cisco"]))
def test_a_mac_is_the_same_in_every_notation(raw: bytes, mark: str) -> None:
    plain = raw.hex()
    pairs = [plain[at : at + 2] for at in range(0, 12, 2)]
    text = ".".join(plain[at : at + 4] for at in (0, 4, 8)) if mark == "cisco" else mark.join(pairs)
    for spelled in (text, text.upper(), f" {text} "):
        assert read_mac(spelled) == ":".join(pairs).upper()
