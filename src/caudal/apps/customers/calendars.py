"""A stored calendar as the rules of `core.periods` understand it (CAL-1..4)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from caudal.apps.customers.models import CutStyle, DayStyle
from caudal.core.periods import (
    BeforeRule,
    Calendar,
    DayOfMonth,
    DaysBefore,
    GraceDays,
    PaymentMode,
    Schedule,
    schedules_emitted,
)

AHEAD = timedelta(days=140)


def calendar_from(numbers: Mapping[str, Any]) -> Calendar:
    """`numbers` are the fields of CalendarFields by name. Raises RuleError for impossible days."""
    notice = numbers["notice_value"]
    by_day = numbers["cut_style"] == CutStyle.DAY_OF_MONTH
    return Calendar(
        payment_day=numbers["payment_day"],
        create=_before(numbers["create_style"], numbers["create_value"]),
        cut=DayOfMonth(numbers["cut_value"]) if by_day else GraceDays(numbers["cut_value"]),
        notice=None if notice is None else _before(numbers["notice_style"], notice),
        mode=PaymentMode(numbers["mode"]),
    )


def next_schedules(calendar: Calendar, today: date, count: int) -> list[Schedule]:
    """The next invoices that will be created after `today`."""
    return schedules_emitted(calendar, today, today + AHEAD)[:count]


def _before(style: str, value: int) -> BeforeRule:
    return DayOfMonth(value) if style == DayStyle.DAY_OF_MONTH else DaysBefore(value)
