"""Whatever bytes, text or workbook comes in: no crash, no lost cell, every refusal in words."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caudal.apps.imports import load
from caudal.apps.imports.records import read_record
from caudal.apps.imports.words import told_of_file
from caudal.core.columns import values_of
from caudal.core.ports.importer import Field, FileError, Sheet
from caudal.integrations.sheet import read_sheet
from caudal.web.export import csv_lines, write_xlsx

WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30)
NASTY = st.sampled_from([
    "", " ", "-", "#N/D", "=A1", '="00123"', "5.21556E+11", "31/02/2026", "12/31/2026", "45657",
    "1e400", "NaN", "Infinity", "-0", "1.234.567,89", "٣", "²", "10.0.0.1/33", "::1", "FF:FF",
    "sí", "activo", "99999999999999999999", "0000-00-00", "1/1/1", "١٢/١/٢٠٢٦", "$", "(5)", "–5",
    "\x00", "\ufeff", "a" * 400, "19.4,-99.1", "https://maps.google.com/?q=1,2", "a@b", ";;", "\n",
])  # fmt: skip
CELLS = st.one_of(NASTY, WORDS)
PLAIN = st.text(st.characters(whitelist_categories=["L", "Nd"], max_codepoint=255), min_size=1,
                max_size=12)  # fmt: skip
SOURCES = [slug for slug, _title in load.sources()]


def opened(content: bytes) -> Sheet | None:
    """The file, or None where it was refused, with a sentence."""
    try:
        return read_sheet(content)
    except FileError as error:
        assert told_of_file(error)
        return None


@given(st.binary(max_size=600))
@example(b"PK\x03\x04")
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
@example(b"\xff\xfea")
@example(b'"')
@example(b"sep=;\n")
def test_any_bytes_are_a_table_or_refused_in_words(content: bytes) -> None:
    sheet = opened(content)
    if sheet is not None:
        width = len(sheet.header)
        assert all(len(line.cells) <= width for line in sheet.lines)


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=40))
def test_a_damaged_workbook_is_told(place: int, noise: bytes) -> None:
    file = io.BytesIO()
    write_xlsx(file, ["Nombre", "Saldo"], [["Eva", 5], ["Ñandú", None]])
    content = file.getvalue()
    place %= len(content)
    opened(content[:place] + noise + content[place + len(noise) :])
    opened(content[:place])


@given(
    st.lists(st.lists(PLAIN, min_size=3, max_size=3), min_size=2, max_size=8),
    st.sampled_from([";", ",", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
)
def test_a_table_keeps_every_cell_whatever_its_encoding(
    rows: list[list[str]], separator: str, encoding: str
) -> None:
    header = ["Nombre", "Dirección", "Teléfono"]
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([header, *rows])
    content = text.getvalue()
    try:
        data = content.encode(encoding)
    except UnicodeEncodeError:
        return
    known = frozenset({"nombre", "direccion", "telefono"})
    sheet = read_sheet(data, known)
    assert list(sheet.header) == header
    assert [list(line.cells) for line in sheet.lines] == rows


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=6))
def test_no_row_of_an_exported_file_is_lost(rows: list[list[str]]) -> None:
    """As a workbook and as CSV: the same number of rows, but for those with nothing to see."""
    header = ["Nombre", "Notas"]
    kept = [row for row in rows if any(_shows(cell) for cell in row)]
    file = io.BytesIO()
    write_xlsx(file, header, kept)
    known = frozenset({"nombre", "notas"})
    assert len(read_sheet(file.getvalue(), known).lines) == len(kept)
    text = "".join(csv_lines(header, kept))
    assert len(read_sheet(text.encode(), known).lines) == len(kept)


def _shows(cell: str) -> bool:
    return any(sign.isalnum() for sign in cell)


@given(st.dictionaries(st.sampled_from(list(Field)), CELLS, max_size=12), st.booleans())
def test_any_row_is_read_or_told(values: dict[Field, str], month_first: bool) -> None:
    record = read_record(values, month_first=month_first)
    assert all(problem.text for problem in record.problems)


@pytest.mark.parametrize("source", SOURCES)
@given(rows=st.lists(st.dictionaries(st.sampled_from(list(Field)), CELLS, max_size=8), max_size=5))
def test_every_importer_gives_back_as_many_rows(source: str, rows: list[dict[Field, str]]) -> None:
    assert len(load.importer(source).tidy(rows)) == len(rows)


@given(st.lists(CELLS, min_size=1, max_size=8), st.data())
def test_nothing_that_has_a_meaning_is_dropped_on_the_way(
    cells: list[str], data: st.DataObject
) -> None:
    meanings = data.draw(
        st.lists(st.sampled_from(list(Field)), min_size=len(cells), max_size=len(cells))
    )
    header = [f"c{at}" for at in range(len(cells))]
    values = values_of(header, cells, list(meanings))
    for cell, meaning in zip(cells, meanings, strict=True):
        assert not cell or cell in values[meaning]
