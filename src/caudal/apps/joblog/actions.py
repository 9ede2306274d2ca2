"""What people may do to the clock: run a job again, and move the demo's clock."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from caudal.apps.clock.jobs import wake
from caudal.apps.clock.models import JobRun, Shift, Start
from caudal.apps.clock.schedule import Daily, job_named
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.errors import RuleError

FARTHEST = timedelta(days=400)
"""One move; farther is a slip of the finger, and each day of it is worked through."""


@transaction.atomic
def run_again(*, actor: Actor, now: datetime, at: datetime, run: JobRun) -> None:
    """Open a run that has ended so that the next worker does it again. `at` is the machine's time.

    A frequent job is simply woken. Raises RuleError where the run has not ended.
    """
    if isinstance(job_named(run.job), Daily):
        ended = JobRun.objects.filter(pk=run.pk).exclude(status=JobRun.Status.RUNNING)
        if not ended.update(status=JobRun.Status.FAILED, tries=0, lease_until=at):
            raise RuleError("run-has-not-ended")
        Start.objects.filter(job=run.job, scope=run.scope, since__gt=run.slot).update(
            since=run.slot
        )
    record(actor, "jobs.run_again", run, now=now)
    wake()


@transaction.atomic
def move_clock(*, actor: Actor, now: datetime, to: datetime) -> None:
    """Move the demo's clock forward to the instant `to` and wake the worker.

    Raises RuleError outside the demo, backwards, or farther than 400 days at once.
    """
    if not settings.DEMO:
        raise RuleError("clock-is-real")
    if to <= now:
        raise RuleError("clock-goes-forward", field="to")
    if to - now > FARTHEST:
        raise RuleError("clock-too-far", field="to", days=FARTHEST.days)
    shift, _ = Shift.objects.select_for_update().get_or_create(pk=1)
    before = {"now": now.isoformat(timespec="minutes")}
    shift.seconds += round((to - now).total_seconds())
    shift.save()
    record(
        actor,
        "jobs.move_clock",
        shift,
        now=now,
        before=before,
        after={"now": to.isoformat(timespec="minutes")},
    )
    wake()
