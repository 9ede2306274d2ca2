"""A customer's own billing dates, and the trace that every change of a calendar leaves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from caudal.apps.customers.calendars import calendar_from
from caudal.apps.customers.models import (
    CalendarChange,
    CalendarFields,
    Customer,
    CutStyle,
    DayStyle,
    OwnCalendar,
    Zone,
)
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.civil import local_date, zone_named

MONTH = 30
FIELDS = [field.name for field in CalendarFields._meta.fields]


@transaction.atomic
def set_payment_day(
    *, actor: Actor, now: datetime, customer: Customer, payment_day: int
) -> OwnCalendar | None:
    """The zone's day: he follows his zone (None is given back). Another day: his own calendar.

    An own calendar that exists keeps everything but the day (a recharge customer keeps his too).
    """
    if not 1 <= payment_day <= 31:
        raise ValidationError({"payment_day": _("The payment day goes from 1 to 31.")})
    own = OwnCalendar.objects.select_for_update().filter(customer=customer).first()
    old = calendar_numbers(own or customer.zone)
    if own is not None and not own.recharge and payment_day == customer.zone.payment_day:
        own.delete()
        own = None
    elif own is not None:
        own.payment_day = payment_day
        own.save(update_fields=["payment_day"])
    elif payment_day != customer.zone.payment_day:
        own = OwnCalendar.objects.create(customer=customer, **moved(customer.zone, payment_day))
    customer.refresh_from_db(fields=["own_calendar"])
    leave_calendar_change(now=now, customer=customer, before=old)
    record(
        actor,
        "customer.set_payment_day",
        customer,
        now=now,
        customer_id=customer.pk,
        before={"payment_day": old["payment_day"]},
        after={"payment_day": payment_day},
    )
    return own


@transaction.atomic
def set_own_calendar(
    *, actor: Actor, now: datetime, customer: Customer, numbers: Mapping[str, Any] | None
) -> OwnCalendar | None:
    """His own billing dates (WH-108), or None: those of his zone.

    `numbers` are fields of OwnCalendar by name. Raises RuleError for a calendar that cannot be.
    """
    Customer.objects.select_for_update().get(pk=customer.pk)
    own = OwnCalendar.objects.filter(customer=customer).first()
    old = calendar_numbers(own or customer.zone)
    before = snapshot(own, [*FIELDS, "recharge"]) if own else {}
    if numbers is None:
        OwnCalendar.objects.filter(customer=customer).delete()
        own = None
    else:
        own = own or OwnCalendar(customer=customer)
        for name, value in numbers.items():
            setattr(own, name, value)
        calendar_from(calendar_numbers(own))
        own.save()
    customer.refresh_from_db(fields=["own_calendar"])
    leave_calendar_change(now=now, customer=customer, before=old)
    record(
        actor,
        "customer.set_own_calendar",
        customer,
        now=now,
        customer_id=customer.pk,
        before=before,
        after=snapshot(own, [*FIELDS, "recharge"]) if own else {},
    )
    return own


def calendar_numbers(calendar: CalendarFields) -> dict[str, Any]:
    """The fields of a calendar as JSON keeps them."""
    return snapshot(calendar, FIELDS)


def leave_calendar_change(
    *,
    now: datetime,
    before: Mapping[str, Any],
    customer: Customer | None = None,
    zone: Zone | None = None,
) -> None:
    """Note that the calendar of a customer, or of a zone, was `before`.

    Nothing where it still is, or for a customer whose services are yet to come. Billing charges the
    days between what is billed and the first new period (CAL-6).
    """
    subject = zone if customer is None else customer.zone
    if subject is None:
        raise TypeError("a calendar change is of a customer or of a zone")
    own = None if customer is None else OwnCalendar.objects.filter(customer=customer).first()
    served = customer is None or customer.services.exists()
    if not served or dict(before) == calendar_numbers(own or subject):
        return
    today = local_date(now, zone_named(subject.timezone or settings.TIME_ZONE))
    CalendarChange.objects.create(customer=customer, zone=zone, on=today, before=dict(before))


def moved(calendar: CalendarFields, payment_day: int) -> dict[str, Any]:
    """The same calendar around another payment day: days of the month become distances to it."""
    values = snapshot(calendar, FIELDS) | {"payment_day": payment_day}
    for what in ("create", "notice"):
        day = values[f"{what}_value"]
        if values[f"{what}_style"] == DayStyle.DAY_OF_MONTH and day is not None:
            values[f"{what}_style"] = DayStyle.DAYS_BEFORE
            values[f"{what}_value"] = (calendar.payment_day - day) % MONTH
    if calendar.cut_style == CutStyle.DAY_OF_MONTH:
        values["cut_style"] = CutStyle.GRACE_DAYS
        # Grace of G days cuts on the day after them (CUT-2).
        values["cut_value"] = max((calendar.cut_value - calendar.payment_day) % MONTH - 1, 0)
    return values
