"""What a job tells while it runs: planned, done and failed; each word renews its lease."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from caudal.apps.clock.models import JobRun
from caudal.apps.clock.now import machine_time

LEASE = timedelta(minutes=2)
"""A worker that says nothing for so long is taken for dead, and its work is done by another."""

LONGEST_ERROR = 20_000
_EVERY = 1.0

stopping = threading.Event()
"""Set when the process is asked to end: jobs stop between two items and are taken up again."""

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker has taken over this run; the job must stop at once."""


class Interrupted(Exception):
    """The process is ending; the run stays open for the next worker."""


class Run:
    """The record of one run. Without a row (`Run()`) it only counts, for commands and tests."""

    def __init__(
        self, row: JobRun | None = None, machine: Callable[[], datetime] = machine_time
    ) -> None:
        self.row = row
        self.planned = 0
        self.done = 0
        self.failures = 0
        self.errors: list[str] = []
        self._machine = machine
        self._told = time.monotonic()

    def plan(self, total: int) -> None:
        """Say how many items there are; may be called again as more are found."""
        self.planned = total
        self.keep_alive()

    def advance(self, n: int = 1) -> None:
        """`n` more items are done."""
        self.done += n
        self._tell_sometimes()

    def fail(self, label: object, error: object) -> None:
        """One item could not be done: it is reported, the others go on. Do not `advance` it too."""
        self.failures += 1
        kind = f"{type(error).__name__}: " if isinstance(error, Exception) else ""
        self.errors.append(f"{label}: {kind}{error}")
        log.warning("%s: %s", self.row or "job", self.errors[-1])
        self._tell_sometimes()

    def keep_alive(self) -> None:
        """Renew the lease and show the counts at once. Raises LeaseLost or Interrupted."""
        self._told = time.monotonic()
        if self.row is None:
            return
        if stopping.is_set():
            raise Interrupted
        if not held(self.row).update(lease_until=self._machine() + LEASE, **self.counts()):
            raise LeaseLost

    def counts(self) -> dict[str, object]:
        return {
            "planned": self.planned,
            "done": self.done,
            "failures": self.failures,
            "error": "\n".join(self.errors)[:LONGEST_ERROR],
        }

    def _tell_sometimes(self) -> None:
        if stopping.is_set() or time.monotonic() - self._told >= _EVERY:
            self.keep_alive()


def held(row: JobRun) -> QuerySet[JobRun]:
    """The row, as long as this worker's claim of it stands."""
    return JobRun.objects.filter(
        pk=row.pk, worker=row.worker, tries=row.tries, status=JobRun.Status.RUNNING
    )
