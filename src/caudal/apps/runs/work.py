"""What the worker finds to do: runs to plan and runs to execute, each gone on with where it is."""

from datetime import date, datetime
from typing import Any

from caudal.apps.clock.jobs import Run as Job
from caudal.apps.clock.run import Interrupted, LeaseLost
from caudal.apps.runs.execution import execute_rows
from caudal.apps.runs.models import Run
from caudal.apps.runs.planning import plan_rows
from caudal.apps.runs.progress import Progress


def do_waiting(job: Job, now: datetime, today: date) -> dict[str, Any]:
    """Every run that waits for the worker, in the order in which they were asked for."""
    done = 0
    for run in Run.objects.waiting_for_the_worker().order_by("requested_at", "id"):
        done += _go_on(run, job, now, today)
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
