"""What the clock does about runs: new prices at five, invoices at six, cuts at eight.

The names of the last two begin with "billing": so they stand in the log since before this room was.
"""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run as Job
from caudal.apps.clock.jobs import daily, frequent, silence
from caudal.apps.runs.automatic import automatic
from caudal.apps.runs.models import Run, RunTerms
from caudal.apps.runs.work import do_waiting, execute_approved
from caudal.core.civil import local_date, zone_named

ACTING = ("billing.late_fees", "billing.notices", "dunning.promises", "portal.remind")
"""What would charge, tell or cut customers whom another system still bills."""

silence(ACTING, lambda: RunTerms.get().is_shadow)


@daily("runs.prices", hour=5, label=_("Execute the runs approved for the day"))
def do_approved(run: Job, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return execute_approved(run, now, today) if zone == settings.TIME_ZONE else {}


@daily("billing.create_invoices", hour=6, label=_("Create invoices"))
def create_invoices_of(run: Job, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return automatic(Run.Kind.CREATE, today, zone, now, run)


@daily("billing.cut", hour=8, label=_("Cut who owes"))
def cut_overdue_of(run: Job, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return automatic(Run.Kind.CUT, today, zone, now, run)


@frequent("runs.work", seconds=60, label=_("Plan and execute runs"))
def do_runs(run: Job, now: datetime) -> dict[str, Any]:
    return do_waiting(run, now, local_date(now, zone_named(settings.TIME_ZONE)))
