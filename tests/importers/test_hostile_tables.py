"""Tables that would bring a server down, or be read wrong without a word."""

import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from caudal.core.cells import CellError, Fault, read_key
from caudal.core.ports.importer import FileError, FileFault
from caudal.integrations import workbook
from caudal.integrations.sheet import decode, read_sheet

KNOWN = frozenset({"nombre", "telefono", "plan", "direccion", "zona"})
HEAD, EVA = "Nombre,Teléfono,Plan", "Eva Peña,5512345678,10M"


def book(*fills: Callable[[Worksheet], None]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        for fill in fills:
            fill(made.add_worksheet())
    return file.getvalue()


def table(sheet: Worksheet) -> None:
    for n, line in enumerate((HEAD, EVA)):
        sheet.write_row(n, 0, line.split(","))


def fault(content: bytes) -> FileFault:
    with pytest.raises(FileError) as refused:
        read_sheet(content, KNOWN)
    return refused.value.fault


def test_a_cell_in_the_last_corner_of_a_sheet_ends_its_reading_alone() -> None:
    def corner(sheet: Worksheet) -> None:
        table(sheet)
        sheet.write(1_048_575, 16_383, "x")

    content = book(corner)
    assert len(content) < 10_000  # some kilobytes that would be read into half a terabyte
    assert fault(content) is FileFault.TOO_LARGE


def test_texts_that_unpack_to_gigabytes_end_their_reading_alone() -> None:
    packed, made = zipfile.ZipFile(io.BytesIO(book(table))), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bomb:
        for name in packed.namelist():
            if "sharedStrings" not in name:
                bomb.writestr(name, packed.read(name))
        with bomb.open("xl/sharedStrings.xml", "w", force_zip64=True) as texts:
            texts.write(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">')
            piece = b"<si><t>" + b"A" * 1_000_000 + b"</t></si>"
            for _each in range(2_100):
                texts.write(piece)
            texts.write(b"</sst>")
    assert len(made.getvalue()) < 15_000_000
    assert fault(made.getvalue()) is FileFault.TOO_LARGE


def test_more_cells_than_a_table_of_customers_has_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook, "MOST_CELLS", 5)
    assert fault(book(table)) is FileFault.TOO_LARGE


def test_a_workbook_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SECONDS", 0.0)
    assert fault(book(table)) is FileFault.TOO_LARGE


def test_a_hidden_sheet_gives_way_to_one_that_is_seen() -> None:
    def hidden(sheet: Worksheet) -> None:
        table(sheet)
        for n in range(2, 30):
            sheet.write(n, 0, f"Vieja {n}")
        sheet.hide()

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        seen = made.add_worksheet()
        table(seen)
        hidden(made.add_worksheet())
    assert len(read_sheet(file.getvalue(), KNOWN).lines) == 1


@pytest.mark.parametrize("columns", [501, 20_000])
def test_hundreds_of_columns_are_refused_before_anybody_is_asked_what_they_mean(
    columns: int,
) -> None:
    line = ",".join(f"c{n}" for n in range(columns)).encode()
    assert fault(line + b"\n" + line) is FileFault.TOO_MANY_COLUMNS


def test_a_web_page_that_is_called_a_workbook_is_named_for_what_it_is() -> None:
    page = b"\n <HTML><table><tr><td>Nombre</td><td>Zona</td></tr></table>"
    assert fault(page) is FileFault.WEB_PAGE
    assert fault(b'<?xml version="1.0"?><Workbook/>') is FileFault.WEB_PAGE


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman"])
def test_letters_of_windows_dos_and_old_macs_are_told_apart(encoding: str) -> None:
    text = "Nombre;Dirección\nJosé Ñandú;Peñón 3, Ávila\n"
    assert decode(text.encode(encoding)) == (encoding, text)


def test_a_wrong_hint_about_the_separator_is_not_believed() -> None:
    sheet = read_sheet(f"sep=;\r\n{HEAD}\r\n{EVA}".encode(), KNOWN)
    assert (sheet.separator, len(sheet.header), sheet.lines[0].number) == (",", 3, 3)


def test_a_quote_that_is_not_closed_does_not_swallow_its_line() -> None:
    sheet = read_sheet(f'{HEAD}\n"Eva Peña,5512345678,10M\nAna,55,5M'.encode(), KNOWN)
    assert [line.cells for line in sheet.lines] == [
        ("Eva Peña", "5512345678", "10M"), ("Ana", "55", "5M")
    ]  # fmt: skip


def test_signs_that_turn_the_direction_of_a_name_are_taken_out() -> None:
    sheet = read_sheet(f"{HEAD}\nEva \u202ePeña\u202c,55,10M".encode(), KNOWN)
    assert sheet.lines[0].cells[0] == "Eva Peña"


@pytest.mark.parametrize(
    ("cell", "key"),
    [("1234.0", "1234"), ("1234,00", "1234"), ("001234", "001234"), ("1.000", "1.000"),
     ("A-12.0", "A-12.0"), (" 12 ", "12"), ("1E5", "1E5"), ("1.23E+2", "123")],
)  # fmt: skip
def test_a_key_of_which_a_spreadsheet_made_a_number_is_read_back(cell: str, key: str) -> None:
    assert read_key(cell) == key


def test_a_key_that_has_lost_digits_is_refused() -> None:
    with pytest.raises(CellError) as refused:
        read_key("1.23457E+11")
    assert refused.value.fault is Fault.DIGITS_LOST
