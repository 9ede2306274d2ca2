"""Exports: nothing in them runs as a formula, accents survive, amounts stay exact."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.http import FileResponse, StreamingHttpResponse
from python_calamine import CalamineWorkbook

from caudal.web.export import csv_response, safe_cell, xlsx_response

FORMULAS = ["=1+1", '+cmd|"/c calc"!A0', "-2+3+cmd", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")']


def text_of(response: StreamingHttpResponse | FileResponse) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text_in_csv(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["+52 55 1234 5678", "-12.50", "+5215512345678", "Peña", ""])
def test_phones_and_amounts_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


def test_csv_has_a_mark_for_excel_and_keeps_accents_quotes_and_lines() -> None:
    rows = [["Núñez, Ana", 'dice "hola"\nadiós', Decimal("1234.50"), date(2026, 7, 5), None]]
    raw = text_of(csv_response("clientes", ["Nombre", "Nota", "Saldo", "Día", "Zona"], rows))
    assert raw.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert read[1] == ["Núñez, Ana", 'dice "hola"\nadiós', "1234.50", "2026-07-05", ""]


def test_csv_is_read_while_it_is_sent() -> None:
    read: list[int] = []

    def rows() -> object:
        for number in range(3):
            read.append(number)
            yield [number]

    response = csv_response("x", ["n"], rows())  # type: ignore[arg-type]
    assert read == []
    text_of(response)
    assert read == [0, 1, 2]


def test_xlsx_keeps_types_and_holds_no_formula() -> None:
    moment = datetime(2026, 7, 5, 18, 30, tzinfo=UTC)
    row = ["=1+1", Decimal("1234.50"), date(2026, 7, 5), moment, True, None, "Ñandú"]
    raw = text_of(xlsx_response("clientes", ["a", "b", "c", "d", "e", "f", "g"], [row]))
    with ZipFile(io.BytesIO(raw)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    read = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()[1]
    assert read == [
        "=1+1", 1234.5, date(2026, 7, 5), datetime(2026, 7, 5, 12, 30), True, "", "Ñandú",
    ]  # fmt: skip
