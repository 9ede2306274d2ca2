"""What jobs must know of billing: time zones, what goes with messages, acts on many invoices."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.billing import (
    bulk,
    calendars,
    documents,  # noqa: F401 - its attachments
    invoice_acts,  # noqa: F401 - what is done to many
)
from caudal.apps.billing.late_fees import charge_late_fees
from caudal.apps.clock.jobs import Run, daily, frequent, time_zones

KEPT_FILES = timedelta(days=30)


@time_zones
def clocks_of_customers() -> Iterable[str]:
    return calendars.time_zones()


@frequent("billing.bulk", seconds=60, label=_("Do what was asked of many invoices"))
def do_bulk_acts(run: Run, now: datetime) -> dict[str, Any]:
    return bulk.do_waiting(run, now)


@daily("billing.late_fees", hour=5, label=_("Charge late fees on overdue invoices"))
def charge_late_fees_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return charge_late_fees(today, now, zone=zone, run=run)


@daily("billing.forget_files", hour=3, order=80, label=_("Forget files of acts on many invoices"))
def forget_bulk_files(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    gone = bulk.forget_files(now - KEPT_FILES)
    return {"forgotten": gone} if gone else {}
