"""What jobs must know of billing: the time zones of customers, and what goes with messages."""

from collections.abc import Iterable

from caudal.apps.billing import calendars, documents  # noqa: F401 - its attachments
from caudal.apps.clock.jobs import time_zones


@time_zones
def clocks_of_customers() -> Iterable[str]:
    return calendars.time_zones()
