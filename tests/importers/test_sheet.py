"""Any table of any system: encodings, separators, headers, workbooks, and no row lost."""

import csv
import io
from datetime import date, datetime
from itertools import product

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.ports.importer import FileError, FileFault
from caudal.integrations.sheet import read_sheet

ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be")
SEPARATORS = (";", ",", "\t", "|")
ROWS = [
    ["Nombre", "Teléfono", "Dirección"],
    ["María Peña Núñez", "55 1234 5678", "Calle Juárez; #12, interior 3"],
    ["Ñandú", "5587654321", 'La "Peña" | esquina'],
]


def table(rows: list[list[str]], separator: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(("encoding", "separator"), list(product(ENCODINGS, SEPARATORS)))
def test_every_encoding_with_every_separator(encoding: str, separator: str) -> None:
    sheet = read_sheet(table(ROWS, separator).encode(encoding))
    assert sheet.separator == separator
    assert [list(sheet.header), *[list(line.cells) for line in sheet.lines]] == ROWS


def test_the_hint_that_excel_leaves_is_obeyed() -> None:
    sheet = read_sheet(b"sep=|\na,x|b\n1,5|2\n")
    assert (sheet.header, sheet.lines[0].cells, sheet.lines[0].number) == (
        ("a,x", "b"), ("1,5", "2"), 3,
    )  # fmt: skip


def test_titles_above_the_header_are_stepped_over() -> None:
    text = "Listado de clientes\n\nFecha: hoy;;\nNombre;Zona;Plan\nEva;Centro;10M\n"
    sheet = read_sheet(text.encode(), known={"nombre", "zona", "plan"})
    assert sheet.header == ("Nombre", "Zona", "Plan")
    assert [line.number for line in sheet.lines] == [5]


def test_a_file_without_a_header_keeps_its_first_row() -> None:
    sheet = read_sheet(b"Eva,eva@correo.example,10.0.0.5\nAna,ana@correo.example,10.0.0.6\n")
    assert sheet.header == ("Columna 1", "Columna 2", "Columna 3")
    assert len(sheet.lines) == 2


def test_a_quote_that_is_never_closed_stays_in_its_line() -> None:
    text = 'Nombre,Zona\n"Eva,Centro\nAna,Norte\nLuis,Sur\n'
    sheet = read_sheet(text.encode())
    assert [line.cells[0] for line in sheet.lines][1:] == ["Ana", "Luis"]
    assert len(sheet.lines) == 3


def test_rows_that_are_too_short_or_too_long_are_kept() -> None:
    sheet = read_sheet(b"a,b\n1\n1,2,3,4\n\n,,\n5,6\n")
    assert [line.cells for line in sheet.lines] == [("1",), ("1", "2", "3", "4"), ("5", "6")]
    assert len(sheet.header) == 4


def test_a_text_that_was_decoded_twice_is_mended() -> None:
    sheet = read_sheet("Nombre,Zona\nMarÃ­a PeÃ±a,SÃO\n".encode())
    assert sheet.lines[0].cells == ("María Peña", "SÃO")


def test_what_excel_and_exports_wrap_around_cells_is_taken_off() -> None:
    sheet = read_sheet(b'a,b\n"=""0551""",\'+525512345678\n')
    assert sheet.lines[0].cells == ("0551", "+525512345678")


def workbook(rows: list[list[object]], first: list[list[object]] | None = None) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"})
    if first is not None:
        book.add_worksheet("Portada").write_row(0, 0, first[0])
    page = book.add_worksheet("Clientes")
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def test_a_workbook_is_read_as_a_person_would_type_it() -> None:
    head = ["Nombre", "Teléfono", "Alta", "Precio", "Activo", "Hora"]
    rows = [head, ["María", 5512345678, date(2024, 7, 15), 250.5, True, datetime(2024, 7, 15, 10)]]
    sheet = read_sheet(workbook(rows, first=[["Reporte"]]))
    assert sheet.header == tuple(head)
    assert sheet.lines[0].cells == (
        "María", "5512345678", "2024-07-15", "250.5", "sí", "2024-07-15 10:00:00",
    )  # fmt: skip
    assert (sheet.encoding, sheet.separator) == ("", "")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b" \n\r\n", FileFault.EMPTY),
        (b";;;\n;;;\n", FileFault.EMPTY),
        (b"PK\x03\x04 not a workbook", FileFault.BROKEN_WORKBOOK),
        (bytes(range(256)) * 20, FileFault.NOT_A_TABLE),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, fault: FileFault) -> None:
    with pytest.raises(FileError) as refused:
        read_sheet(content)
    assert refused.value.fault is fault


def test_an_endless_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caudal.integrations.sheet.MOST_ROWS", 2)
    with pytest.raises(FileError) as refused:
        read_sheet(b"a,b\n1,2\n3,4\n")
    assert refused.value.fault is FileFault.TOO_MANY_ROWS


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_no_bytes_whatever_make_it_fail_in_another_way(content: bytes) -> None:
    try:
        read_sheet(content)
    except FileError as error:
        assert error.fault in FileFault


words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=12)
"""Any letters; a cell that is not blank, so that its row counts."""


@settings(max_examples=150)
@given(
    st.lists(st.lists(words.filter(str.strip), min_size=3, max_size=3), min_size=1, max_size=12),
    st.sampled_from(SEPARATORS),
)
def test_every_row_that_goes_in_comes_out(rows: list[list[str]], separator: str) -> None:
    header = ["Nombre", "Zona", "Plan"]
    text = table([header, *rows], separator, "\n")
    sheet = read_sheet(text.encode(), known={"nombre", "zona", "plan"})
    assert len(sheet.lines) == len(rows)
