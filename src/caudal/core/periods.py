"""Cycles and their dates: due, emission, notice and cut days, as civil-calendar arithmetic."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import count, takewhile

from caudal.core.errors import ErrorCode, RuleError, require_range

ONE_DAY = timedelta(days=1)


class PaymentMode(StrEnum):
    """Whether the invoice is paid before the period it covers (PER-1) or after it (PER-2)."""

    PREPAID = "prepaid"
    POSTPAID = "postpaid"


class Overflow(StrEnum):
    """What "31 June" becomes: the last day of June, or a refusal; never the 1st of July."""

    CLAMP = "clamp"
    REFUSE = "refuse"


class CutClamp(StrEnum):
    """A cut day that falls on the due date moves to the next day, or stays (RD-10)."""

    NEXT_DAY = "next-day"
    SAME_DAY = "same-day"


class GraceCounting(StrEnum):
    """Grace of G days: cut after them, on due + G + 1, or on the last of them, due + G (RD-4)."""

    AFTER = "after"
    ON = "on"


class PostpaidStyle(StrEnum):
    """Readings of "created before, paid after use" (RD-3).

    BEFORE_DUE: the period ends the day before the payment day, created before that day.
    AFTER_PERIOD: the same period, created the day after it has ended.
    MONTH_LATER: created like a prepaid invoice of the period, payable when the period is over.
    """

    BEFORE_DUE = "before-due"
    AFTER_PERIOD = "after-period"
    MONTH_LATER = "month-later"


class BridgeBase(StrEnum):
    """Whose cycle prices the days of a bridge: the calendar that begins, or the one that ends."""

    NEW_CYCLE = "new-cycle"
    OLD_CYCLE = "old-cycle"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Civil days from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise RuleError(ErrorCode.PERIOD_REVERSED, first=self.first, last=self.last)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def contains(self, day: date) -> bool:
        return self.first <= day <= self.last

    def encloses(self, other: "Period") -> bool:
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: "Period") -> bool:
        return self.first <= other.last and other.first <= self.last

    def common(self, other: "Period") -> "Period | None":
        """The days in both, or None."""
        if not self.overlaps(other):
            return None
        return Period(max(self.first, other.first), min(self.last, other.last))


@dataclass(frozen=True, slots=True)
class DaysBefore:
    """An offset: n days before the due date."""

    n: int

    def __post_init__(self) -> None:
        require_range(self.n, 0, 366, ErrorCode.DAYS_OUT_OF_RANGE)


@dataclass(frozen=True, slots=True)
class DaysAfter:
    """An offset: n days after the due date."""

    n: int

    def __post_init__(self) -> None:
        require_range(self.n, 0, 366, ErrorCode.DAYS_OUT_OF_RANGE)


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day number of every month, 1..31, clamped in shorter months."""

    n: int

    def __post_init__(self) -> None:
        require_range(self.n, 1, 31, ErrorCode.DAY_OF_MONTH_OUT_OF_RANGE)


@dataclass(frozen=True, slots=True)
class GraceDays:
    """Days that are still served after the due date (CUT-2)."""

    n: int

    def __post_init__(self) -> None:
        require_range(self.n, 0, 366, ErrorCode.DAYS_OUT_OF_RANGE)


BeforeRule = DaysBefore | DayOfMonth
CutRule = DayOfMonth | GraceDays | DaysAfter


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a zone, or a customer with his own billing, is billed every month."""

    payment_day: int
    create: BeforeRule
    cut: CutRule
    notice: BeforeRule | None = None
    mode: PaymentMode = PaymentMode.PREPAID
    cut_clamp: CutClamp = CutClamp.NEXT_DAY
    grace_counting: GraceCounting = GraceCounting.AFTER
    postpaid_style: PostpaidStyle = PostpaidStyle.BEFORE_DUE

    def __post_init__(self) -> None:
        require_range(self.payment_day, 1, 31, ErrorCode.DAY_OF_MONTH_OUT_OF_RANGE)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates of one invoice: emission <= due < cut (SAME_DAY allows cut = due)."""

    emission: date
    notice: date | None
    due: date
    cut: date
    period: Period


@dataclass(frozen=True, slots=True)
class FixedEmission:
    """The invoice due on `due` is created on `on` instead of its usual day, once (GEN-7)."""

    due: date
    on: date


@dataclass(frozen=True, slots=True)
class Part:
    """Days to charge, and the whole cycle whose length prices them (PRO-1)."""

    part: Period
    cycle: Period


def civil_date(year: int, month: int, day: int, overflow: Overflow = Overflow.CLAMP) -> date:
    """The date, with a day past the end of a short month clamped to its last day, or refused."""
    require_range(day, 1, 31, ErrorCode.DAY_OF_MONTH_OUT_OF_RANGE)
    require_range(month, 1, 12, ErrorCode.MONTH_OUT_OF_RANGE)
    last = monthrange(year, month)[1]
    if day > last and overflow is Overflow.REFUSE:
        raise RuleError(ErrorCode.DATE_DOES_NOT_EXIST, year=year, month=month, day=day)
    return date(year, month, min(day, last))


def due_date(payment_day: int, year: int, month: int) -> date:
    """CAL-1, CAL-2: the payment day of a month, clamped, never drifting."""
    return civil_date(year, month, payment_day)


def next_due(payment_day: int, after: date) -> date:
    """First due date later than `after`."""
    this = due_date(payment_day, after.year, after.month)
    return this if this > after else _day_in(payment_day, after, 1)


def previous_due(payment_day: int, before: date) -> date:
    """Last due date earlier than `before`."""
    this = due_date(payment_day, before.year, before.month)
    return this if this < before else _day_in(payment_day, before, -1)


def cycle_of(payment_day: int, day: date) -> Period:
    """The cycle, from one payment day to the eve of the next, that a day falls in."""
    end = next_due(payment_day, day)
    return Period(previous_due(payment_day, end), end - ONE_DAY)


def schedule_for(calendar: Calendar, due: date) -> Schedule:
    """All dates of the invoice due on `due`, which must be a due date of the calendar."""
    day = calendar.payment_day
    if due != due_date(day, due.year, due.month):
        raise RuleError(ErrorCode.NOT_A_DUE_DATE, due=due, payment_day=day)
    eve = due - ONE_DAY
    period = cycle_of(day, due if calendar.mode is PaymentMode.PREPAID else eve)
    notice = None if calendar.notice is None else _day_before(calendar.notice, day, due)
    return Schedule(_emission(calendar, due, period), notice, due, _cut(calendar, due), period)


def schedules_emitted(
    calendar: Calendar, after: date, until: date, fixed: FixedEmission | None = None
) -> list[Schedule]:
    """Every schedule with after < emission <= until, in order of emission (RUN-3 catch-up)."""
    usual = _schedules(calendar, after)
    found = [s for s in takewhile(lambda s: s.emission <= until, usual) if s.emission > after]
    if fixed is not None:
        found = [s for s in found if s.due != fixed.due]
        if after < fixed.on <= until:
            found.append(_moved(schedule_for(calendar, fixed.due), fixed.on))
    return sorted(found, key=lambda s: (s.emission, s.due))


def fix_next_emission(calendar: Calendar, today: date, on: date) -> FixedEmission:
    """GEN-7: the next creation after `today`, and no other, takes place on `on`."""
    upcoming = next(s for s in _schedules(calendar, today) if s.emission > today)
    return FixedEmission(upcoming.due, on)


def bridge(
    old_day: int, new_day: int, paid_through: date, base: BridgeBase = BridgeBase.NEW_CYCLE
) -> Part | None:
    """CAL-6: the days between what is billed and the first new payment day, or None if they meet.

    Days that are already billed stay as they are. With OLD_CYCLE the cycle may end before the
    bridge does (31 to 30 in a long month); the new cycle, which always holds it, is then taken.
    """
    start = paid_through + ONE_DAY
    anchor = next_due(new_day, paid_through)
    if anchor == start:
        return None
    part = Period(start, anchor - ONE_DAY)
    old = cycle_of(old_day, start)
    use_old = base is BridgeBase.OLD_CYCLE and old.encloses(part)
    return Part(part, old if use_old else cycle_of(new_day, start))


def part_schedule(calendar: Calendar, part: Part) -> Schedule:
    """The dates of an invoice for a first part or a bridge, which no regular schedule bills.

    Prepaid, it is due on its first day; postpaid, on the payment day that follows it.
    """
    if calendar.mode is PaymentMode.POSTPAID:
        due = next_due(calendar.payment_day, part.part.last)
        return replace(schedule_for(calendar, due), period=part.part)
    due = part.part.first
    return replace(schedule_for(replace(calendar, payment_day=due.day), due), period=part.part)


def _day_in(day: int, near: date, months: int) -> date:
    """A day number in the month that is `months` away from the month of `near`."""
    year, month = divmod(near.year * 12 + near.month - 1 + months, 12)
    return civil_date(year, month + 1, day)


def _day_before(rule: BeforeRule, payment_day: int, due: date) -> date:
    """CAL-3: an offset, or a day number in the month of the due date or the one before."""
    if isinstance(rule, DaysBefore):
        return due - timedelta(days=rule.n)
    return _day_in(rule.n, due, 0 if rule.n < payment_day else -1)


def _emission(calendar: Calendar, due: date, period: Period) -> date:
    postpaid = calendar.mode is PaymentMode.POSTPAID
    if postpaid and calendar.postpaid_style is PostpaidStyle.AFTER_PERIOD:
        return due
    month_later = postpaid and calendar.postpaid_style is PostpaidStyle.MONTH_LATER
    return _day_before(calendar.create, calendar.payment_day, period.first if month_later else due)


def _cut(calendar: Calendar, due: date) -> date:
    """CAL-4, CUT-2, CUT-3."""
    rule = calendar.cut
    if isinstance(rule, DayOfMonth):
        cut = _day_in(rule.n, due, 0 if rule.n >= calendar.payment_day else 1)
    elif isinstance(rule, GraceDays) and calendar.grace_counting is GraceCounting.AFTER:
        cut = due + timedelta(days=rule.n + 1)
    else:
        cut = due + timedelta(days=rule.n)
    if cut <= due and calendar.cut_clamp is CutClamp.NEXT_DAY:
        return due + ONE_DAY
    return cut


def _moved(schedule: Schedule, on: date) -> Schedule:
    """An emission after the due date takes due and cut along: nobody is born overdue."""
    late = max(timedelta(0), on - schedule.due)
    return replace(schedule, emission=on, due=schedule.due + late, cut=schedule.cut + late)


def _schedules(calendar: Calendar, around: date) -> Iterator[Schedule]:
    """Schedules from the month of `around` on; earlier ones were emitted before it."""
    day = calendar.payment_day
    return map(lambda months: schedule_for(calendar, _day_in(day, around, months)), count())
