"""What time without service is worth: minutes that nothing else explains, at the plan's price."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from caudal.core.money import require_not_negative
from caudal.core.proration import ProrationBase
from caudal.core.records import Reason, ReasonCode

Span = tuple[datetime, datetime]
"""From an instant to a later one."""
DAY_MINUTES = 24 * 60


class CreditUnit(StrEnum):
    """In what downtime is credited; what was begun counts whole."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"

    @property
    def minutes(self) -> int:
        return {"minute": 1, "hour": 60, "day": DAY_MINUTES}[self.value]


@dataclass(frozen=True, slots=True)
class CreditRule:
    """Outages shorter than `from_minutes` are not credited at all."""

    from_minutes: int = 120
    unit: CreditUnit = CreditUnit.HOUR


def lost_minutes(span: Span, explained: Iterable[Span] = ()) -> int:
    """Whole minutes of the span outside of all `explained` ones, which may overlap each other."""
    first, last = span
    lost, at = timedelta(), first
    for start, end in sorted(explained):
        if start >= last:
            break
        if start > at:
            lost += start - at
        at = max(at, end)
    lost += max(last - at, timedelta())
    return int(lost // timedelta(minutes=1))


def days_of_price(base: ProrationBase, day: date) -> int:
    """How many days the price of a period pays: 30 always, or those of that day's month."""
    return 30 if base is ProrationBase.FIXED_30 else monthrange(day.year, day.month)[1]


def credit_of(
    price: Decimal,
    minutes: int,
    days: int,
    rule: CreditRule,
    digits: int,
) -> Decimal:
    """The price of the time, rounded to the currency; never more than the period's price.

    `days` is what the price pays; `digits` the decimals of the currency. Zero below the threshold.
    """
    require_not_negative(price)
    if minutes <= 0 or minutes < rule.from_minutes:
        return Decimal(0)
    counted = -(-minutes // rule.unit.minutes) * rule.unit.minutes
    amount = min(price * counted / (days * DAY_MINUTES), price)
    return amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def credit_reason(
    *, minutes: int, since: date, until: date, price: Decimal, days: int, amount: Decimal
) -> Reason:
    return Reason(
        "OUT-2",
        ReasonCode.OUTAGE_CREDIT,
        {
            "minutes": minutes,
            "since": since,
            "until": until,
            "price": price,
            "days": days,
            "amount": amount,
        },
    )
