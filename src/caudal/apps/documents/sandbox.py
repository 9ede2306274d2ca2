"""Printing with a source that a company wrote itself: in a process that may open nothing.

One such process is kept, for starting it takes longer than printing; it is ended when it takes too
long or grows too large, and after some hundred documents, and the next print starts another.
"""

import json
import select
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from caudal.apps.documents import cell, press
from caudal.apps.documents.errors import SourceError
from caudal.core.errors import RuleError

SECONDS = 10.0
"""For one print of up to a hundred documents."""
MOST_MB = 40
MOST_SOURCE = 60_000
RECYCLED_AFTER = 500
_START_SECONDS = 30.0

_lock = Lock()


def press_own(source: str, data: Mapping[str, Any], *, pictures: bool = False) -> list[bytes]:
    """As `press.press` for an edited source. Raises SourceError, or RuleError on a limit."""
    if len(source) > MOST_SOURCE:
        raise RuleError("template-too-long", field="source", most=MOST_SOURCE)
    job = {"source": press.common() + source, "data": json.dumps(data), "pictures": pictures}
    with _lock:
        answer = _cell.ask(job)
    if "error" in answer:
        raise _source_error(answer)
    return [b64decode(page) for page in answer["pages"]]


class _Cell:
    """The kept process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._printed = 0

    def ask(self, job: Mapping[str, Any]) -> dict[str, Any]:
        if self._process is None or self._process.poll() is not None:
            self._start()
        try:
            answer = self._talk(job, SECONDS)
        except RuleError:
            self.close()
            raise
        except (OSError, ValueError) as error:  # it was too slow, or died of its limits
            self.close()
            raise RuleError("template-too-slow", field="source", seconds=round(SECONDS)) from error
        self._printed += 1
        if self._printed >= RECYCLED_AFTER or answer.get("error") == "memory":
            self.close()
        return answer

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
        self._process, self._printed = None, 0

    def _start(self) -> None:
        self.close()
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(Path(cell.__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "RAYON_NUM_THREADS": "1", "LANG": "C.UTF-8"},
            cwd="/",
        )
        self._talk(press.font_folders(), _START_SECONDS)

    def _talk(self, said: object, seconds: float) -> dict[str, Any]:
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(said).encode() + b"\n")
        process.stdin.flush()
        answer: dict[str, Any] = json.loads(_line(process.stdout, seconds))
        return answer


def _line(pipe: Any, seconds: float) -> bytes:
    """The next line, within the time and size that a print may take."""
    ends, parts, size = time.monotonic() + seconds, [], 0
    while True:
        left = ends - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            raise TimeoutError
        part = pipe.read1(1 << 20)
        if not part:
            raise OSError("the printing process has died")
        parts.append(part)
        size += len(part)
        if size > MOST_MB * 1_400_000:  # base64
            raise RuleError("template-too-large", field="source", most=MOST_MB)
        if part.endswith(b"\n"):
            return b"".join(parts)


def _source_error(answer: Mapping[str, Any]) -> SourceError:
    """The line is counted from the company's own source, not from what stands before it."""
    if answer["error"] == "memory":
        raise RuleError("template-too-slow", field="source", seconds=round(SECONDS))
    before = press.common().count("\n")
    hint = " ".join(str(hint) for hint in answer["hints"])
    return SourceError(str(answer["error"]), _line_of(str(answer["diagnostic"])) - before, hint)


def _line_of(diagnostic: str) -> int:
    """From "┌─ __typst_py_bytes__.typ:12:7"."""
    for row in diagnostic.splitlines():
        name, _, place = row.partition(".typ:")
        if place and "─" in name:
            return int(place.split(":")[0])
    return 0


_cell = _Cell()
