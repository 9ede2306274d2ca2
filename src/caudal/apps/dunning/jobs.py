"""What the clock does about who owes: it leaves notices at seven; the cut is a run.

The names begin with "billing": so they stand in the log of jobs since before this room was.
"""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, daily
from caudal.apps.dunning.notices import leave_notices


@daily("billing.notices", hour=7, label=_("Leave invoice notices and reminders"))
def leave_notices_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return leave_notices(today, now, zone=zone, run=run)
