"""One pass of the clock: every daily slot that is due, in order, then every frequent job."""

import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from caudal.apps.clock import claims
from caudal.apps.clock.models import JobRun, Start
from caudal.apps.clock.now import machine_time
from caudal.apps.clock.run import Interrupted, LeaseLost, Run, stopping
from caudal.apps.clock.schedule import Daily, Frequent, daily_jobs, frequent_jobs, is_silent, zones
from caudal.core.civil import local_date, zone_named

Machine = Callable[[], datetime]
Work = Callable[[Run], dict[str, Any]]

log = logging.getLogger(__name__)


def run_due(
    now: datetime, worker: str, *, woken: bool = False, machine: Machine = machine_time
) -> list[JobRun]:
    """Do all that is due at `now`; returns the runs that this worker did.

    `worker` must be a name that no other thread uses. `woken`: frequent jobs run although their
    time has not come. `machine` is the time that leases and pauses between tries go by.
    Safe with any number of workers: one of them does each run, the others go on elsewhere.
    """
    claims.give_up_on_dead(machine())
    runs: list[JobRun] = []
    for zone in zones():
        runs += _Chain(zone, now, worker, machine).run()
    for job in frequent_jobs():
        runs += _run_frequent(job, now, worker, machine, woken=woken)
    return runs


class _Chain:
    """The daily jobs of one zone: date by date, and of one date by hour.

    Workers walk it in the same order and stop where another one is at work, so that a later
    slot never starts before an earlier one has ended.
    """

    def __init__(self, zone: str, now: datetime, worker: str, machine: Machine) -> None:
        self.zone = zone
        self.now = now
        self.worker = worker
        self.machine = machine
        self.today = local_date(now, zone_named(zone))

    def run(self) -> list[JobRun]:
        starts = self._starts()
        slots = sorted(self._due(starts), key=lambda slot: (slot[0], slot[1].hour, slot[1].order))
        rows = self._rows(starts)
        runs: list[JobRun] = []
        for day, job in slots:
            row = rows.get((job.name, day.isoformat()))
            at = self.machine()
            if stopping.is_set():
                break
            if row is not None and not claims.claimable(row, at):
                if row.status == JobRun.Status.RUNNING:
                    break
                continue
            mine = claims.claim(
                job.name, self.zone, day.isoformat(), row, self.worker, self.now, at
            )
            if mine is None:
                break
            rows[(job.name, day.isoformat())] = mine
            runs.append(_do(mine, self._work(job, day), self.now, self.machine))
        self._settle(starts, slots, rows)
        return runs

    def _work(self, job: Daily, day: date) -> Work:
        if is_silent(job.name):
            return lambda run: {}
        return lambda run: job.work(run, day, self.zone, self.now)

    def _starts(self) -> dict[str, Start]:
        """Where to look from, by job; a job seen for the first time starts today."""
        known = {start.job: start for start in Start.objects.filter(scope=self.zone)}
        for job in daily_jobs():
            if job.name not in known:
                known[job.name], _ = Start.objects.get_or_create(
                    job=job.name, scope=self.zone, defaults={"since": self.today}
                )
        return known

    def _due(self, starts: dict[str, Start]) -> Iterator[tuple[date, Daily]]:
        for job in daily_jobs():
            for day in job.due_days(starts[job.name].since, self.now, self.zone):
                yield day, job

    def _rows(self, starts: dict[str, Start]) -> dict[tuple[str, str], JobRun]:
        since = min((start.since for start in starts.values()), default=self.today)
        rows = JobRun.objects.filter(scope=self.zone, slot__gte=since.isoformat())
        return {(row.job, row.slot): row for row in rows}

    def _settle(
        self,
        starts: dict[str, Start],
        slots: list[tuple[date, Daily]],
        rows: dict[tuple[str, str], JobRun],
    ) -> None:
        """Move each start forward to its first date that is not settled."""
        for job in daily_jobs():
            start = starts[job.name]
            unsettled = (
                day
                for day, other in slots
                if other is job and not _settled(rows.get((job.name, day.isoformat())))
            )
            since = min(next(unsettled, self.today), self.today)
            if since > start.since:
                Start.objects.filter(pk=start.pk, since=start.since).update(since=since)


def _settled(row: JobRun | None) -> bool:
    return row is not None and claims.settled(row)


def _run_frequent(
    job: Frequent, now: datetime, worker: str, machine: Machine, *, woken: bool
) -> list[JobRun]:
    """Run the job if it is due; and again for as long as somebody asked while it ran."""
    runs: list[JobRun] = []
    begun, again = machine(), woken
    while not stopping.is_set():
        instant = now + (machine() - begun)
        row = claims.claim_frequent(job, worker, instant, machine(), woken=again)
        if row is None:
            break
        runs.append(_do(row, _at(job, instant), instant, machine))
        if not runs[-1].again:
            break
        again = True
    return runs


def _at(job: Frequent, instant: datetime) -> Work:
    if is_silent(job.name):
        return lambda run: {}
    return lambda run: job.work(run, instant)


def _do(row: JobRun, work: Work, now: datetime, machine: Machine) -> JobRun:
    """Do the work and record how it ended. No exception leaves: other jobs must go on."""
    run, begun = Run(row, machine), machine()

    def ended() -> datetime:
        return now + (machine() - begun)

    try:
        summary = work(run)
    except LeaseLost:
        log.warning("%s was taken over by another worker", row)
    except Interrupted:
        claims.release(run, machine())
    except Exception as error:
        log.exception("%s failed", row)
        claims.fail(run, ended(), machine(), _told(error))
    else:
        claims.finish(run, ended(), summary)
    return row


def _told(error: Exception) -> str:
    return "".join(traceback.format_exception(error, limit=-4)).strip()
