"""What the clock does for backups: every router once a night, those that were off later."""

import time
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, daily, frequent
from caudal.apps.network.actions.backups import forget_old
from caudal.apps.network.errors import NetworkError
from caudal.apps.network.tools import backups
from caudal.core.ports.access import AccessError

AT_MOST_S = 20.0
"""One run gives way to other jobs after this; the next one goes on where it stopped."""


@frequent("network.back_up", seconds=60, label=_("Take backups of routers"))
def back_up(run: Run, now: datetime) -> dict[str, Any]:
    begun = time.monotonic()
    done: dict[str, int] = {}
    for router in backups.due(now):
        if time.monotonic() - begun > AT_MOST_S:
            break
        try:
            backups.take(router, now)
        except (AccessError, NetworkError):
            done["unreachable"] = done.get("unreachable", 0) + 1
        else:
            done["backups"] = done.get("backups", 0) + 1
        run.advance()
    return done


@daily("network.forget_backups", hour=4, order=82, label=_("Forget old backups of routers"))
def forget_backups(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    """Those of a configuration that no router has had for longer than they are kept."""
    forgotten = forget_old(now)
    return {"forgotten": forgotten} if forgotten else {}
