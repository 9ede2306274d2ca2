"""Reads one workbook from standard input within limits, and writes its rows as lines of JSON.

A program of its own, which imports nothing of ours: a workbook of some kilobytes may unpack to
gigabytes, or say that it has a cell in the last corner of a sheet, and only its process ends then.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from datetime import datetime, time
from zipfile import BadZipFile

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MEMORY = 2_000_000_000
SECONDS = 60
MOST_CELLS = 20_000_000
"""A sheet of this size is read; what a sheet says of its size costs nothing before."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        for line in _lines(sys.stdin.buffer.read()):
            sys.stdout.write(json.dumps(line, ensure_ascii=True))
            sys.stdout.write("\n")
    except MemoryError:
        _end({"fault": "too-large"})
    except PasswordError:
        _end({"fault": "password"})
    except (CalamineError, BadZipFile, ValueError, OSError) as error:
        _end({"fault": "broken-workbook", "detail": str(error)[:200]})


def _end(said: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def _lines(content: bytes) -> Iterator[object]:
    """Of each sheet first whether it is seen, then [number, cells] of every row that holds any."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            yield about.visible == SheetVisibleEnum.Visible
            sheet = book.get_sheet_by_name(about.name)
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                raise MemoryError
            for number, row in enumerate(sheet.iter_rows(), 1):
                cells = [_as_text(cell) for cell in row]
                if any(cell.strip() for cell in cells):
                    yield [number, cells]


def _as_text(cell: object) -> str:
    """A workbook's cell as a person would type it; Excel keeps phones as floating numbers."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "sí" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    return str(cell)


if __name__ == "__main__":
    main()
