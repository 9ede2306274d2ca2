"""What the clock does for the portal: who owes is led to the notice on his days."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, frequent
from caudal.apps.portal import actions
from caudal.core.civil import local_date, zone_named


@frequent("portal.remind", seconds=600, label=_("Lead who owes to the notice page"))
def remind(run: Run, now: datetime) -> dict[str, Any]:
    """Whose reminder begins, ends or is due again."""
    day = local_date(now, zone_named(settings.TIME_ZONE))
    return {"changed": actions.remind(today=day, now=now)}
