"""Which calendar bills a customer, as the rules understand it, and which zones share a clock."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from caudal.apps.billing.models import FixedDate
from caudal.apps.customers.calendars import calendar_from
from caudal.apps.customers.models import (
    CalendarFields,
    Customer,
    OwnCalendar,
    Zone,
)
from caudal.core.civil import zone_named
from caudal.core.periods import Calendar, FixedEmission, due_date

NUMBERS = (
    "mode",
    "payment_day",
    "create_style",
    "create_value",
    "notice_style",
    "notice_value",
    "cut_style",
    "cut_value",
)
"""The fields that say when; two rows with the same numbers emit on the same days."""


def calendar_of(customer: Customer) -> Calendar:
    """The customer's own calendar, or his zone's, as his company reads it."""
    return calendar_from(numbers_of(terms_of(customer)), customer.company.rules)


def fixed_of(customer: Customer, today: date) -> FixedEmission | None:
    """The day to which somebody moved his next creation (GEN-7), if it is still to come."""
    row = FixedDate.objects.filter(customer=customer, on__gt=today).order_by("due").first()
    if row is None:
        return None
    day = calendar_of(customer).payment_day
    is_due = row.due == due_date(day, row.due.year, row.due.month)
    return FixedEmission(row.due, row.on) if is_due else None


def terms_of(customer: Customer) -> CalendarFields:
    """The row that bills the customer: his own dates (WH-108) before his zone's."""
    own = OwnCalendar.objects.filter(customer=customer).first()
    return own if own is not None else customer.zone


def numbers_of(row: CalendarFields) -> dict[str, Any]:
    return {name: getattr(row, name) for name in NUMBERS}


def time_zone_of(zone: Zone) -> str:
    """IANA name; a zone without its own lives by the installation's clock."""
    return zone.timezone or settings.TIME_ZONE


def clock_named(time_zone: str) -> ZoneInfo:
    """The clock of that IANA name; "" is the installation's."""
    return zone_named(time_zone or settings.TIME_ZONE)


def time_zones() -> list[str]:
    """Every clock by which some zone lives."""
    own = Zone.objects.exclude(timezone="").values_list("timezone", flat=True)
    return sorted({settings.TIME_ZONE, *own})


def zones_in(time_zone: str) -> QuerySet[Zone]:
    """The zones whose clock that is; "" is the installation's."""
    name = time_zone or settings.TIME_ZONE
    names = [name, ""] if name == settings.TIME_ZONE else [name]
    return Zone.objects.filter(timezone__in=names)
