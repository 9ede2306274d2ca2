"""What the clock does about invoices: it creates those of the day at six."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.billing import calendars, documents  # noqa: F401 - its attachments
from caudal.apps.billing.creation import create_invoices
from caudal.apps.clock.jobs import Run, daily, time_zones


@time_zones
def clocks_of_customers() -> Iterable[str]:
    return calendars.time_zones()


@daily("billing.create_invoices", hour=6, label=_("Create invoices"))
def create_invoices_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return create_invoices(today, now, zone=zone, run=run)
