"""The clock's own runs: planned and executed in one go with the brakes on, or left for a person."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from caudal.apps.billing.actions import create_invoices
from caudal.apps.billing.emissions import emissions
from caudal.apps.clock.jobs import Run as Job
from caudal.apps.customers.models import Service
from caudal.apps.dunning.cuts import candidates
from caudal.apps.runs.brakes import by_company, too_many_cuts, unlike_last_time
from caudal.apps.runs.execution import execute_rows
from caudal.apps.runs.models import Run, RunRow, RunTerms
from caudal.apps.runs.planning import plan_rows
from caudal.apps.runs.progress import Progress
from caudal.apps.runs.sources.comparing import note_differences
from caudal.apps.runs.sources.undoing import written_invoices
from caudal.store.money import total

CLOCK = "clock"


def automatic(kind: str, today: date, zone: str, now: datetime, job: Job) -> dict[str, Any]:
    """The creation or the cut of a civil date on the clock `zone`; returns what the log shows.

    Twice is harmless: what was done is done, and a run that waits for a person is left to him.
    """
    known = Run.objects.filter(kind=kind, on=today, time_zone=zone, is_automatic=True)
    run = known.exclude(status=Run.Status.DISCARDED).first()
    if run is None and known.exists():
        return {}  # A person discarded the plan of this date: the clock does not insist.
    if run is None:
        run = _begin(kind, today, zone, now)
    if run is None:
        return {}
    return _go_on(run, now, job) if run.frozen else _at_once(run, now, job)


def _begin(kind: str, today: date, zone: str, now: datetime) -> Run | None:
    """The row of the run, there before anything is done; None where there is nothing to do.

    Invoices are many: where nothing forbids it they are created without a row for each. A cut
    always has its rows, which say of each service why.
    """
    mode = RunTerms.get().mode_of(kind)
    is_shadow = mode == RunTerms.Mode.SHADOW
    if kind == Run.Kind.CUT:
        has_work = candidates(today, zone).exists()
        return _new(kind, today, zone, now, is_shadow=is_shadow) if has_work else None
    if mode == RunTerms.Mode.AUTOMATIC:
        brakes = unlike_last_time(today, zone)
        if brakes:
            return _new(kind, today, zone, now, brakes=brakes)
        return _new(kind, today, zone, now, frozen=False, status=Run.Status.EXECUTING)
    has_work = any(emission.services().exists() for emission in emissions(today, zone))
    return _new(kind, today, zone, now, is_shadow=is_shadow) if has_work else None


def _go_on(run: Run, now: datetime, job: Job) -> dict[str, Any]:
    """A frozen run from wherever it is: planned, braked or let go, executed."""
    if run.status == Run.Status.PLANNING:
        plan_rows(run, now, Progress(run, job))
    if run.status == Run.Status.PLANNED:  # also where a worker died between these two steps
        if not run.rows.acts().exists():
            run.delete()
            return {}
        _decide(run)
    if run.status in Run.IN_EXECUTION:
        execute_rows(run, now, Progress(run, job))
    if run.status != Run.Status.DONE:
        return {"waiting": 1}
    counts = dict(run.result["counts"])
    return {"cut" if run.kind == Run.Kind.CUT else "created": counts.pop("done", 0), **counts}


def _decide(run: Run) -> None:
    """What the clock may do by itself it does; the rest waits for a person."""
    if run.kind == Run.Kind.CUT:
        _supersede(run)
        cut = run.rows.filter(action=RunRow.Action.CUT).values("service")
        run.brakes = too_many_cuts(by_company(Service.objects.filter(pk__in=cut)), run.time_zone)
    is_automatic = RunTerms.get().mode_of(run.kind) == RunTerms.Mode.AUTOMATIC
    if run.is_shadow or (is_automatic and not run.brakes):
        run.status, run.approved_by = Run.Status.APPROVED, CLOCK
    Run.objects.filter(pk=run.pk, status=Run.Status.PLANNED).update(
        brakes=run.brakes, status=run.status, approved_by=run.approved_by
    )
    run.refresh_from_db()  # a person may have discarded it meanwhile


def _at_once(run: Run, now: datetime, job: Job) -> dict[str, Any]:
    """Created in one go: the run keeps the sums, and a row of what differs from the last time.

    Its row is there before the first invoice, so that what a killed worker wrote is known as its.
    """
    instants = list(dict.fromkeys([*run.instants, now.isoformat()]))
    Run.objects.filter(pk=run.pk).update(instants=instants)
    run.instants = instants
    summary = create_invoices(run.on, now, zone=run.time_zone, run=job, number=run.pk)
    _finish(run, now)
    return summary


@transaction.atomic
def _finish(run: Run, now: datetime) -> None:
    """A date on which there was nothing to do leaves no row behind."""
    _hold(run)
    result = _written(run)
    if not result["counts"]["done"]:
        Run.objects.filter(pk=run.pk).delete()
        return
    totals = {"compared": note_differences(run, now)}
    Run.objects.filter(pk=run.pk).update(
        status=Run.Status.DONE, finished_at=now, result=result, totals=totals
    )


def _hold(run: Run) -> None:
    """Lock its row; another worker, for whom nothing was left to do, may have taken it away."""
    if not Run.objects.select_for_update().filter(pk=run.pk).first():
        run.save(force_insert=True)


def _written(run: Run) -> dict[str, Any]:
    """What all workers wrote for it, before and after a kill, from the invoices themselves."""
    sums = written_invoices(run).order_by().values_list("currency")
    found = list(sums.annotate(n=Count("pk"), sum=total("total")))
    return {
        "counts": {"done": sum(count for _currency, count, _sum in found)},
        "amounts": {currency: f"{amount:.2f}" for currency, _count, amount in found},
    }


def _supersede(run: Run) -> None:
    """Who was to be cut yesterday and was not is in today's plan; two would confuse."""
    Run.objects.filter(
        kind=run.kind,
        time_zone=run.time_zone,
        is_automatic=True,
        on__lt=run.on,
        status=Run.Status.PLANNED,
        is_shadow=False,
    ).update(status=Run.Status.DISCARDED)


def _new(kind: str, today: date, zone: str, now: datetime, **values: Any) -> Run:
    """One per date and clock; of two workers the second finds the first one's row."""
    run, _is_new = Run.objects.exclude(status=Run.Status.DISCARDED).get_or_create(
        kind=kind,
        on=today,
        time_zone=zone,
        is_automatic=True,
        defaults={"requested_by": CLOCK, "requested_at": now, **values},
    )
    return run
