"""What the clock does about money: invoices at six, notices at seven, cuts at eight."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.creation import create_invoices
from caudal.apps.billing.cuts import cut_overdue
from caudal.apps.billing.notices import leave_notices
from caudal.apps.clock.jobs import Run, daily, time_zones
from caudal.apps.customers.models import Zone


@time_zones
def zones_of_customers() -> Iterable[str]:
    return Zone.objects.exclude(timezone="").values_list("timezone", flat=True).distinct()


@daily("billing.create_invoices", hour=6, label=_("Create invoices"))
def create_invoices_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return create_invoices(today, now, zone=zone, run=run)


@daily("billing.notices", hour=7, label=_("Leave invoice notices and reminders"))
def leave_notices_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return leave_notices(today, now, zone=zone, run=run)


@daily("billing.cut", hour=8, label=_("Cut who owes"))
def cut_overdue_of(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return cut_overdue(today, now, zone=zone, run=run)
