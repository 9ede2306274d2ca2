"""What the clock does about who owes: it leaves notices at seven; the cut is a run.

The names begin with "billing": so they stand in the log of jobs since before this room was.
"""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, daily, frequent
from caudal.apps.dunning.attempts import settle_attempts
from caudal.apps.dunning.following import follow_promises
from caudal.apps.dunning.notices import leave_notices
from caudal.apps.dunning.restoring import restore_cleared


@daily("billing.notices", hour=7, label=_("Leave invoice notices and reminders"))
def leave_notices_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return leave_notices(today, now, zone=zone, run=run)


@daily("dunning.promises", hour=8, order=20, label=_("Follow promises to pay"))
def follow_promises_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    """Also on a day whose cut waits for a person."""
    return dict(follow_promises(today, now, zone, run))


@frequent("dunning.attempts", seconds=120, label=_("See which cuts have reached their routers"))
def settle_attempts_of(run: Run, now: datetime) -> dict[str, Any]:
    done = settle_attempts()
    return {"done": done} if done else {}


@frequent("dunning.cleared", seconds=300, label=_("Restore those who owe nothing any more"))
def restore_cleared_of(run: Run, now: datetime) -> dict[str, Any]:
    restored = restore_cleared(now, run)
    return {"restored": restored} if restored else {}
