"""What the clock does about acts on many rows."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.bulk import doing
from caudal.apps.bulk.actions import forget_files
from caudal.apps.clock.jobs import Run, daily, frequent

KEPT_FILES = timedelta(days=30)


@frequent("bulk.acts", seconds=60, label=_("Do what was asked of many rows"))
def do_bulk_acts(run: Run, now: datetime) -> dict[str, Any]:
    return doing.do_waiting(run, now)


@daily("bulk.forget_files", hour=3, order=80, label=_("Forget files of acts on many rows"))
def forget_bulk_files(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    gone = forget_files(now - KEPT_FILES)
    return {"forgotten": gone} if gone else {}
