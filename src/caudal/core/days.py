"""What each day of a service bears: prices by day, what was billed of them, what to correct."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from caudal.core.money import ZERO
from caudal.core.periods import ONE_DAY, Period
from caudal.core.proration import ProrationBase, part_price


@dataclass(frozen=True, slots=True)
class Rate:
    """Days and the price of a whole cycle that they bear; None: they are not charged."""

    days: Period
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Charged:
    """Days that an invoice charged as part of `cycle`; `price` None: it left them out.

    `agreed`: an operator set one price for all of `cycle`, whatever the plan costs.
    """

    days: Period
    cycle: Period
    price: Decimal | None
    agreed: bool = False

    def amount(self, digits: int, base: ProrationBase = ProrationBase.ACTUAL) -> Decimal:
        """PRO-1: what these days cost."""
        if self.price is None:
            return ZERO
        return part_price(self.price, self.cycle, self.days, digits, base)


@dataclass(frozen=True, slots=True)
class Correction:
    """Days that were charged as `before` and should have been as `after`."""

    before: Charged
    after: Charged

    @property
    def days(self) -> Period:
        return self.before.days


def minus(days: Period, others: Iterable[Period]) -> list[Period]:
    """The days in none of the others, in order."""
    left = [days]
    for other in others:
        left = [rest for each in left for rest in _without(each, other)]
    return left


def union(periods: Iterable[Period]) -> list[Period]:
    """Runs of days that are in any of the periods, in order; neighbours become one."""
    joined: list[Period] = []
    for each in sorted(periods):
        if joined and each.first <= joined[-1].last + ONE_DAY:
            joined[-1] = Period(joined[-1].first, max(joined[-1].last, each.last))
        else:
            joined.append(each)
    return joined


def rates(
    span: Period, steps: Sequence[tuple[date, Decimal]], served: Iterable[Period]
) -> list[Rate]:
    """The prices of the days of `span`, in order; days that are not `served` bear None.

    `steps` are (first day, price of a cycle) in order; the earliest also holds before its day.
    """
    stays = union(days for each in served if (days := each.common(span)) is not None)
    found = [Rate(gap, None) for gap in minus(span, stays)]
    for run, price in _by_price(span, steps):
        found += [Rate(part, price) for stay in stays if (part := stay.common(run)) is not None]
    return sorted(found, key=lambda rate: rate.days)


def overlay(charged: Iterable[Charged], days: Period, price: Decimal | None) -> list[Charged]:
    """The same days once those in `days` bear another price."""
    found = []
    for each in charged:
        inside = each.days.common(days)
        if inside is None:
            found.append(each)
            continue
        found += [replace(each, days=rest) for rest in _without(each.days, days)]
        found.append(replace(each, days=inside, price=price))
    return sorted(found, key=lambda each: each.days)


def corrections(charged: Iterable[Charged], wanted: Sequence[Rate]) -> Iterator[Correction]:
    """PRO-2, PRO-3: where what was charged is not what the days should bear."""
    for each in charged:
        for rate in wanted:
            days = each.days.common(rate.days)
            if days is not None and rate.price != each.price:
                before = replace(each, days=days)
                yield Correction(before, replace(before, price=rate.price))


def _by_price(
    span: Period, steps: Sequence[tuple[date, Decimal]]
) -> Iterator[tuple[Period, Decimal]]:
    starts = [date.min, *(day for day, _ in steps[1:])]
    ends = [*(day - ONE_DAY for day in starts[1:]), date.max]
    for first, last, (_, price) in zip(starts, ends, steps, strict=True):
        days = Period(first, last).common(span)
        if days is not None:
            yield days, price


def _without(days: Period, other: Period) -> Iterator[Period]:
    if not days.overlaps(other):
        yield days
        return
    if days.first < other.first:
        yield Period(days.first, other.first - ONE_DAY)
    if other.last < days.last:
        yield Period(other.last + ONE_DAY, days.last)
