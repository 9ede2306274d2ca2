"""Executing a run: exactly its rows, in small transactions, from wherever it was left."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count

from caudal.apps.billing.batches import in_transactions
from caudal.apps.runs.acts.batch import Batch
from caudal.apps.runs.acts.creation import create
from caudal.apps.runs.acts.cutting import cut_rows
from caudal.apps.runs.acts.pricing import change_prices
from caudal.apps.runs.acts.undoing import undo
from caudal.apps.runs.lots import prepare
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.progress import Progress
from caudal.apps.staff.actor import Actor
from caudal.store.money import total

AT_ONCE = {Run.Kind.CREATE: 500}
SLOW = 50
"""Rows per transaction: a payment of one of their customers waits no longer than that takes."""

ACTS: Mapping[str, Callable[[Batch], None]] = {
    Run.Kind.CREATE: create,
    Run.Kind.CUT: cut_rows,
    Run.Kind.PRICE: change_prices,
    Run.Kind.UNDO: undo,
}


def execute_rows(run: Run, now: datetime, progress: Progress) -> None:
    """Do the rows that are still open; a shadow run only marks them.

    Each row is marked in the transaction that does it, with its customer locked: executing again,
    by another worker or after a kill, does what is left and nothing twice. A run that has ended or
    was discarded since it was read is left alone.
    """
    if not _begin(run, now):
        return
    if run.kind == Run.Kind.CREATE:
        prepare(run, now)
    if run.is_shadow:
        run.rows.open().update(status=RunRow.Status.SHADOW)
    else:
        _do(run, now, Actor.system(run.approved_by), progress)
    progress.end()
    Run.objects.filter(pk=run.pk, status=Run.Status.EXECUTING).update(
        status=Run.Status.DONE, finished_at=now, result=result_of(run), error=""
    )
    run.refresh_from_db()


def result_of(run: Run) -> dict[str, Any]:
    """What became of the rows: counts by state, and what was done in sums."""
    acts = run.rows.acts().order_by()
    counts = dict(acts.values_list("status").annotate(n=Count("pk")))
    done = acts.filter(status=RunRow.Status.DONE).values_list("currency")
    sums = done.annotate(sum=total("amount"))
    return {
        "counts": counts,
        "amounts": {currency: f"{amount:.2f}" for currency, amount in sums},
    }


def _begin(run: Run, now: datetime) -> bool:
    """`now` is what everything it writes from here on is stamped with."""
    moments = list(dict.fromkeys([*run.instants, now.isoformat()]))
    open_ones = Run.objects.filter(pk=run.pk, status__in=Run.IN_EXECUTION)
    begun = open_ones.update(status=Run.Status.EXECUTING, instants=moments)
    run.refresh_from_db()
    return bool(begun)


def _do(run: Run, now: datetime, actor: Actor, progress: Progress) -> None:
    acts = run.rows.acts()
    closed = acts.exclude(status=RunRow.Status.PLANNED).count()
    progress.plan(closed + acts.open().count())
    progress.advance(closed)

    def work(ids: list[int]) -> Batch:
        batch = Batch.lock(run, ids, now, actor)
        if batch.rows:
            ACTS[run.kind](batch)
            batch.save()
        return batch

    def failed(row: int, error: Exception) -> None:
        told = f"{type(error).__name__}: {error}"[:300]
        RunRow.objects.filter(pk=row, status=RunRow.Status.PLANNED).update(
            status=RunRow.Status.PROBLEM, problem=told
        )
        progress.fail(RunRow.objects.get(pk=row), error)

    for ids in _pages(run):
        for batch in in_transactions(ids, work, failed):
            progress.advance(len(batch.rows))


def _pages(run: Run) -> Iterator[list[int]]:
    last = 0
    size = AT_ONCE.get(Run.Kind(run.kind), SLOW)
    rows = run.rows.open().acts().order_by("id").values_list("id", flat=True)
    while page := list(rows.filter(pk__gt=last)[:size]):
        yield page
        last = page[-1]
