"""Instants and civil dates: which day it is in a zone, when a job of that day runs (CAL-5)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from caudal.core.errors import ErrorCode, RuleError

FAR_YEARS = 30
"""Nobody bills, holds or promises so far from today: the year was mistyped."""


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RuleError(ErrorCode.ZONE_UNKNOWN, zone=name) from error


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The civil date of an aware instant, seen in a zone."""
    return _aware(instant).astimezone(zone).date()


def require_near(today: date, *days: date | None) -> None:
    """Refuse a day whose year is more than FAR_YEARS away from today's; None is no day."""
    for day in days:
        if day is not None and abs(day.year - today.year) > FAR_YEARS:
            raise RuleError(ErrorCode.DATE_TOO_FAR, day=day)


def job_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall-clock hour: the first of two, or the first valid moment if none."""
    wall = datetime.combine(day, at)
    early = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if early.astimezone(zone).replace(tzinfo=None) == wall:
        return early
    # In a gap fold 1 reads the later offset, which places the instant before the change.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _change_of_offset(before, early, zone)


def _aware(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise RuleError(ErrorCode.INSTANT_WITHOUT_ZONE, instant=instant.isoformat())
    return instant


def _change_of_offset(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """First whole second between two UTC instants that has the offset of the second one."""
    new = after.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == new:
            high = middle
        else:
            low = middle + 1
    return before + timedelta(seconds=low)
