"""Planning a run: what it would do, stored row by row, with sums and the hash of its inputs."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.progress import Progress
from caudal.apps.runs.sources import creation, cutting, pricing, undoing
from caudal.core.money import ZERO
from caudal.store.bulk import insert

Source = Callable[[Run, datetime, Progress], Iterator[list[RunRow]]]
"""Rows that are not stored yet, in batches, in the order in which they will be done."""

SOURCES: Mapping[str, Source] = {
    Run.Kind.CREATE: creation.rows,
    Run.Kind.CUT: cutting.rows,
    Run.Kind.PRICE: pricing.rows,
    Run.Kind.UNDO: undoing.rows,
}


def plan_rows(run: Run, now: datetime, progress: Progress) -> None:
    """Compute and store the rows of a run that is being planned, a batch per transaction.

    What a worker that died had stored is computed anew; a run that somebody has planned since it
    was read keeps its rows. The memory does not grow with the rows.
    """
    if not _clear(run):
        return
    sums = Sums()
    for rows in SOURCES[run.kind](run, now, progress):
        with transaction.atomic():
            insert(rows)
        sums.add(rows)
        progress.advance(0)
    progress.end()
    Run.objects.filter(pk=run.pk, status=Run.Status.PLANNING).update(
        status=Run.Status.PLANNED,
        planned_at=now,
        inputs_hash=sums.hash(),
        totals=sums.totals(),
        planned=0,
        done=0,
        error="",
    )
    run.refresh_from_db()


@transaction.atomic
def _clear(run: Run) -> bool:
    """Take away what a dead worker planned; False where the run is not being planned any more."""
    planning = Run.objects.select_for_update().filter(pk=run.pk, status=Run.Status.PLANNING)
    if not planning.exists():
        run.refresh_from_db()
        return False
    RunRow.objects.filter(run=run).delete()
    return True


class Sums:
    """What a plan comes to, kept while its rows go by."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._amounts: dict[str, Decimal] = defaultdict(Decimal)
        self._before: dict[str, Decimal] = defaultdict(Decimal)
        self._counts: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self._compared: Counter[str] = Counter()
        self._customers = 0
        self._last: int | None = None

    def add(self, rows: list[RunRow]) -> None:
        for row in rows:
            self._compared.update([row.compared] if row.compared else [])
            if row.action == RunRow.Action.GONE:
                self._before[row.currency] += row.before or ZERO
            elif row.action == RunRow.Action.SKIP:
                self._left_out.update([row.reasons[0]["code"]] if row.reasons else ["other"])
            elif row.status == RunRow.Status.PROBLEM:
                self._counts["problems"] += 1
            else:
                self._act(row)

    def _act(self, row: RunRow) -> None:
        self._digest.update(row.fingerprint.encode())
        self._counts["rows"] += 1
        self._amounts[row.currency] += row.amount
        self._before[row.currency] += row.before or ZERO
        # Rows of one customer follow one another, so counting the changes counts the customers.
        if row.customer_id != self._last:
            self._customers += row.customer_id is not None
            self._last = row.customer_id

    def hash(self) -> str:
        return self._digest.hexdigest()

    def totals(self) -> dict[str, Any]:
        return {
            "rows": self._counts["rows"],
            "customers": self._customers,
            "problems": self._counts["problems"],
            "amounts": _text(self._amounts),
            "before": _text(self._before),
            "left_out": dict(self._left_out),
            "compared": dict(self._compared),
        }


def _text(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: f"{amount:.2f}" for currency, amount in sorted(amounts.items())}
