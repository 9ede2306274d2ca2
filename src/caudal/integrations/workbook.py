"""The rows of a workbook, read by a process of its own that its size may end."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import IO, Any

from caudal.core.ports.importer import FileError, FileFault, Line
from caudal.integrations import workbook_cell

SECONDS = 120.0
"""For one workbook; its own limit of computing time is lower."""
MOST_CELLS = 15_000_000
"""Of all sheets that hold anything: 200,000 rows of 75 columns."""


def sheets_of(content: bytes) -> Iterator[tuple[bool, list[Line]]]:
    """Whether a sheet is seen, and its rows that hold anything, of every sheet in their order.

    Raises FileError for what is no workbook, or larger than a table of customers ever is.
    """
    process = subprocess.Popen(
        [sys.executable, "-I", str(Path(workbook_cell.__file__))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, cwd="/",
    )  # fmt: skip
    late = Timer(SECONDS, process.kill)
    late.start()
    try:
        yield from _sheets(_told(process, content))
    finally:
        late.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def _told(process: "subprocess.Popen[bytes]", content: bytes) -> Iterator[Any]:
    """What the process says, to its end. Raises FileError where it did not come to it."""
    assert process.stdin is not None and process.stdout is not None
    _send(process.stdin, content)
    for line in process.stdout:
        said = json.loads(line)
        if isinstance(said, dict):
            raise FileError(FileFault(said["fault"]), said.get("detail", ""))
        yield said
    if process.wait() != 0:
        raise FileError(FileFault.TOO_LARGE)


def _send(pipe: IO[bytes], content: bytes) -> None:
    with suppress(BrokenPipeError):  # then it has ended: its exit says so
        pipe.write(content)
        pipe.close()


def _sheets(told: Iterator[Any]) -> Iterator[tuple[bool, list[Line]]]:
    rows: list[Line] = []
    is_seen, cells = True, 0
    for said in told:
        if isinstance(said, bool):
            if rows:
                yield is_seen, rows
            is_seen, rows = said, []
            continue
        rows.append(_line(said))
        cells += len(said[1])
        if cells > MOST_CELLS:
            raise FileError(FileFault.TOO_LARGE)
    if rows:
        yield is_seen, rows


def _line(said: Sequence[Any]) -> Line:
    number, cells = said
    return Line(number, tuple(cells))
