"""Bytes of a CSV file or a workbook -> rows of text: encoding, separator and header row found."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from caudal.core.columns import column_key
from caudal.core.ports.importer import FileError, FileFault, Line, Sheet
from caudal.integrations.workbook import sheets_of

SEPARATORS = (";", ",", "\t", "|")
MOST_ROWS = 200_000
MOST_COLUMNS = 500
WIDEST = 16_384
"""The columns of a spreadsheet, most of them empty."""
HEADER_WITHIN = 15
FEW_STRANGE = 2
"""So many control signs slip into any table; of a picture or a PDF each hundredth sign is one."""
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|table|head|body|meta|\?xml)", re.IGNORECASE)
"""What many systems call an Excel file: it opens in Excel, and is none."""
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of reading: a name would look like another one."""
_LETTERS = frozenset("áéíóúüñÁÉÍÓÚÜÑºª°¿")
_DATA = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|\d{1,3}(\.\d{1,3}){3}|\$?\s?[\d.,]{4,}|\d{1,2}/\d{1,2}/\d+"
)
_BROKEN = re.compile(r"[ÃÂâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ¡-¿]")

csv.field_size_limit(1_000_000)


def read_sheet(content: bytes, known: Iterable[str] = ()) -> Sheet:
    """Every row of the file; `known` are column keys that tell the header row from titles above.

    Raises FileError when it holds no table at all. No row is dropped but for empty ones.
    """
    if not content.strip():
        raise FileError(FileFault.EMPTY)
    if _PAGE.match(content):
        raise FileError(FileFault.WEB_PAGE)
    if content.startswith(_WORKBOOKS):
        return _sheet(_workbook_rows(content, frozenset(known)), known)
    encoding, text = decode(content)
    strange = sum(sign < " " and sign not in "\t\n\r\0" for sign in text)
    if strange > max(len(text) // 100, FEW_STRANGE):
        raise FileError(FileFault.NOT_A_TABLE)  # a picture, a PDF ...
    separator, rows = _text_rows(text)
    return _sheet(rows, known, encoding, separator)


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; what no encoding explains is read as latin-1."""
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return name, content.decode(name, "replace")
    for name in _guesses(content):
        with suppress(UnicodeDecodeError):
            return name, content.decode(name)
    return _of_one_byte(content)


def _of_one_byte(content: bytes) -> tuple[str, str]:
    """That of Windows, of DOS or of old Macs, whichever makes most letters of Spanish of it."""
    strange = bytes(byte for byte in content if byte > 127)[:20_000]
    found = {name: strange.decode(name, "replace") for name in ("cp1252", "cp850", "mac_roman")}
    name = max(found, key=lambda each: sum(sign in _LETTERS for sign in found[each]))
    with suppress(UnicodeDecodeError):
        return name, content.decode(name)
    return "latin-1", content.decode("latin-1")


def _guesses(content: bytes) -> tuple[str, ...]:
    """Western text in UTF-16 has a zero in every other byte."""
    head = content[:4000]
    if head[1::2].count(0) > len(head) // 4:
        return ("utf-16-le", "utf-8")
    if head[0::2].count(0) > len(head) // 4:
        return ("utf-16-be", "utf-8")
    return ("utf-8",)


def _text_rows(text: str) -> tuple[str, list[Line]]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    first, _, rest = text.partition("\n")
    if declared := re.fullmatch(r'"?sep=(.)"?', first.strip("\ufeff ")):  # Excel's own hint
        separator = declared[1] if declared[1] in rest else _separator(rest)
        return separator, _parsed(rest, separator, first_number=2)
    separator = _separator(text)
    return separator, _parsed(text, separator)


def _separator(text: str) -> str:
    """The one that splits the first lines into most columns, equally many in most lines."""
    sample = [line for line in text[:100_000].split("\n") if line.strip()][:40]

    def score(separator: str) -> tuple[int, int]:
        widths = Counter(len(_cells(line, separator)) for line in sample)
        best = max(
            widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(0, 0)
        )
        width, lines = best
        return (lines * (width - 1), width) if width > 1 else (0, 0)

    return max(SEPARATORS, key=score)


def _parsed(text: str, separator: str, first_number: int = 1) -> list[Line]:
    """Rows with the line each begins on. A quote never closed would swallow the rest of the file:
    then every line stands for itself."""
    rows = _each_line(text, separator)
    if text.count('"') % 2 == 0:
        with suppress(csv.Error):  # a cell of a megabyte: not a table's
            rows = list(_quoted(text, separator))
    return [
        Line(number + first_number, tuple(row))
        for number, row in rows
        if any(cell.strip() for cell in row)
    ]


def _quoted(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 0
    for row in reader:
        yield begins, row
        begins = reader.line_num


def _each_line(text: str, separator: str) -> list[tuple[int, list[str]]]:
    return [(number, _cells(line, separator)) for number, line in enumerate(text.split("\n"))]


def _cells(line: str, separator: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)
    if line.count('"') % 2 and separator in cells[-1]:  # not closed: it holds the rest of the line
        return [cell.strip().strip('"') for cell in line.split(separator)]
    return cells


def _workbook_rows(content: bytes, known: frozenset[str]) -> list[Line]:
    """The rows of the sheet whose header is known best; of those alike, of one that is not hidden,
    and of the fullest."""
    found: list[Line] = []
    best = (-1, False, 0)
    for is_seen, lines in sheets_of(content):
        worth = (_known_names(lines, known), is_seen, len(lines))
        if worth > best:
            best, found = worth, lines
    return found


def _known_names(lines: Sequence[Line], known: frozenset[str]) -> int:
    """How many names of columns the best of the first rows holds; one alone says nothing."""
    most = max((_hits(line.cells, known) for line in lines[:HEADER_WITHIN]), default=0)
    return most if most > 1 else 0


def _hits(cells: Iterable[str], known: frozenset[str]) -> int:
    return sum(column_key(cell) in known for cell in cells)


def _sheet(
    rows: list[Line], known: Iterable[str], encoding: str = "", separator: str = ""
) -> Sheet:
    if not rows:
        raise FileError(FileFault.EMPTY)
    if len(rows) > MOST_ROWS:
        raise FileError(FileFault.TOO_MANY_ROWS, str(MOST_ROWS))
    if max(len(row.cells) for row in rows) > WIDEST:
        raise FileError(FileFault.TOO_MANY_COLUMNS, str(MOST_COLUMNS))
    rows = [Line(row.number, tuple(clean(cell) for cell in row.cells)) for row in rows]
    place = _header_place(rows, frozenset(known))
    header = rows[place].cells if place is not None else ()
    lines = rows[place + 1 :] if place is not None else rows
    lines = [line for line in lines if line.cells != header]  # again on each printed page
    width = max([len(header), *(len(line.cells) for line in lines)])
    names = [*header, *[""] * (width - len(header))]
    titles = tuple(name or f"Columna {number}" for number, name in enumerate(names, 1))
    filled = [at for at, name in enumerate(names) if name or _is_filled(lines, at)]
    if len(filled) > MOST_COLUMNS:
        raise FileError(FileFault.TOO_MANY_COLUMNS, str(MOST_COLUMNS))
    if len(filled) == width:
        return Sheet(titles, tuple(lines), encoding, separator)
    lines = [Line(line.number, _only(line.cells, filled)) for line in lines]
    return Sheet(_only(titles, filled), tuple(lines), encoding, separator)


def _is_filled(lines: Iterable[Line], place: int) -> bool:
    return any(len(line.cells) > place and line.cells[place] for line in lines)


def _only(cells: Sequence[str], places: Iterable[int]) -> tuple[str, ...]:
    return tuple(cells[place] for place in places if place < len(cells))


def _header_place(rows: Sequence[Line], known: frozenset[str]) -> int | None:
    """Which of the first rows names the columns; None where even the first holds data."""
    hits = [_hits(row.cells, known) for row in rows[:HEADER_WITHIN]]
    if max(hits) >= 2:
        return hits.index(max(hits))
    first = next(
        (n for n, row in enumerate(rows[:HEADER_WITHIN]) if sum(map(bool, row.cells)) > 1), 0
    )
    looks_like_data = any(_DATA.fullmatch(cell) for cell in rows[first].cells)
    return None if looks_like_data else first


def clean(cell: str) -> str:
    """Without outer spaces, Excel's ="..." wrapper, the apostrophe that exports put before what
    looks like a formula, and the marks of a file decoded twice."""
    cell = (
        _TURNING.sub("", cell.replace("\0", "")).strip().strip("\ufeff\u200b").replace("\xa0", " ")
    )
    if re.match(r"'[=+\-@]", cell):
        cell = cell[1:]
    if wrapped := re.fullmatch(r'="(.*?)"|=(\d+)', cell):
        cell = wrapped[1] if wrapped[2] is None else wrapped[2]
    if _BROKEN.search(cell):
        with suppress(UnicodeError):  # then it was meant so
            cell = cell.encode("cp1252").decode("utf-8")
    return cell.strip()
