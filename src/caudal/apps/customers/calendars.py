"""A stored calendar as the rules of `core.periods` understand it (CAL-1..4)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from caudal.apps.catalog.models import BillingRules
from caudal.apps.customers.models import CutStyle, DayStyle
from caudal.core.periods import (
    BeforeRule,
    Calendar,
    CutClamp,
    DayOfMonth,
    DaysBefore,
    GraceCounting,
    GraceDays,
    PaymentMode,
    PostpaidStyle,
    Schedule,
    schedules_emitted,
)

AHEAD = timedelta(days=140)


def calendar_from(numbers: Mapping[str, Any], rules: BillingRules | None = None) -> Calendar:
    """`numbers` are the fields of CalendarFields by name; `rules` None reads them as by default.

    Raises RuleError for impossible days.
    """
    notice = numbers["notice_value"]
    by_day = numbers["cut_style"] == CutStyle.DAY_OF_MONTH
    return Calendar(
        payment_day=numbers["payment_day"],
        create=_before(numbers["create_style"], numbers["create_value"]),
        cut=DayOfMonth(numbers["cut_value"]) if by_day else GraceDays(numbers["cut_value"]),
        notice=None if notice is None else _before(numbers["notice_style"], notice),
        mode=PaymentMode(numbers["mode"]),
        **({} if rules is None else readings_of(rules)),
    )


def readings_of(rules: BillingRules) -> dict[str, Any]:
    """How a company reads calendars (RD-3, RD-4, RD-10), as arguments of `Calendar`."""
    return {
        "postpaid_style": PostpaidStyle(rules.postpaid_style),
        "grace_counting": GraceCounting(rules.grace_counting),
        "cut_clamp": CutClamp(rules.cut_clamp),
    }


def next_schedules(calendar: Calendar, today: date, count: int) -> list[Schedule]:
    """The next invoices that will be created after `today`."""
    return schedules_emitted(calendar, today, today + AHEAD)[:count]


def _before(style: str, value: int) -> BeforeRule:
    return DayOfMonth(value) if style == DayStyle.DAY_OF_MONTH else DaysBefore(value)
