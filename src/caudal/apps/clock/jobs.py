"""The public face of the job runner: register jobs, run what is due, wake the worker."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.alone import AWAY, each_alone
from caudal.apps.clock.models import JobRun
from caudal.apps.clock.queue import wake, wake_in
from caudal.apps.clock.run import Run
from caudal.apps.clock.runner import run_due
from caudal.apps.clock.schedule import daily, frequent, silence, time_zones

__all__ = [
    "AWAY",
    "Run",
    "daily",
    "each_alone",
    "frequent",
    "run_due",
    "silence",
    "time_zones",
    "wake",
    "wake_in",
]

KEPT = timedelta(days=60)


@daily("clock.forget_old_runs", hour=3, order=90, label=_("Forget old runs of frequent jobs"))
def forget_old_runs(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    """Daily runs are kept for ever; those of frequent jobs for 60 days."""
    old = JobRun.objects.filter(scope="", started_at__lt=now - KEPT)
    forgotten, _by_kind = old.exclude(status=JobRun.Status.RUNNING).delete()
    return {"forgotten": forgotten} if forgotten else {}
