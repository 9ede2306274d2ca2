"""A customer's own payment day, with the distances between dates that his zone uses."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from caudal.apps.customers.models import CalendarFields, Customer, CutStyle, DayStyle, OwnCalendar
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot

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
    before = {"payment_day": own.payment_day if own else customer.zone.payment_day}
    if own is not None and not own.recharge and payment_day == customer.zone.payment_day:
        own.delete()
        own = None
    elif own is not None:
        own.payment_day = payment_day
        own.save(update_fields=["payment_day"])
    elif payment_day != customer.zone.payment_day:
        own = OwnCalendar.objects.create(customer=customer, **moved(customer.zone, payment_day))
    customer.refresh_from_db(fields=["own_calendar"])
    record(
        actor,
        "customer.set_payment_day",
        customer,
        now=now,
        customer_id=customer.pk,
        before=before,
        after={"payment_day": payment_day},
    )
    return own


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
