"""A run belongs to one worker at a time, and to the next one if its worker dies."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from caudal.apps.clock import schedule
from caudal.apps.clock.claims import claim
from caudal.apps.clock.jobs import Run, daily, frequent, run_due
from caudal.apps.clock.models import JobRun
from caudal.apps.clock.run import LEASE, Interrupted, stopping

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
DAY = "2026-07-05"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    settings.TIME_ZONE = "America/Mexico_City"
    monkeypatch.setattr(schedule, "autodiscover_modules", lambda *names: None)
    monkeypatch.setattr(schedule, "_jobs", {})
    monkeypatch.setattr(schedule, "_zone_sources", [])
    yield
    stopping.clear()


def killed_between_claim_and_finish() -> JobRun:
    """What a worker leaves behind that is killed at work."""
    row = claim("a.b", "America/Mexico_City", DAY, None, "dead", NOON, NOON)
    assert row is not None
    return row


def noted(name: str = "a.b") -> list[date]:
    seen: list[date] = []

    @daily(name, hour=6)
    def job(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
        seen.append(today)
        return {}

    return seen


def test_the_work_of_a_killed_worker_is_done_by_another_when_the_lease_is_over() -> None:
    seen = noted()
    killed_between_claim_and_finish()
    run_due(NOON, "alive", machine=lambda: NOON + LEASE - timedelta(seconds=1))
    assert seen == []
    run_due(NOON, "alive", machine=lambda: NOON + LEASE)
    assert seen == [date(2026, 7, 5)]
    row = JobRun.objects.get()
    assert (row.status, row.worker, row.tries) == ("done", "alive", 2)


def test_of_two_that_find_the_same_dead_run_one_takes_it() -> None:
    row = killed_between_claim_and_finish()
    later = NOON + LEASE
    first = claim("a.b", row.scope, DAY, row, "first", NOON, later)
    assert first is not None and first.worker == "first"
    assert claim("a.b", row.scope, DAY, row, "second", NOON, later) is None


def test_no_later_slot_starts_while_an_earlier_one_runs() -> None:
    seen = noted("a.c")
    noted("a.b")
    killed_between_claim_and_finish()
    run_due(NOON + timedelta(days=1), "two", machine=lambda: NOON)
    assert seen == []


def test_a_job_that_kills_its_worker_each_time_is_given_up() -> None:
    killed_between_claim_and_finish()
    at = NOON
    for _ in range(5):
        at += LEASE
        row = JobRun.objects.get()
        assert claim("a.b", row.scope, DAY, row, "dead", NOON, at) is not None
    noted()
    run_due(NOON, "alive", machine=lambda: at + LEASE)
    row = JobRun.objects.get()
    assert (row.status, row.tries, row.lease_until) == ("failed", 6, None)


def test_a_worker_that_lost_its_lease_stops_and_overwrites_nothing() -> None:
    went_on: list[int] = []

    @daily("a.b", hour=6)
    def slow(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
        JobRun.objects.update(worker="other", tries=2)
        run.keep_alive()
        went_on.append(1)
        return {}

    run_due(NOON, "slow")
    row = JobRun.objects.get()
    assert (row.status, row.worker, went_on) == ("running", "other", [])


def test_telling_progress_renews_the_lease() -> None:
    row = killed_between_claim_and_finish()
    Run(row, lambda: NOON + timedelta(minutes=1)).plan(10)
    row.refresh_from_db()
    assert row.lease_until == NOON + timedelta(minutes=1) + LEASE
    assert row.planned == 10


def test_a_process_told_to_end_leaves_its_run_to_the_next_one_at_once() -> None:
    seen: list[str] = []

    @daily("a.b", hour=6)
    def long(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
        seen.append("begun")
        if len(seen) == 1:
            stopping.set()
        run.advance()
        return {}

    run_due(NOON, "first", machine=lambda: NOON)
    assert JobRun.objects.get().status == "running"
    stopping.clear()
    run_due(NOON, "second", machine=lambda: NOON)
    row = JobRun.objects.get()
    assert (row.status, row.tries, len(seen)) == ("done", 1, 2)


def test_a_run_without_a_row_only_counts() -> None:
    run = Run()
    run.plan(2)
    run.advance()
    run.fail("x", "bad")
    assert (run.planned, run.done, run.failures, run.errors) == (2, 1, 1, ["x: bad"])
    stopping.set()
    with pytest.raises(Interrupted):
        Run(killed_between_claim_and_finish()).keep_alive()


def test_a_frequent_job_runs_when_due_and_not_before() -> None:
    seen: list[datetime] = []

    @frequent("a.f", seconds=60)
    def job(run: Run, now: datetime) -> dict[str, Any]:
        seen.append(now)
        return {"sent": 1}

    for seconds in (0, 30, 59, 60, 90, 200):
        run_due(NOON + timedelta(seconds=seconds), "one")
    assert len(seen) == 3
    assert JobRun.objects.count() == 3


def test_a_wake_runs_it_at_once() -> None:
    seen: list[datetime] = []

    @frequent("a.f", seconds=600)
    def job(run: Run, now: datetime) -> dict[str, Any]:
        seen.append(now)
        return {}

    run_due(NOON, "one")
    run_due(NOON + timedelta(seconds=5), "one")
    run_due(NOON + timedelta(seconds=6), "one", woken=True)
    assert len(seen) == 2


def test_runs_that_found_nothing_to_do_leave_one_row() -> None:
    @frequent("a.f", seconds=60)
    def job(run: Run, now: datetime) -> dict[str, Any]:
        return {}

    for minute in range(5):
        run_due(NOON + timedelta(minutes=minute), "one")
    row = JobRun.objects.get()
    assert row.slot == "2026-07-05T18:04:00.000"


def test_a_wake_that_comes_while_the_job_runs_is_not_lost() -> None:
    seen: list[datetime] = []

    @frequent("a.f", seconds=60)
    def job(run: Run, now: datetime) -> dict[str, Any]:
        seen.append(now)
        if len(seen) == 1:
            run_due(NOON + timedelta(seconds=1), "two", woken=True)
            assert len(seen) == 1
        return {}

    run_due(NOON, "one")
    assert len(seen) == 2


def test_a_frequent_job_whose_worker_died_is_taken_over() -> None:
    seen: list[datetime] = []

    @frequent("a.f", seconds=60)
    def job(run: Run, now: datetime) -> dict[str, Any]:
        seen.append(now)
        return {}

    JobRun.objects.create(
        job="a.f",
        slot="2026-07-05T18:00:00.000",
        worker="dead",
        started_at=NOON,
        lease_until=NOON + LEASE,
    )
    run_due(NOON + timedelta(minutes=1), "alive", machine=lambda: NOON + timedelta(minutes=1))
    assert seen == []
    run_due(NOON + timedelta(minutes=2), "alive", machine=lambda: NOON + LEASE)
    assert len(seen) == 1


def test_a_frequent_job_that_fails_is_tried_at_its_next_time() -> None:
    @frequent("a.f", seconds=60)
    def job(run: Run, now: datetime) -> dict[str, Any]:
        raise OSError("no route")

    run_due(NOON, "one")
    run_due(NOON + timedelta(minutes=1), "one")
    assert JobRun.objects.filter(status="failed").count() == 2
