"""Pings from the router, by its own `ping`."""

import re
import shlex

from caudal.core.ports.access import PingResult
from caudal.integrations.access.linux.reading import PREAMBLE

_COUNTS = re.compile(r"(\d+) packets transmitted, (\d+)")
_TIMES = re.compile(r"= [0-9.]+/([0-9.]+)/")


def script(address: str, count: int) -> str:
    """Nobody answering is an answer, not an error."""
    return f"{PREAMBLE}ping -n -q -i 0.2 -W 1 -c {int(count)} {shlex.quote(address)} || true\n"


def result(text: str, count: int) -> PingResult:
    counts, times = _COUNTS.search(text), _TIMES.search(text)
    if counts is None:
        return PingResult(count, 0)
    return PingResult(int(counts[1]), int(counts[2]), float(times[1]) if times else None)
