"""What the clock does at the desk: the changes of services that were left for a day."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, daily
from caudal.apps.desk.drafts import forget_old_drafts
from caudal.apps.desk.life import do_changes


@daily("desk.changes", hour=5, label=_("Do the changes of services left for today"))
def do_changes_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    """Before invoices are created, so that the day begins with the terms that it has."""
    return do_changes(today, now, zone, run)


@daily("desk.drafts", hour=4, label=_("Forget drafts that nobody came back to"))
def forget_drafts(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return {"rows": forget_old_drafts(now)}
