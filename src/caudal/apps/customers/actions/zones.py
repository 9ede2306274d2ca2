"""Zones: stored with their calendar."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from caudal.apps.customers.actions.calendar import leave_calendar_change
from caudal.apps.customers.calendars import calendar_from
from caudal.apps.customers.models import CalendarFields, Zone
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.apps.staff.models import Branch

CALENDAR = [field.name for field in CalendarFields._meta.fields]
JOURNAL_FIELDS = ["name", "company_id", "branch_id", "timezone", "city", "is_active", *CALENDAR]


@transaction.atomic
def save_zone(*, actor: Actor, now: datetime, zone: Zone) -> Zone:
    """Store a new or edited zone. The calendar rules from the next invoice on: what is issued
    keeps its dates, and the days in between are billed once. Raises RuleError for a calendar that
    cannot be."""
    calendar_from({name: getattr(zone, name) for name in CALENDAR})
    old = Zone.objects.select_for_update().filter(pk=zone.pk).first()
    before = snapshot(old, JOURNAL_FIELDS) if old else {}
    zone.save()
    if old is not None:
        leave_calendar_change(now=now, zone=zone, before=snapshot(old, CALENDAR))
    record(actor, "zone.save", zone, now=now, before=before, after=snapshot(zone, JOURNAL_FIELDS))
    return zone


@transaction.atomic
def put_in_branch(*, actor: Actor, now: datetime, zones: Iterable[Zone], branch: Branch) -> int:
    """Give these zones, and with them their customers and routers, to the branch; how many."""
    many = 0
    wanted = Zone.objects.select_for_update().filter(pk__in=[zone.pk for zone in zones])
    for zone in wanted.exclude(branch=branch):
        before = snapshot(zone, JOURNAL_FIELDS)
        zone.branch = branch
        zone.save(update_fields=["branch"])
        after = snapshot(zone, JOURNAL_FIELDS)
        record(actor, "zone.save", zone, now=now, before=before, after=after)
        many += 1
    return many
