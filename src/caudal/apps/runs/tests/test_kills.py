"""A worker is killed, or two work at once: each row is done once, and none is lost."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from threading import Thread

import pytest
from django.db import close_old_connections, connection

from caudal.apps.billing.models import BilledPeriod, Invoice
from caudal.apps.billing.tests.world import verify
from caudal.apps.customers.models import Suspension
from caudal.apps.runs import actions, execution
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.tests.world import CLERK, World, at, d, planned, work

JUNE, JULY = d(6, 28), d(7, 5)
pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
    import sys, django
    from datetime import datetime
    django.setup()
    from django.conf import settings
    from django.db import connection
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
    from caudal.apps.runs import execution
    from caudal.apps.runs.acts import batch
    from caudal.apps.runs.tests.world import work
    execution.AT_ONCE = {}
    execution.SLOW = 5
    save = batch.Batch.save
    def saved(self):
        save(self)
        print("batch", flush=True)
        sys.stdin.readline()
    batch.Batch.save = saved
    now = datetime.fromisoformat(sys.argv[2])
    work(now)
"""


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


def approved(kind: str, world: World) -> Run:
    day = JUNE if kind == Run.Kind.CREATE else JULY
    run = planned(kind, day, at(day, 9))
    actions.approve(actor=CLERK, now=at(day, 9), today=day, run=run, typed=run.totals["rows"])
    return run


@pytest.fixture
def worker() -> Iterator[list[subprocess.Popen[str]]]:
    """Worker processes that stop before each commit until they are told to go on."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()


def start(started: list[subprocess.Popen[str]], now: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WORKER), connection.settings_dict["NAME"], now],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings",
             "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    started.append(process)
    return process


@pytest.mark.parametrize("kind", [Run.Kind.CREATE, Run.Kind.CUT])
@pytest.mark.parametrize("batches", [0, 2])
def test_what_a_killed_worker_left_is_done_by_the_next_and_nothing_twice(
    world: World, worker: list[subprocess.Popen[str]], kind: str, batches: int
) -> None:
    for _ in range(17):
        world.customer()
    if kind == Run.Kind.CUT:
        world.create(JUNE)
    run = approved(kind, world)
    process = start(worker, at(run.on, 10).isoformat())
    assert process.stdin and process.stdout
    for _ in range(batches):
        assert process.stdout.readline() == "batch\n"
        process.stdin.write("go\n")
        process.stdin.flush()
    assert process.stdout.readline() == "batch\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = run.rows.filter(status=RunRow.Status.DONE).count()
    assert done == 5 * batches
    run.refresh_from_db()
    assert run.status == Run.Status.EXECUTING
    work(at(run.on, 11))
    run.refresh_from_db()
    assert (run.status, run.result["counts"]) == ("done", {"done": 17})
    assert len(run.instants) == 2
    _each_once(kind)
    verify()


@pytest.mark.parametrize("kind", [Run.Kind.CREATE, Run.Kind.CUT])
def test_two_workers_at_once_do_each_row_once(
    world: World, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(17):
        world.customer()
    if kind == Run.Kind.CUT:
        world.create(JUNE)
    run = approved(kind, world)
    monkeypatch.setattr(execution, "AT_ONCE", {})
    monkeypatch.setattr(execution, "SLOW", 3)

    def one() -> None:
        try:
            work(at(run.on, 10))
        finally:
            close_old_connections()
            connection.close()

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.refresh_from_db()
    assert run.result["counts"] == {"done": 17}, run.error
    _each_once(kind)


def _each_once(kind: str) -> None:
    if kind == Run.Kind.CUT:
        assert Suspension.objects.filter(closed_at=None).count() == 17
        return
    assert Invoice.objects.count() == BilledPeriod.objects.count() == 17
    numbers = list(Invoice.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(numbers[0], numbers[0] + 17))
