"""What the clock does at the desk: the changes of services that were left for a day."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, daily, frequent
from caudal.apps.desk.drafts import forget_old_drafts
from caudal.apps.desk.life import do_changes
from caudal.apps.desk.taking import KEPT, do_waiting, forget_old_files


@daily("desk.changes", hour=5, label=_("Do the changes of services left for today"))
def do_changes_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    """Before invoices are created, so that the day begins with the terms that it has."""
    return do_changes(today, now, zone, run)


@daily("desk.drafts", hour=4, label=_("Forget drafts that nobody came back to"))
def forget_drafts(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return {"rows": forget_old_drafts(now)}


@frequent("desk.localities", seconds=60, label=_("Read files of localities"))
def take_files(run: Run, now: datetime) -> dict[str, Any]:
    done = do_waiting(now, run)
    return {"files": done} if done else {}


@daily("desk.locality_files", hour=4, label=_("Forget what came of old files of localities"))
def forget_files(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    gone = forget_old_files(now - KEPT)
    return {"forgotten": gone} if gone else {}
