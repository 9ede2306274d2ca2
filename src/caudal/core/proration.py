"""Prices of parts of a cycle, by cumulative difference, so that any split adds up to the price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import EXACT, ZERO, require_not_negative, round_half_up
from caudal.core.periods import ONE_DAY, Period
from caudal.core.records import Reason, ReasonCode, Value


class ProrationBase(StrEnum):
    """What a cycle is divided by: its real days, or 30 as in the 30/360 convention (RD-17).

    FIXED_30 gives day 31 for nothing and lets the last day of a shorter cycle carry the rest, so
    that a whole cycle always costs the price.
    """

    ACTUAL = "actual"
    FIXED_30 = "thirty"


class PlanChangeStyle(StrEnum):
    """When a change of plan is charged (RD-8); NEXT_CYCLE prorates nothing."""

    NEXT_INVOICE = "next-invoice"
    AT_ONCE = "at-once"
    NEXT_CYCLE = "next-cycle"


@dataclass(frozen=True, slots=True)
class PricedPart:
    """Days charged at one price."""

    part: Period
    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What a plan change leaves to settle: `credit` and `charge` are both >= 0 and cover `part`."""

    part: Period | None
    credit: Decimal
    charge: Decimal
    style: PlanChangeStyle

    @property
    def net(self) -> Decimal:
        return self.charge - self.credit

    def reasons(self) -> tuple[Reason, ...]:
        if self.part is None:
            return ()
        days = {"first": self.part.first, "last": self.part.last}
        return (
            Reason("PRO-3", ReasonCode.PLAN_CHANGE_CREDIT, {**days, "amount": self.credit}),
            Reason("PRO-3", ReasonCode.PLAN_CHANGE_CHARGE, {**days, "amount": self.charge}),
        )


@lru_cache(maxsize=4096, typed=True)
def part_price(
    price: Decimal,
    period_of_cycle: Period,
    part: Period,
    digits: int,
    base: ProrationBase = ProrationBase.ACTUAL,
) -> Decimal:
    """PRO-1: R(P*b/D) - R(P*a/D) for a part after `a` days of the cycle, ending with day b.

    Remembered, for a run asks the same of all customers of a plan.
    """
    require_not_negative(price)
    if not period_of_cycle.encloses(part):
        raise RuleError(
            ErrorCode.PART_OUTSIDE_CYCLE,
            first=part.first,
            last=part.last,
            cycle_first=period_of_cycle.first,
            cycle_last=period_of_cycle.last,
        )
    before = (part.first - period_of_cycle.first).days
    through = before + part.days
    return _until(price, period_of_cycle, through, digits, base) - _until(
        price, period_of_cycle, before, digits, base
    )


@lru_cache(maxsize=4096, typed=True)
def explain_part(price: Decimal, cycle: Period, part: Period, amount: Decimal) -> Reason:
    """Why a part costs what it costs."""
    return Reason(
        "PRO-1",
        ReasonCode.PART_OF_CYCLE,
        {
            "first": part.first,
            "last": part.last,
            "days": part.days,
            "cycle_days": cycle.days,
            "price": price,
            "amount": amount,
        },
    )


def priced_parts(
    cycle: Period,
    part: Period,
    prices: Sequence[tuple[date, Decimal]],
    digits: int,
    base: ProrationBase = ProrationBase.ACTUAL,
) -> list[PricedPart]:
    """A part not billed yet, split where its price changes; `prices` are (first day, price).

    The earliest price also holds before its first day. The order of `prices` does not matter.
    """
    steps = sorted(prices, key=lambda step: step[0])
    starts = [date.min, *(day for day, _ in steps[1:])]
    ends = [*(day - ONE_DAY for day in starts[1:]), date.max]
    found = []
    for first, last, (_, price) in zip(starts, ends, steps, strict=True):
        days = Period(first, max(first, last)).common(part) if first <= last else None
        if days is not None:
            amount = part_price(price, cycle, days, digits, base)
            found.append(PricedPart(days, price, amount))
    return found


def plan_change(
    old_price: Decimal,
    new_price: Decimal,
    period_of_cycle: Period,
    first_new_day: date,
    digits: int,
    base: ProrationBase = ProrationBase.ACTUAL,
    style: PlanChangeStyle = PlanChangeStyle.NEXT_INVOICE,
) -> PlanChange:
    """PRO-3: of a cycle already billed, give back the rest of the old plan and charge the new one.

    `first_new_day` belongs to the new plan and must lie in the cycle.
    """
    rest = _rest(period_of_cycle, first_new_day)
    if style is PlanChangeStyle.NEXT_CYCLE:
        return PlanChange(None, ZERO, ZERO, style)
    credit = part_price(old_price, period_of_cycle, rest, digits, base)
    charge = part_price(new_price, period_of_cycle, rest, digits, base)
    return PlanChange(rest, credit, charge, style)


def unused_credit(
    price: Decimal,
    period_of_cycle: Period,
    last_served: date,
    digits: int,
    base: ProrationBase = ProrationBase.ACTUAL,
    billed: Period | None = None,
) -> Decimal:
    """CAN-1: what the days after `last_served` had cost, of those `billed` (default: all)."""
    paid = billed or period_of_cycle
    if last_served >= paid.last:
        return round_half_up(ZERO, digits)
    unused = Period(max(paid.first, last_served + ONE_DAY), paid.last)
    return part_price(price, period_of_cycle, unused, digits, base)


def explain_unused(last_served: date, price: Decimal, amount: Decimal) -> Reason:
    """Why a cancelled customer gets `amount` back."""
    values: dict[str, Value] = {"last_served": last_served, "price": price, "amount": amount}
    return Reason("CAN-1", ReasonCode.UNUSED_DAYS, values)


def _rest(cycle: Period, first: date) -> Period:
    if not cycle.contains(first):
        raise RuleError(
            ErrorCode.PART_OUTSIDE_CYCLE,
            first=first,
            last=first,
            cycle_first=cycle.first,
            cycle_last=cycle.last,
        )
    return Period(first, cycle.last)


def _until(price: Decimal, cycle: Period, days: int, digits: int, base: ProrationBase) -> Decimal:
    """R(P*days/D): what the first `days` days of the cycle cost."""
    length = cycle.days
    if base is ProrationBase.FIXED_30:
        days = 30 if days == length else min(days, 30)
        length = 30
    return round_half_up(EXACT.divide(EXACT.multiply(price, days), length), digits)
