"""What a benchmark prints: one line per measurement, with its ratio and its goal."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """`ours` and `peer` in seconds or in `unit`; `goal` is the greatest ratio that is good."""

    what: str
    ours: float
    peer: float
    peer_name: str
    goal: float
    note: str = ""
    unit: str = ""

    @property
    def ratio(self) -> float:
        return self.ours / self.peer

    @property
    def good(self) -> bool:
        return self.ratio <= self.goal

    def line(self) -> str:
        verdict = "ok" if self.good else "MISSED"
        ours, peer = self._shown(self.ours), self._shown(self.peer)
        return (
            f"{self.what:52} {ours:>9} | {self.peer_name:32} {peer:>9} | "
            f"{self.ratio:6.2f}x (goal <= {self.goal:g}x) {verdict:6} {self.note}"
        )

    def _shown(self, amount: float) -> str:
        return f"{amount:.0f} {self.unit}" if self.unit else _time(amount)


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def medians(
    first: Callable[[], object], second: Callable[[], object], rounds: int = 25
) -> list[float]:
    """Median seconds of both, taken in turns so that the machine's moods hit both alike."""
    for act in (first, second):
        act()
    pairs = [(timed(first), timed(second)) for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*pairs, strict=True)]


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
