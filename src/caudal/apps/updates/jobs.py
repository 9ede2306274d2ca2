"""What the clock does for updates by file."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, daily, frequent
from caudal.apps.updates.actions import KEPT, forget
from caudal.apps.updates.checking import BATCH, check_all, claim


@frequent("updates.check", seconds=60, label=_("Check files of updates"))
def check_updates(run: Run, now: datetime) -> dict[str, Any]:
    """Compare every file that waits for it."""
    done = 0
    while (found := claim(now)) is not None:
        run.plan(found.total)
        check_all(found, told=lambda: run.advance(BATCH))
        done += 1
    return {"updates": done} if done else {}


@daily("updates.forget", hour=3, order=81, label=_("Forget old files of updates"))
def forget_updates(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    gone = forget(now - KEPT)
    return {"forgotten": gone} if gone else {}
