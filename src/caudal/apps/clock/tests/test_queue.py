"""The queue wakes workers; losing it loses nothing."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from huey.api import PostgresHuey, RedisHuey, SqliteHuey

from caudal.apps.clock import queue
from caudal.apps.clock.jobs import wake, wake_in
from tests.rig.database import test_database_url as database_url


@pytest.fixture
def own_queue(tmp_path: Path, settings: Any) -> Any:
    settings.DATA = tmp_path
    queue.queue.cache_clear()
    yield queue.queue
    queue.queue.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_a_wake_waits_for_the_commit_and_is_asked_for_once(own_queue: Any) -> None:
    with transaction.atomic():
        wake()
        assert own_queue().huey.pending_count() == 0
    wake()
    wake()
    assert [task.name for task in own_queue().huey.pending()] == ["wake"]


@pytest.mark.django_db(transaction=True)
def test_a_later_wake_is_planned_unless_one_comes_before(own_queue: Any) -> None:
    wake_in(30)
    wake_in(40)
    assert len(own_queue().huey.scheduled()) == 1
    wake_in(5)
    assert own_queue().huey.pending_count() == 0
    etas = sorted(task.eta for task in own_queue().huey.scheduled())
    assert 20 < (etas[1] - etas[0]).total_seconds() < 26
    due = own_queue().huey.read_schedule(etas[0])
    assert [task.name for task in due] == ["wake"]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_taken_back_wakes_nobody(own_queue: Any) -> None:
    with pytest.raises(ValueError), transaction.atomic():
        wake()
        raise ValueError
    assert own_queue().huey.pending_count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_down_does_not_fail_the_request(
    own_queue: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.HUEY_URL = "redis://127.0.0.1:1/0"
    wake()
    wake_in(5)
    assert caplog.text.count("queue cannot be reached") == 2


@pytest.mark.django_db
def test_the_tick_runs_what_is_due_and_looks_again_twice(
    own_queue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[bool] = []

    def note(now: datetime, worker: str, *, woken: bool) -> list[Any]:
        passes.append(woken)
        return []

    monkeypatch.setattr(queue, "run_due", note)
    monkeypatch.setattr(queue, "close_old_connections", lambda: None)
    huey = own_queue().huey
    (tick,) = [task for task in huey._registry.periodic_tasks if task.name == "tick"]
    huey.execute(tick)
    own_queue().wake.call_local()
    assert passes == [False, True]
    assert [task.name for task in huey.pending() if task.eta] == ["look", "look"]


@pytest.mark.django_db(transaction=True)
def test_the_address_says_which_queue(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    assert isinstance(queue.open_queue(""), SqliteHuey)
    assert isinstance(queue.open_queue("redis://127.0.0.1:1/0"), RedisHuey)
    if connection.vendor == "postgresql":
        made = queue.open_queue(database_url())
        assert isinstance(made, PostgresHuey)
        assert made.pending_count() == 0
        made.storage.close()
