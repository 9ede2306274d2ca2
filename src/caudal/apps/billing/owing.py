"""Served days that no regular invoice will charge any more: left for the next service invoice."""

from collections.abc import Iterable
from datetime import date, timedelta

from caudal.apps.billing.calendars import calendar_of
from caudal.apps.billing.models import BilledPeriod, OwedDays
from caudal.apps.customers.models import Service
from caudal.core.days import minus
from caudal.core.periods import Calendar, Period, schedules_emitted

LOOK_BACK = timedelta(days=100)
"""Further back than any emission whose period has not ended yet."""


def emitted_through(calendar: Calendar, day: date) -> date | None:
    """The last day of the periods whose invoices the calendar has created by `day`, that included.

    None where there is none in the last months.
    """
    periods = [each.period for each in schedules_emitted(calendar, day - LOOK_BACK, day)]
    return max((period.last for period in periods), default=None)


def leave_unbilled(service: Service, first: date, today: date, cause: str) -> list[OwedDays]:
    """Days from `first` on whose regular invoice has been created without them.

    What an invoice took, charged or not, and what is owed already is left alone.
    """
    last = emitted_through(calendar_of(service.customer), today)
    if last is None or last < first:
        return []
    return owe(service, [Period(first, last)], today, cause)


def owe(service: Service, spans: Iterable[Period], today: date, cause: str) -> list[OwedDays]:
    """Leave the days of `spans` that nobody has billed."""
    billed = BilledPeriod.objects.filter(service=service, is_void=False)
    waiting = OwedDays.objects.filter(service=service, invoice=None)
    taken = [
        Period(first, last)
        for rows in (billed, waiting)
        for first, last in rows.values_list("first", "last")
    ]
    return [
        OwedDays.objects.create(
            service=service, first=days.first, last=days.last, cause=cause, on=today
        )
        for span in spans
        for days in minus(span, taken)
    ]
