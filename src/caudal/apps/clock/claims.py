"""Who does a run: a row is claimed by creating it or by a conditional update, never by a look."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from caudal.apps.clock.models import JobRun
from caudal.apps.clock.run import LEASE, Run, held
from caudal.apps.clock.schedule import Frequent, instant_slot

MOST_TRIES = 6
"""A slot that failed so often waits for a person: the screen offers to run it again."""

Status = JobRun.Status


def claim(
    job: str, scope: str, slot: str, row: JobRun | None, worker: str, now: datetime, at: datetime
) -> JobRun | None:
    """Take the slot for `worker`; None where another one has it. `at` is the machine's time."""
    if row is None:
        return _create(job, scope, slot, worker, now, at)
    return _take(_open(at).filter(pk=row.pk), row.pk, slot, worker, now, at, row.tries + 1)


def claim_frequent(
    job: Frequent, worker: str, now: datetime, at: datetime, *, woken: bool
) -> JobRun | None:
    """Take a frequent job if it is due or woken and nobody runs it; a wake is never lost."""
    last = JobRun.objects.filter(job=job.name).order_by("-slot").first()
    if last is None:
        return _create(job.name, "", job.slot(now), worker, now, at)
    if last.status == Status.RUNNING and last.lease_until and last.lease_until > at:
        noted = woken and JobRun.objects.filter(pk=last.pk, status=Status.RUNNING).update(
            again=True
        )
        # Not noted although woken: it ended between the two statements, so it can be taken now.
        return claim_frequent(job, worker, now, at, woken=woken) if woken and not noted else None
    if not woken and last.slot >= job.slot(now):
        return None
    slot = instant_slot(now) if woken else job.slot(now)
    if last.status == Status.RUNNING or last.had_nothing_to_do:
        # The row of a dead worker is taken over; an idle run's row is used again, so that a
        # job that finds nothing to do leaves one row and not one a minute.
        same = JobRun.objects.filter(pk=last.pk, slot=last.slot, status=last.status)
        expired = Q(status=Status.DONE) | Q(lease_until__lte=at)
        tries = 1 if last.status == Status.DONE else last.tries + 1
        return _take(same.filter(expired), last.pk, max(slot, last.slot), worker, now, at, tries)
    return _create(job.name, "", slot, worker, now, at)


def claimable(row: JobRun, at: datetime) -> bool:
    return _is_open(row, at) and row.tries < MOST_TRIES


def settled(row: JobRun) -> bool:
    """Done, or given up: no pass needs to look at it again."""
    return row.status == Status.DONE or (row.status == Status.FAILED and row.lease_until is None)


def give_up_on_dead(at: datetime) -> None:
    """Runs whose worker died as often as allowed are shown as failed."""
    JobRun.objects.filter(status=Status.RUNNING, lease_until__lte=at, tries__gte=MOST_TRIES).update(
        status=Status.FAILED, lease_until=None, error="The worker ended before the job did."
    )


def finish(run: Run, now: datetime, summary: dict[str, Any]) -> bool:
    """Record success; False where the claim was lost meanwhile."""
    assert run.row is not None
    return _end(run, status=Status.DONE, finished_at=now, lease_until=None, summary=summary)


def fail(run: Run, now: datetime, at: datetime, error: str) -> bool:
    """Record failure, to be tried again after a pause that doubles each time."""
    assert run.row is not None
    tries = run.row.tries
    pause = timedelta(minutes=2 ** (tries - 1))
    run.errors.append(error)
    return _end(
        run,
        status=Status.FAILED,
        finished_at=now,
        lease_until=None if tries >= MOST_TRIES else at + pause,
    )


def release(run: Run, at: datetime) -> None:
    """Leave the run to the next worker at once; it does not count as a try."""
    assert run.row is not None
    held(run.row).update(lease_until=at, tries=F("tries") - 1)


def _end(run: Run, **values: Any) -> bool:
    assert run.row is not None
    ended = bool(held(run.row).update(**run.counts(), **values))
    run.row.refresh_from_db()
    return ended


def _create(
    job: str, scope: str, slot: str, worker: str, now: datetime, at: datetime
) -> JobRun | None:
    def insert() -> JobRun:
        return JobRun.objects.create(
            job=job, scope=scope, slot=slot, worker=worker, started_at=now, lease_until=at + LEASE
        )

    return _unless_taken(insert)


def _take(
    rows: QuerySet[JobRun],
    pk: int,
    slot: str,
    worker: str,
    now: datetime,
    at: datetime,
    tries: int,
) -> JobRun | None:
    def update() -> JobRun | None:
        taken = rows.update(
            status=Status.RUNNING,
            slot=slot,
            worker=worker,
            lease_until=at + LEASE,
            again=False,
            started_at=now,
            finished_at=None,
            tries=tries,
            done=0,
            planned=0,
            failures=0,
            summary={},
            error="",
        )
        return JobRun.objects.get(pk=pk) if taken else None

    return _unless_taken(update)


def _unless_taken(write: Callable[[], JobRun | None]) -> JobRun | None:
    """The unique constraints decide between two workers; the loser gets None."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError:
        return None


def _open(at: datetime) -> QuerySet[JobRun]:
    return JobRun.objects.filter(lease_until__lte=at, tries__lt=MOST_TRIES).exclude(
        status=Status.DONE
    )


def _is_open(row: JobRun, at: datetime) -> bool:
    return row.status != Status.DONE and row.lease_until is not None and row.lease_until <= at
