"""The queue that wakes workers: huey on an SQLite file, PostgreSQL or Redis. It holds no truth."""

import logging
import os
import socket
import threading
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import close_old_connections, transaction
from huey import crontab
from huey.api import Huey, PostgresHuey, RedisHuey, SqliteHuey, TaskWrapper

from caudal.apps.clock.now import machine_time, now
from caudal.apps.clock.runner import run_due

LATER = (20, 40)
"""Seconds after each minute's tick at which a worker looks again: the queue's clock is coarser."""

log = logging.getLogger(__name__)


def wake() -> None:
    """After the commit, ask a worker to look at once. If the queue is down the next tick looks."""
    transaction.on_commit(_ask)


def wake_in(seconds: float) -> None:
    """After the commit, ask a worker to look after so long, unless one will look before.

    For what is to be tried again sooner than the next minute. As `wake`, it is never relied on.
    """
    transaction.on_commit(lambda: _ask_later(seconds))


@dataclass(frozen=True)
class Queue:
    huey: Huey
    wake: TaskWrapper


@cache
def queue() -> Queue:
    """The queue with its tasks: the tick of each minute, two more looks in it, and the wake."""
    huey = open_queue(settings.HUEY_URL)
    look = huey.task(name="look", expires=60)(_look)

    def tick() -> None:
        for delay in LATER:
            look.schedule(delay=delay)
        _look()

    huey.periodic_task(crontab(minute="*"), name="tick", expires=55)(tick)
    return Queue(huey, huey.task(name="wake")(_wake))


def open_queue(url: str) -> Huey:
    """Empty: an SQLite file in the data folder; else postgresql://... or redis://..."""
    if not url:
        settings.DATA.mkdir(parents=True, exist_ok=True)
        path = settings.DATA / "jobs.sqlite3"
        return SqliteHuey("caudal", filename=str(path), results=False, timeout=20)
    if url.startswith(("postgres://", "postgresql://")):
        return PostgresHuey("caudal", dsn=url, results=False)
    return RedisHuey("caudal", url=url, results=False)


def worker_name() -> str:
    """Names this thread among all workers on all machines."""
    return f"{socket.gethostname()[:40]}/{os.getpid()}/{threading.get_ident() % 100_000}"


def _ask() -> None:
    try:
        if not any(task.name == "wake" for task in queue().huey.pending()):
            queue().wake()
    except Exception:
        # The rows say what is to be done; the request that left them must not fail.
        log.warning("the job queue cannot be reached; the next tick will do", exc_info=True)


def _ask_later(seconds: float) -> None:
    try:
        # The queue keeps its instants in UTC, without saying so.
        before = machine_time().replace(tzinfo=None) + timedelta(seconds=seconds)
        planned = (task for task in queue().huey.scheduled() if task.name == "wake")
        if not any(task.eta <= before for task in planned):
            queue().huey.add_schedule(queue().wake.s(delay=seconds))
    except Exception:
        log.warning("the job queue cannot be reached; the next tick will do", exc_info=True)


def _look() -> None:
    _pass(woken=False)


def _wake() -> None:
    _pass(woken=True)


def _pass(*, woken: bool) -> None:
    close_old_connections()
    try:
        run_due(now(), worker_name(), woken=woken)
    finally:
        close_old_connections()
