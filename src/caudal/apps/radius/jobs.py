"""What the clock does for RADIUS: routers that may ask, sessions that ended without a word."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, daily, frequent
from caudal.apps.clock.now import machine_time
from caudal.apps.radius import actions


@frequent("radius.keep_up", seconds=20, label=_("Keep RADIUS up to date"))
def keep_up(run: Run, now: datetime) -> dict[str, Any]:
    """Reports of sessions carry the machine's time, whatever the demo's clock says."""
    found = {"routers": actions.write_clients()}
    actions.note_signs(machine_time())
    found["lost"] = actions.close_silent(machine_time())
    return {name: count for name, count in found.items() if count}


@daily("radius.forget", hour=4, order=85, label=_("Forget old sessions and refusals of RADIUS"))
def forget(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    forgotten = actions.forget(machine_time())
    return {"forgotten": forgotten} if forgotten else {}
