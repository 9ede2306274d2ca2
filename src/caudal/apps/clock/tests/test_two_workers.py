"""Real workers at once on one database: threads that meet, and a process that is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from caudal.apps.clock import schedule
from caudal.apps.clock.jobs import Run, daily, frequent, run_due
from caudal.apps.clock.models import JobRun, Start
from caudal.apps.clock.now import machine_time
from tests.rig.database import test_database_url as database_url

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[5]
NOON = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    settings.TIME_ZONE = "America/Mexico_City"
    monkeypatch.setattr(schedule, "autodiscover_modules", lambda *names: None)
    monkeypatch.setattr(schedule, "_jobs", {})
    monkeypatch.setattr(schedule, "_zone_sources", [])
    yield


def work_together(workers: int, passes: int) -> None:
    """So many threads begin at the same moment, each with so many passes."""
    ready, errors = threading.Barrier(workers), []

    def work(number: int) -> None:
        try:
            ready.wait(120)
            for _ in range(passes):
                run_due(NOON + timedelta(days=4), f"worker {number}")
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_workers_at_once_do_each_slot_once_and_in_order() -> None:
    done: list[tuple[str, int]] = []
    at_work: Counter[str] = Counter()
    overlaps: list[str] = []

    def note(name: str, hour: int) -> None:
        @daily(name, hour=hour)
        def job(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
            at_work[zone] += 1
            if at_work[zone] > 1:
                overlaps.append(name)
            time.sleep(0.01)
            done.append((name, today.day))
            at_work[zone] -= 1
            return {}

        Start.objects.create(job=name, scope="America/Mexico_City", since=NOON.date())

    note("a.first", 6)
    note("a.second", 7)
    work_together(workers=4, passes=12)
    assert done == [(name, day) for day in range(5, 10) for name in ("a.first", "a.second")]
    assert overlaps == []
    assert JobRun.objects.filter(status="done", tries=1).count() == 10


def test_a_frequent_job_is_done_by_one_worker_at_a_time() -> None:
    at_work: list[int] = []
    most: list[int] = []

    @frequent("a.f", seconds=60)
    def job(run: Run, now: datetime) -> dict[str, Any]:
        at_work.append(1)
        most.append(len(at_work))
        time.sleep(0.05)
        at_work.pop()
        return {"sent": 1}

    work_together(workers=4, passes=1)
    assert most == [1]


DYING = """
import sys, time, django
django.setup()
from datetime import datetime, UTC
from caudal.apps.clock import schedule
schedule.autodiscover_modules = lambda *names: None
schedule._jobs.clear()

@schedule.daily("a.b", hour=6)
def job(run, today, zone, now):
    run.plan(100)
    print("begun", flush=True)
    time.sleep(60)

from caudal.apps.clock.runner import run_due
run_due(datetime(2026, 7, 5, 18, 0, tzinfo=UTC), "victim")
"""


def test_the_work_of_a_process_killed_at_work_is_done_by_the_next(settings: Any) -> None:
    victim = subprocess.Popen(
        [sys.executable, "-c", DYING],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "caudal.project.settings",
            "DATABASE_URL": database_url(),
            "CAUDAL_TIME_ZONE": settings.TIME_ZONE,
        },
        stdout=subprocess.PIPE,
    )
    assert victim.stdout is not None
    assert victim.stdout.readline() == b"begun\n"
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    victim.stdout.close()
    row = JobRun.objects.get()
    assert (row.status, row.worker, row.planned) == ("running", "victim", 100)

    seen: list[date] = []

    @daily("a.b", hour=6)
    def job(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
        seen.append(today)
        return {"created": 100}

    run_due(NOON, "next")
    assert seen == []
    run_due(NOON, "next", machine=lambda: machine_time() + timedelta(minutes=3))
    row.refresh_from_db()
    assert (seen, row.status, row.worker, row.tries) == ([date(2026, 7, 5)], "done", "next", 2)
