"""Recharge customers: each payment moves their billing days to around the day they paid."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.periods import (
    ONE_DAY,
    Calendar,
    DayOfMonth,
    DaysAfter,
    DaysBefore,
    Period,
)

CREATE_BEFORE = 6
NOTICE_BEFORE = 4
CUT_AFTER = 6


class RechargeStyle(StrEnum):
    """How the days around a payment are kept (RD-9).

    STORED_DAYS: as day numbers, taken from the real calendar around the payment.
    OFFSETS: as offsets that every month applies anew. MODULO_30: as day numbers of 30-day months.
    """

    STORED_DAYS = "stored-days"
    OFFSETS = "offsets"
    MODULO_30 = "modulo-30"


class RechargeStart(StrEnum):
    """The next period follows what is billed, or starts on the payment day regardless (RD-18)."""

    AFTER_BILLED = "after-billed"
    FROM_PAYMENT = "from-payment"


@dataclass(frozen=True, slots=True)
class RechargeDays:
    """Four day numbers of every month."""

    create: int
    notice: int
    payment: int
    cut: int


def recharge_days(paid_on: date, style: RechargeStyle = RechargeStyle.STORED_DAYS) -> RechargeDays:
    """RCH-1: the days x - 6, x - 4, x and x + 6 around the payment date x."""
    if style is RechargeStyle.MODULO_30:
        day = paid_on.day
        return RechargeDays(
            _modulo(day - CREATE_BEFORE),
            _modulo(day - NOTICE_BEFORE),
            day,
            _modulo(day + CUT_AFTER),
        )
    return RechargeDays(
        (paid_on - timedelta(days=CREATE_BEFORE)).day,
        (paid_on - timedelta(days=NOTICE_BEFORE)).day,
        paid_on.day,
        (paid_on + timedelta(days=CUT_AFTER)).day,
    )


def recharge(
    calendar: Calendar,
    paid_on: date,
    style: RechargeStyle = RechargeStyle.STORED_DAYS,
    own_billing: bool = True,
) -> Calendar:
    """RCH-1, RCH-3: the calendar after a service payment; keep the old one to undo the payment."""
    if not own_billing:
        raise RuleError(ErrorCode.RECHARGE_NEEDS_OWN_BILLING)
    if style is RechargeStyle.OFFSETS:
        return replace(
            calendar,
            payment_day=paid_on.day,
            create=DaysBefore(CREATE_BEFORE),
            notice=DaysBefore(NOTICE_BEFORE),
            cut=DaysAfter(CUT_AFTER),
        )
    days = recharge_days(paid_on, style)
    return replace(
        calendar,
        payment_day=days.payment,
        create=DayOfMonth(days.create),
        notice=DayOfMonth(days.notice),
        cut=DayOfMonth(days.cut),
    )


def recharge_period(
    period: Period, billed_through: date, start: RechargeStart = RechargeStart.AFTER_BILLED
) -> Period | None:
    """The days a recharge invoice covers, at full price, so that they touch what is billed already.

    None when all of them are billed. FROM_PAYMENT leaves the scheduled period as it is.
    """
    if start is RechargeStart.FROM_PAYMENT:
        return period
    if billed_through >= period.last:
        return None
    return Period(billed_through + ONE_DAY, period.last)


def _modulo(day: int) -> int:
    return (day - 1) % 30 + 1
