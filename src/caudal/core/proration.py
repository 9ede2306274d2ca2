"""Prices of parts of a cycle, by cumulative difference, so that any split adds up to the price."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import EXACT, ZERO, require_not_negative, round_half_up
from caudal.core.periods import Period
from caudal.core.records import Reason, ReasonCode


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
