"""The clock's own runs: planned and executed in one go with the brakes on, or left for a person."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count

from caudal.apps.billing.actions import create_invoices
from caudal.apps.billing.emissions import emissions
from caudal.apps.clock.jobs import Run as Job
from caudal.apps.customers.models import Service
from caudal.apps.dunning.cuts import candidates, cut_overdue
from caudal.apps.runs.brakes import by_company, too_many_cuts, unlike_last_time
from caudal.apps.runs.execution import execute_rows
from caudal.apps.runs.models import Run, RunRow, RunTerms
from caudal.apps.runs.planning import plan_rows
from caudal.apps.runs.progress import Progress
from caudal.apps.runs.sources.undoing import written_invoices, written_suspensions
from caudal.core.records import Plain
from caudal.store.money import total

CLOCK = "clock"


def automatic(kind: str, today: date, zone: str, now: datetime, job: Job) -> dict[str, Any]:
    """The creation or the cut of a civil date on the clock `zone`; returns what the log shows.

    Twice is harmless: what was done is done, and a run that waits for a person is left to him.
    """
    known = Run.objects.filter(kind=kind, on=today, time_zone=zone, is_automatic=True)
    run = known.exclude(status=Run.Status.DISCARDED).first()
    mode = RunTerms.get().mode_of(kind)
    if run is None and known.exists():
        return {}  # A person discarded the plan of this date: the clock does not insist.
    if run is None and mode == RunTerms.Mode.AUTOMATIC:
        brakes = _brakes(kind, today, zone)
        if brakes:
            run = _frozen(kind, today, zone, now, brakes)
    elif run is None:
        if not _has_work(kind, today, zone):
            return {}
        run = _frozen(kind, today, zone, now, [], is_shadow=mode == RunTerms.Mode.SHADOW)
    if run is not None and run.frozen:
        return _plan(run, zone, now, job)
    return _at_once(run, kind, today, zone, now, job)


def _brakes(kind: str, today: date, zone: str) -> list[Plain]:
    """Before anything is computed: sums in the database, an upper bound for cuts."""
    if kind == Run.Kind.CREATE:
        return unlike_last_time(today, zone)
    return too_many_cuts(by_company(candidates(today, zone)), zone)


def _has_work(kind: str, today: date, zone: str) -> bool:
    if kind == Run.Kind.CUT:
        return candidates(today, zone).exists()
    return any(emission.services().exists() for emission in emissions(today, zone))


def _at_once(
    run: Run | None, kind: str, today: date, zone: str, now: datetime, job: Job
) -> dict[str, Any]:
    """Planned and executed in one go, without a row per invoice: the run keeps the sums.

    Its row is there before the first invoice, so that what a killed worker wrote is known as its.
    """
    if run is None:
        run = _new(kind, today, zone, now, frozen=False, status=Run.Status.EXECUTING)
    now = _own_moment(run, now)
    run.instants = list(dict.fromkeys([*run.instants, now.isoformat()]))
    run.save(update_fields=["instants"])
    work = create_invoices if kind == Run.Kind.CREATE else cut_overdue
    summary = work(today, now, zone=zone, run=job)
    _finish(run, summary, now)
    return summary


def _own_moment(run: Run, now: datetime) -> datetime:
    """The second in which it runs, told apart from the other runs of one pass by its number."""
    return now.replace(microsecond=run.pk % 1_000_000)


def _finish(run: Run, summary: dict[str, Any], now: datetime) -> None:
    """A date on which there was nothing to do leaves no row behind."""
    written = summary.get("created", summary.get("cut", 0))
    if len(run.instants) > 1 or written:
        result = _written(run)
        Run.objects.filter(pk=run.pk).update(status=Run.Status.DONE, finished_at=now, result=result)
        written = result["counts"][RunRow.Status.DONE]
    if not written:
        Run.objects.filter(pk=run.pk, frozen=False).delete()


def _written(run: Run) -> dict[str, Any]:
    """What it wrote, over all of its moments, from the rows themselves."""
    if run.kind == Run.Kind.CUT:
        return {"counts": {"done": written_suspensions(run).count()}, "amounts": {}}
    sums = written_invoices(run).order_by().values_list("currency")
    found = list(sums.annotate(n=Count("pk"), sum=total("total")))
    return {
        "counts": {"done": sum(count for _currency, count, _sum in found)},
        "amounts": {currency: f"{amount:.2f}" for currency, _count, amount in found},
    }


def _frozen(
    kind: str,
    today: date,
    zone: str,
    now: datetime,
    brakes: list[Plain],
    *,
    is_shadow: bool = False,
) -> Run:
    run = _new(kind, today, zone, now, brakes=brakes, is_shadow=is_shadow)
    if kind == Run.Kind.CUT:
        _supersede(run)
    return run


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


def _plan(run: Run, zone: str, now: datetime, job: Job) -> dict[str, Any]:
    """Its rows; and if they show that a brake was too careful, it is executed after all."""
    if run.status == Run.Status.PLANNING:
        plan_rows(run, now, Progress(run, job))
        _release(run, zone)
    if run.status == Run.Status.PLANNED and run.is_shadow:
        execute_rows(run, now, Progress(run, job))
    if run.status in (Run.Status.APPROVED, Run.Status.EXECUTING):
        execute_rows(run, now, Progress(run, job))
    return {"waiting": 1} if run.status == Run.Status.PLANNED else dict(run.result)


def _release(run: Run, zone: str) -> None:
    """The candidates were too many, but with promises and thresholds few enough are cut."""
    if not run.brakes or run.kind != Run.Kind.CUT:
        return
    cut = run.rows.filter(action=RunRow.Action.CUT)
    services = Service.objects.filter(pk__in=cut.values("service"))
    run.brakes = too_many_cuts(by_company(services), zone)
    if not run.brakes:
        run.status, run.approved_by = Run.Status.APPROVED, CLOCK
    run.save(update_fields=["brakes", "status", "approved_by"])


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
