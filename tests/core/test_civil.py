"""A day is a civil day of the zone, and each day's job runs once, at an hour that exists."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.civil import (
    job_instant,
    local_date,
    require_near,
    zone_named,
)
from caudal.core.errors import ErrorCode, RuleError

MEXICO = zone_named("America/Mexico_City")
SANTIAGO = zone_named("America/Santiago")
NEW_YORK = zone_named("America/New_York")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_an_instant_near_midnight_belongs_to_the_day_of_the_zone() -> None:
    assert local_date(utc(2026, 7, 1, 5, 59), MEXICO) == date(2026, 6, 30)
    assert local_date(utc(2026, 7, 1, 6, 0), MEXICO) == date(2026, 7, 1)
    assert local_date(utc(2026, 7, 1, 5, 59), zone_named("Asia/Tokyo")) == date(2026, 7, 1)
    east = datetime(2026, 7, 1, 1, 0, tzinfo=timezone(timedelta(hours=10)))
    assert local_date(east, MEXICO) == date(2026, 6, 30)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        local_date(datetime(2026, 7, 1), MEXICO)
    assert refused.value.code == ErrorCode.INSTANT_WITHOUT_ZONE


def test_a_day_of_another_age_is_refused() -> None:
    today = date(2026, 7, 1)
    require_near(today, None, date(1996, 1, 1), date(2056, 12, 31))
    for day in (date(1995, 12, 31), date(9999, 12, 31)):
        with pytest.raises(RuleError, match="date-too-far"):
            require_near(today, None, day)


@pytest.mark.parametrize("name", ["America/Atlantis", "../etc/passwd", ""])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(RuleError) as refused:
        zone_named(name)
    assert refused.value.code == ErrorCode.ZONE_UNKNOWN


def test_a_plain_hour_is_that_hour() -> None:
    assert job_instant(date(2026, 7, 5), time(8), MEXICO) == utc(2026, 7, 5, 14)


def test_an_hour_that_does_not_exist_becomes_the_first_valid_moment() -> None:
    # Chile skips 00:00-01:00 on 6 September 2026; New York 02:00-03:00 on 8 March.
    for minute in (0, 30, 59):
        assert job_instant(date(2026, 9, 6), time(0, minute), SANTIAGO) == utc(2026, 9, 6, 4)
        assert job_instant(date(2026, 3, 8), time(2, minute), NEW_YORK) == utc(2026, 3, 8, 7)
    assert job_instant(date(2026, 9, 6), time(1), SANTIAGO) == utc(2026, 9, 6, 4)


def test_an_hour_that_occurs_twice_is_the_first_one() -> None:
    assert job_instant(date(2026, 11, 1), time(1, 30), NEW_YORK) == utc(2026, 11, 1, 5, 30)


def test_a_day_that_a_country_skipped_runs_when_the_next_one_begins() -> None:
    apia = zone_named("Pacific/Apia")
    assert job_instant(date(2011, 12, 30), time(6), apia) == utc(2011, 12, 30, 10)


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sampled_from([MEXICO, SANTIAGO, NEW_YORK, zone_named("America/Havana")]),
)
def test_the_job_of_a_day_runs_on_that_day(day: date, at: time, zone: object) -> None:
    instant = job_instant(day, at, zone)  # type: ignore[arg-type]
    assert local_date(instant, zone) == day  # type: ignore[arg-type]
    assert instant.astimezone(zone).time() >= at  # type: ignore[arg-type]
