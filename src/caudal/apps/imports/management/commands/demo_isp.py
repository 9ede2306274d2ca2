"""`caudal demo_isp`: the made-up provider Red Andina, with customers and some months of history."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from caudal.apps.clock.now import now, today
from caudal.apps.imports.demo.adoption import adopt_routers
from caudal.apps.imports.demo.arrivals import let_money_arrive
from caudal.apps.imports.demo.founding import found
from caudal.apps.imports.demo.history import live
from caudal.apps.imports.demo.papers import write_about_people
from caudal.apps.imports.demo.takeover import take_over
from caudal.apps.imports.demo.watching import watch_network
from caudal.apps.imports.demo.ways import let_people_move_in
from caudal.apps.imports.models import ImportRow
from caudal.apps.imports.options import Options
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.staff.models import JournalEntry

READY = "demo.ready"
"""The journal's word for a history that was lived to its end."""


class Command(BaseCommand):
    help = "Found the made-up provider of the demo; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is for the demo alone: set CAUDAL_DEMO=1.")
        day = today()
        first_day = (day.replace(day=1) - timedelta(days=35)).replace(day=25)
        actor = Actor.system("demo")
        company = found(actor, _morning(first_day))
        run = take_over(actor, _morning(first_day), first_day)
        begun = Options.of(run.options).first_day
        for name in adopt_routers(actor, _morning(begun), begun):
            self.stdout.write(f"{name} does not answer: it will be adopted at the next start.")
        let_people_move_in(actor, _morning(begun), begun)
        if not JournalEntry.objects.filter(verb=READY).exists():
            live(begun, day, now())
            record(actor, READY, company, now=now())
        let_money_arrive(actor, company, day, now())
        watch_network(actor, now())
        write_about_people(actor, day, now())
        done = run.rows.filter(status=ImportRow.Status.DONE).count()
        self.stdout.write(f"Red Andina: {done} of {run.rows.count()} rows imported.")


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(5), ZoneInfo(settings.TIME_ZONE))
