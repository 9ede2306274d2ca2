"""Which emissions a creation run bills, each named so that executing finds it again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from caudal.apps.billing.actions import bill_calendar_changes
from caudal.apps.billing.calendars import clock_named, time_zones
from caudal.apps.billing.drafts import Draft
from caudal.apps.billing.emissions import Emission, Skipped, draft_invoices, emissions
from caudal.apps.customers.models import Customer, Service
from caudal.apps.runs.models import Run, RunRow
from caudal.core.civil import local_date
from caudal.core.periods import Schedule


@dataclass(frozen=True)
class Lot:
    """One emission in the zones of one clock."""

    name: str
    emission: Emission
    created_on: date

    def drafts(self, customers: Sequence[Customer]) -> tuple[list[Draft], list[Skipped]]:
        return draft_invoices(customers, self.emission, self.created_on)

    def key(self, draft: Draft) -> str:
        """What the draft is about: one per service, or per currency where they go together."""
        return f"{self.name}|{draft.customer.pk}|{draft.service_id or ''}|{draft.currency}"


def lots(run: Run, now: datetime) -> list[Lot]:
    """The emissions of the run's date; before that date as if it had come."""
    found = []
    for zone in clocks_of(run):
        for emission in emissions(run.on, zone):
            created_on = max(_created_on(run, emission.schedule, now, zone), run.on)
            found.append(Lot(_name(zone, emission), emission, created_on))
    return found


def _created_on(run: Run, schedule: Schedule, now: datetime, zone: str) -> date:
    """The day of the plan, whose dates a person approves, while the notice of them is in time.

    After that whoever is billed now has less time to pay than he should: RUN-5 moves the dates.
    """
    today = local_date(now, clock_named(zone))
    if run.planned_at is None or today > (schedule.notice or schedule.due):
        return today
    return min(today, local_date(run.planned_at, clock_named(zone)))


def prepare(run: Run, now: datetime) -> None:
    """Leave what calendars that changed owe, as every creation of invoices does first."""
    for zone in clocks_of(run):
        bill_calendar_changes(min(run.on, local_date(now, clock_named(zone))), now, zone)


def by_name(found: Sequence[Lot]) -> dict[str, list[Lot]]:
    """Calendars that differ only in their due or cut days share a name."""
    named: dict[str, list[Lot]] = defaultdict(list)
    for lot in found:
        named[lot.name].append(lot)
    return named


def clocks_of(run: Run) -> list[str]:
    return [run.time_zone] if run.time_zone else time_zones()


def chosen(run: Run, services: QuerySet[Service]) -> QuerySet[Service]:
    """Those of the zones that were asked for, and of the rows that are planned again."""
    zones, again = run.option("zones"), run.option("again")
    if zones:
        services = services.filter(customer__zone__in=zones)
    if again:
        refused = RunRow.objects.filter(
            run=again, status__in=[RunRow.Status.REFUSED, RunRow.Status.PROBLEM]
        )
        services = services.filter(customer__in=refused.values("customer"))
    return services


def _name(zone: str, emission: Emission) -> str:
    schedule = emission.schedule
    kind = "|recharge" if emission.recharge else ""
    return f"{zone}|{schedule.emission}|{schedule.period.first}{kind}"
