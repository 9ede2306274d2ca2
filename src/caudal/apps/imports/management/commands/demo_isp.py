"""`caudal demo_isp`: the made-up provider Red Andina, with customers and some months of history."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from caudal.apps.clock.now import today
from caudal.apps.imports.demo.founding import found
from caudal.apps.imports.demo.takeover import take_over
from caudal.apps.imports.models import ImportRow
from caudal.apps.staff.actor import Actor


class Command(BaseCommand):
    help = "Found the made-up provider of the demo; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is for the demo alone: set CAUDAL_DEMO=1.")
        first_day = (today().replace(day=1) - timedelta(days=45)).replace(day=1)
        opened = datetime.combine(first_day, time(15), UTC)
        actor = Actor.system("demo")
        found(actor, opened)
        run = take_over(actor, opened, first_day)
        done = run.rows.filter(status=ImportRow.Status.DONE).count()
        self.stdout.write(f"Red Andina: {done} of {run.rows.count()} rows imported.")
