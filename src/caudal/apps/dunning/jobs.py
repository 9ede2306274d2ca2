"""What the clock does about who owes: it leaves notices at seven; the cut is a run.

The names begin with "billing": so they stand in the log of jobs since before this room was.
"""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, daily, frequent
from caudal.apps.dunning.notices import leave_notices
from caudal.apps.dunning.requests import do_requested


@daily("billing.notices", hour=7, label=_("Leave invoice notices and reminders"))
def leave_notices_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return leave_notices(today, now, zone=zone, run=run)


@frequent("billing.requested", seconds=60, label=_("Do the runs that were asked for"))
def do_requested_runs(run: Run, now: datetime) -> dict[str, Any]:
    return do_requested(run, now)
