"""What the worker finds to do: runs to plan and runs to execute, each gone on with where it is.

Two that execute a run share its rows; two that plan one take each other's away. So each run has
one job that plans it: the clock's own their date's, all others `runs.work`.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from caudal.apps.clock.jobs import Run as Job
from caudal.apps.clock.run import Interrupted, LeaseLost
from caudal.apps.runs.execution import execute_rows
from caudal.apps.runs.models import Run
from caudal.apps.runs.planning import plan_rows
from caudal.apps.runs.progress import Progress


def do_waiting(job: Job, now: datetime, today: date) -> dict[str, Any]:
    """Plan what people asked for and execute what is approved, in the order in which it came."""
    return _do(Run.objects.asked_for() | Run.objects.approved(), job, now, today)


def execute_approved(job: Job, now: datetime, today: date) -> dict[str, Any]:
    """Only what is approved: for any job, at the same time as others."""
    return _do(Run.objects.approved(), job, now, today)


def _do(runs: QuerySet[Run], job: Job, now: datetime, today: date) -> dict[str, Any]:
    done = sum(_go_on(run, job, now, today) for run in runs.order_by("requested_at", "id"))
    return {"runs": done} if done else {}


def _go_on(run: Run, job: Job, now: datetime, today: date) -> bool:
    """One step of it. What a run stumbles over is told on its row, and the others go on."""
    progress = Progress(run, job)
    try:
        if run.status == Run.Status.PLANNING:
            plan_rows(run, now, progress)
        elif run.on <= today:
            execute_rows(run, now, progress)
        else:
            return False
    except (LeaseLost, Interrupted):
        raise
    except Exception as error:
        Run.objects.filter(pk=run.pk).update(error=f"{type(error).__name__}: {error}"[:2000])
        job.fail(run, error)
    return True
