"""What time it is: the only place that reads the machine's clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from caudal.apps.clock.models import Shift


def now() -> datetime:
    """The present instant in UTC; in the demo, as far ahead as its clock was moved."""
    instant = machine_time()
    if not settings.DEMO:
        return instant
    seconds = Shift.objects.values_list("seconds", flat=True).first() or 0
    return instant + timedelta(seconds=seconds)


def today(zone: str = "") -> date:
    """Civil date of now in the IANA `zone`, by default the installation's."""
    return now().astimezone(ZoneInfo(zone or settings.TIME_ZONE)).date()


def machine_time() -> datetime:
    """The machine's own time in UTC, which nobody moves: for leases, never for business dates."""
    return datetime.now(UTC)
