"""Daily jobs run once per civil date and zone, in order, whatever happens to the workers."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from caudal.apps.clock import schedule
from caudal.apps.clock.jobs import Run, daily, run_due, silence, time_zones
from caudal.apps.clock.models import JobRun, Start

pytestmark = pytest.mark.django_db
MEXICO = "America/Mexico_City"
NOON = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """Only the jobs of the test, in one zone."""
    settings.TIME_ZONE = MEXICO
    monkeypatch.setattr(schedule, "autodiscover_modules", lambda *names: None)
    monkeypatch.setattr(schedule, "_jobs", {})
    monkeypatch.setattr(schedule, "_zone_sources", [])
    yield


def write_down(name: str, hour: int, order: int = 10, work: Any = None) -> list[tuple[str, str]]:
    """Register a job that notes the dates it is called with."""
    seen: list[tuple[str, str]] = []

    @daily(name, hour=hour, order=order)
    def job(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
        seen.append((name, today.isoformat()))
        return work(run, today) if work else {}

    return seen


def test_a_job_runs_once_on_its_date() -> None:
    seen = write_down("a.b", 6)
    run_due(NOON, "one")
    run_due(NOON + timedelta(minutes=1), "two")
    assert seen == [("a.b", "2026-07-05")]


def test_a_silenced_job_does_nothing_and_its_date_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_silences", {})
    quiet, loud, is_quiet = write_down("a.b", 6), write_down("a.c", 6), [True]
    silence(["a.b"], lambda: is_quiet[0])
    run_due(NOON, "one")
    is_quiet[0] = False
    run_due(NOON + timedelta(minutes=1), "one")
    assert (quiet, loud) == ([], [("a.c", "2026-07-05")])
    run_due(NOON + timedelta(days=1), "one")
    assert quiet == [("a.b", "2026-07-06")]


def test_a_job_waits_for_its_hour() -> None:
    seen = write_down("a.b", 13)
    run_due(NOON, "one")
    assert seen == []
    run_due(NOON + timedelta(hours=1), "one")
    assert seen == [("a.b", "2026-07-05")]


def test_five_days_of_downtime_are_caught_up_date_by_date_and_hour_by_hour() -> None:
    told: list[tuple[str, int]] = []

    def note(name: str, hour: int, order: int) -> None:
        @daily(name, hour=hour, order=order)
        def job(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
            told.append((name, today.day))
            return {}

    note("z.invoices", 6, 10)
    note("a.cuts", 8, 10)
    note("b.notices", 8, 5)
    run_due(NOON, "one")
    told.clear()
    run_due(NOON + timedelta(days=5), "one")
    assert told == [
        (name, day) for day in range(6, 11) for name in ("z.invoices", "b.notices", "a.cuts")
    ]


def test_a_new_installation_starts_today_and_does_not_catch_up_on_the_past() -> None:
    seen = write_down("a.b", 13)
    run_due(NOON, "one")
    assert Start.objects.get().since == date(2026, 7, 5)
    run_due(NOON + timedelta(days=1, hours=2), "one")
    assert [day for _, day in seen] == ["2026-07-05", "2026-07-06"]


def test_settled_dates_are_not_looked_at_again() -> None:
    write_down("a.b", 6)
    run_due(NOON, "one")
    run_due(NOON + timedelta(days=300), "one")
    assert Start.objects.get().since == date(2027, 5, 1)
    assert JobRun.objects.filter(status="done").count() == 301


def test_every_zone_has_its_own_dates() -> None:
    seen: list[tuple[str, date]] = []
    time_zones(lambda: ["America/Santiago"])

    @daily("a.b", hour=6)
    def job(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
        seen.append((zone, today))
        return {}

    run_due(datetime(2026, 7, 5, 10, 30, tzinfo=UTC), "one")
    assert seen == [("America/Santiago", date(2026, 7, 5))]
    run_due(datetime(2026, 7, 5, 12, 0, tzinfo=UTC), "one")
    assert seen[1:] == [(MEXICO, date(2026, 7, 5))]


def test_an_hour_that_does_not_exist_runs_at_the_first_valid_moment(settings: Any) -> None:
    settings.TIME_ZONE = "America/Santiago"
    seen = write_down("a.b", 0)
    gap = datetime(2026, 9, 6, 4, 0, tzinfo=UTC)
    Start.objects.create(job="a.b", scope="America/Santiago", since=date(2026, 9, 6))
    run_due(gap - timedelta(seconds=1), "one")
    assert seen == []
    run_due(gap, "one")
    assert seen == [("a.b", "2026-09-06")]


def test_an_hour_that_happens_twice_runs_once(settings: Any) -> None:
    settings.TIME_ZONE = "America/Santiago"
    seen = write_down("a.b", 23)
    first = datetime(2026, 4, 5, 2, 0, tzinfo=UTC)
    for minutes in (0, 59, 60, 61, 119):
        run_due(first + timedelta(minutes=minutes), "one")
    assert seen == [("a.b", "2026-04-04")]


def test_a_job_that_fails_does_not_stop_the_others_and_is_tried_again() -> None:
    tries: list[int] = []

    def break_twice(run: Run, today: date) -> dict[str, Any]:
        tries.append(1)
        if len(tries) < 3:
            raise ValueError("the disk is full")
        return {"created": 4}

    write_down("a.first", 6, work=break_twice)
    others = write_down("a.second", 7)
    run_due(NOON, "one", machine=lambda: NOON)
    assert others == [("a.second", "2026-07-05")]
    row = JobRun.objects.get(job="a.first")
    assert (row.status, row.tries) == ("failed", 1)
    assert "the disk is full" in row.error

    run_due(NOON, "one", machine=lambda: NOON + timedelta(seconds=59))
    assert len(tries) == 1
    run_due(NOON, "one", machine=lambda: NOON + timedelta(minutes=1))
    run_due(NOON, "one", machine=lambda: NOON + timedelta(minutes=3))
    row.refresh_from_db()
    assert (row.status, row.tries, row.summary, row.error) == ("done", 3, {"created": 4}, "")
    assert others == [("a.second", "2026-07-05")]


def test_a_job_that_always_fails_is_given_up_and_shown() -> None:
    def explode(run: Run, today: date) -> dict[str, Any]:
        raise ValueError("never")

    seen = write_down("a.b", 6, work=explode)
    for hour in range(24):
        run_due(NOON, "one", machine=lambda at=hour: NOON + timedelta(hours=at))
    assert len(seen) == 6
    row = JobRun.objects.get()
    assert (row.status, row.tries, row.lease_until) == ("failed", 6, None)


def test_one_bad_item_is_reported_and_the_run_is_done() -> None:
    def one_bad(run: Run, today: date) -> dict[str, Any]:
        run.plan(3)
        run.advance()
        run.fail("Customer 7", ValueError("no calendar"))
        run.advance()
        return {}

    write_down("a.b", 6, work=one_bad)
    run_due(NOON, "one")
    row = JobRun.objects.get()
    assert (row.status, row.planned, row.done, row.failures) == ("done", 3, 2, 1)
    assert row.error == "Customer 7: ValueError: no calendar"
    assert row.percent == 100
