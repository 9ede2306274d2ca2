"""What the clock does about money: invoices at six, notices at seven, cuts at eight."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.billing import calendars, documents  # noqa: F401 - its attachments
from caudal.apps.billing.creation import create_invoices
from caudal.apps.billing.cuts import cut_overdue
from caudal.apps.billing.notices import leave_notices
from caudal.apps.billing.requests import do_requested
from caudal.apps.clock.jobs import Run, daily, frequent, time_zones


@time_zones
def clocks_of_customers() -> Iterable[str]:
    return calendars.time_zones()


@daily("billing.create_invoices", hour=6, label=_("Create invoices"))
def create_invoices_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return create_invoices(today, now, zone=zone, run=run)


@daily("billing.notices", hour=7, label=_("Leave invoice notices and reminders"))
def leave_notices_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return leave_notices(today, now, zone=zone, run=run)


@daily("billing.cut", hour=8, label=_("Cut who owes"))
def cut_overdue_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return cut_overdue(today, now, zone=zone, run=run)


@frequent("billing.requested", seconds=60, label=_("Do the runs that were asked for"))
def do_requested_runs(run: Run, now: datetime) -> dict[str, Any]:
    return do_requested(run, now)
