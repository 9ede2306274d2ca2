"""Lists as files: CSV and XLSX, with cells that no spreadsheet runs as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]
from django.http import FileResponse, StreamingHttpResponse
from django.utils.timezone import is_aware, localtime

BOM = "\ufeff"
"""Without it Excel reads a CSV's accents as nonsense."""

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_STARTS = frozenset(_FORMULA_STARTS)
_AS_IT_IS = frozenset((type(None), int, float, Decimal, date))
"""What csv writes as `safe_cell` would."""
AT_ONCE = 500
"""Rows of a CSV that are sent together."""
_NUMBER = re.compile(r"[+-]?[0-9][0-9 .,()-]*")
"""A phone such as +52 55 1234 5678 or an amount: begins like a formula and is none."""


def csv_response(
    name: str,
    header: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    for_excel: bool = True,
    delimiter: str = ",",
) -> StreamingHttpResponse:
    """`name` without extension; rows are read while they are sent, so length costs no memory."""
    lines = csv_lines(header, rows, for_excel=for_excel, delimiter=delimiter)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx_response(
    name: str, header: Sequence[object], rows: Iterable[Sequence[object]], *, sheet: str = "Caudal"
) -> FileResponse:
    """A workbook of one sheet: amounts are numbers, dates are dates, texts are never formulas."""
    file = TemporaryFile()  # noqa: SIM115 - FileResponse closes it when it was sent
    write_xlsx(file, header, rows, sheet=sheet)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE)


def write_xlsx(
    file: IO[bytes],
    header: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    sheet: str = "Caudal",
) -> None:
    """The workbook into a file; row by row, so that length costs no memory."""
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    formats = _Formats(book)
    page = book.add_worksheet(sheet[:31])
    page.freeze_panes(1, 0)
    for column, title in enumerate(header):
        page.write_string(0, column, str(title), formats.heading)
        page.set_column(column, column, max(12, min(40, len(str(title)) + 4)))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(page, number, column, value, formats)
    book.close()


def safe_cell(value: object) -> str:
    """Text of a CSV cell; what a spreadsheet would run gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _local(value).strftime("%Y-%m-%d %H:%M")
    text = str(value)
    if isinstance(value, Decimal | int | float | date):
        return text
    if text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def csv_lines(
    header: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    for_excel: bool = True,
    delimiter: str = ",",
) -> Iterator[str]:
    """The file's text, piece by piece."""
    if for_excel:
        yield BOM
    yield _lines([header], delimiter)
    yield from csv_rows(rows, delimiter=delimiter)


def csv_rows(rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> Iterator[str]:
    """The text of rows alone, some hundreds at a time."""
    source = iter(rows)
    while some := list(islice(source, AT_ONCE)):
        yield _lines(some, delimiter)


def _lines(rows: Iterable[Sequence[object]], delimiter: str) -> str:
    """Some rows as text. Most cells need no second look: it is what a long file is made of."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(
        [
            value if type(value) in _AS_IT_IS or _is_harmless(value) else safe_cell(value)
            for value in row
        ]
        for row in rows
    )
    return text.getvalue()


def _is_harmless(value: object) -> bool:
    return type(value) is str and value[:1] not in _STARTS


class _Formats:
    def __init__(self, book: Any) -> None:
        self.heading = book.add_format({"bold": True, "bottom": 1})
        self.amount = book.add_format({"num_format": "#,##0.00"})
        self.day = book.add_format({"num_format": "dd/mm/yyyy"})
        self.moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})


def _write(page: Any, row: int, column: int, value: object, formats: _Formats) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int):
        page.write_number(row, column, value)
    elif isinstance(value, Decimal):
        page.write_number(row, column, value, formats.amount)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, _local(value), formats.moment)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, formats.day)
    else:
        page.write_string(row, column, str(value))


def _local(moment: datetime) -> datetime:
    """In the installation's time zone and without it, as spreadsheets know none."""
    return localtime(moment).replace(tzinfo=None) if is_aware(moment) else moment
