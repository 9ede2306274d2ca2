"""What jobs must know of billing: time zones, what goes with messages, late fees."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.billing import (
    calendars,
    documents,  # noqa: F401 - its attachments
)
from caudal.apps.billing.late_fees import charge_late_fees
from caudal.apps.clock.jobs import Run, daily, time_zones


@time_zones
def clocks_of_customers() -> Iterable[str]:
    return calendars.time_zones()


@daily("billing.late_fees", hour=5, label=_("Charge late fees on overdue invoices"))
def charge_late_fees_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return charge_late_fees(today, now, zone=zone, run=run)
