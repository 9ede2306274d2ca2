"""The router's clock: stands still until told, or runs, and can always be moved."""

import time
from datetime import UTC, datetime, timedelta

DAWN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class Clock:
    """Seconds of the router. `running` adds real time; tests leave it off."""

    def __init__(self, start: datetime = DAWN, *, running: bool = False) -> None:
        self._start = start
        self._moved = 0.0
        self._since = time.monotonic() if running else None

    @property
    def seconds(self) -> float:
        """Since the start; only differences mean anything."""
        ran = time.monotonic() - self._since if self._since is not None else 0.0
        return self._moved + ran

    @property
    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.seconds)

    def at(self, seconds: float) -> datetime:
        return self._start + timedelta(seconds=seconds)

    def move(self, seconds: float) -> None:
        self._moved += seconds
