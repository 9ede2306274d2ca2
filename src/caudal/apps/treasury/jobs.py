"""What the clock does for the treasury."""

import traceback
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, frequent
from caudal.apps.treasury.actions import postpone_event
from caudal.apps.treasury.collect import waiting, work_off
from caudal.core.ports.gateway import GatewayError, GatewayFault


@frequent("treasury.collect", seconds=30, label=_("Work off notices of gateways"))
def collect_notices(run: Run, now: datetime) -> dict[str, Any]:
    """Every notice that waits; one that breaks does not keep the others."""
    events = waiting(now)
    run.plan(len(events))
    for event in events:
        try:
            work_off(event, now)
        except Exception as error:
            run.fail(str(event), traceback.format_exc())
            words = GatewayError(GatewayFault.REFUSED, detail=type(error).__name__)
            postpone_event(event, words, now)
        run.advance()
    return {"notices": len(events)} if events else {}
