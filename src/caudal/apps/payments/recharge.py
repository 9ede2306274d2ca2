"""Recharge customers: a payment moves their billing days, deleting it moves them back (RCH)."""

from datetime import date
from typing import Any

from caudal.apps.billing.calendars import NUMBERS, numbers_of
from caudal.apps.customers.models import CutStyle, DayStyle, OwnCalendar
from caudal.apps.payments.models import Payment
from caudal.core.periods import GraceCounting
from caudal.core.recharge import (
    CREATE_BEFORE,
    CUT_AFTER,
    NOTICE_BEFORE,
    RechargeDays,
    RechargeStyle,
    recharge_days,
)


def dates_after(customer_id: int, paid_on: date) -> RechargeDays | None:
    """The days to which a payment of that date would move his (WH-112); None: it moves none."""
    own = _recharge_calendar(customer_id)
    if own is None:
        return None
    return recharge_days(paid_on, RechargeStyle(own.customer.company.rules.recharge_style))


def move_calendar(payment: Payment, paid_on: date) -> None:
    """Store the days around the payment (RCH-1), and on it the days as they were (RCH-3)."""
    own = _recharge_calendar(payment.customer_id)
    if own is None:
        return
    payment.calendar_before = numbers_of(own)
    payment.save(update_fields=["calendar_before"])
    _store(own, _days_around(paid_on, own))


def restore_calendar(payment: Payment) -> None:
    """As if the payment had not moved it: a later payment that did takes over what it knew."""
    own = _recharge_calendar(payment.customer_id)
    if own is None or payment.calendar_before is None:
        return
    moved = Payment.objects.filter(
        customer=payment.customer_id, pk__gt=payment.pk, deleted_at=None
    ).exclude(calendar_before=None)
    later = moved.order_by("pk").first()
    if later is None:
        _store(own, payment.calendar_before)
        return
    later.calendar_before = payment.calendar_before
    later.save(update_fields=["calendar_before"])


def _days_around(paid_on: date, own: OwnCalendar) -> dict[str, Any]:
    """RD-9: as day numbers, or as offsets that every month applies anew."""
    rules = own.customer.company.rules
    style = RechargeStyle(rules.recharge_style)
    days = recharge_days(paid_on, style)
    if style is RechargeStyle.OFFSETS:
        after = GraceCounting(rules.grace_counting) is GraceCounting.AFTER
        return {
            "payment_day": days.payment,
            "create_style": DayStyle.DAYS_BEFORE,
            "create_value": CREATE_BEFORE,
            "notice_style": DayStyle.DAYS_BEFORE,
            "notice_value": NOTICE_BEFORE,
            "cut_style": CutStyle.GRACE_DAYS,
            "cut_value": CUT_AFTER - 1 if after else CUT_AFTER,
        }
    return {
        "payment_day": days.payment,
        "create_style": DayStyle.DAY_OF_MONTH,
        "create_value": days.create,
        "notice_style": DayStyle.DAY_OF_MONTH,
        "notice_value": days.notice,
        "cut_style": CutStyle.DAY_OF_MONTH,
        "cut_value": days.cut,
    }


def _recharge_calendar(customer_id: int) -> OwnCalendar | None:
    rows = OwnCalendar.objects.select_related("customer__company__rules")
    return rows.filter(customer=customer_id, recharge=True).first()


def _store(own: OwnCalendar, numbers: dict[str, Any]) -> None:
    for name in NUMBERS:
        setattr(own, name, numbers.get(name, getattr(own, name)))
    own.save(update_fields=list(NUMBERS))
