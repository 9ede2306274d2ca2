"""`caudal tick`: one pass over everything that is due."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from caudal.apps.clock.models import JobRun
from caudal.apps.clock.now import now
from caudal.apps.clock.queue import worker_name
from caudal.apps.clock.runner import run_due


class Command(BaseCommand):
    help = "Do everything that is due now: invoices, notices, cuts, routers, messages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--date",
            type=date.fromisoformat,
            help="as if it were the end of this day (2026-07-05); a coming day only in the demo",
        )

    def handle(self, *args: Any, date: date | None = None, **options: Any) -> None:
        instant = now()
        if date is not None:
            instant = _end_of(date)
            if instant > now() + timedelta(days=1) and not settings.DEMO:
                raise CommandError("Only the demo may do the work of a day that has not come.")
        runs = run_due(instant, worker_name(), woken=True)
        for run in runs:
            self.stdout.write(f"{run.status:8} {run.job} {run.slot} {run.scope} {run.summary}")
        if any(run.status == JobRun.Status.FAILED for run in runs):
            raise CommandError("Some jobs failed; the job log says why.")


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(settings.TIME_ZONE))
