"""Batches that overlap: while the database writes one, the next is computed; numbers in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event
from typing import TypeVar

from django.db import connection

AT_ONCE = 2
LONGEST_WAIT = 30
"""Seconds that a batch waits for a row that somebody else has locked.

A batch also waits for the one before it, which no database sees: without an end to the waiting, an
act that waits for one of them and is waited for by the other would hang both.
"""

Result = TypeVar("Result")
Batch = TypeVar("Batch")


class Turn:
    """A batch's place in the queue: it locks rows, and then takes numbers, after the one before.

    Rows are locked in order of batches as well, so that two runs cannot wait for each other.
    """

    def __init__(self, before: "Turn | None" = None) -> None:
        self._before = before
        self._locked, self._done = Event(), Event()

    @contextmanager
    def to_lock(self) -> Iterator[None]:
        if self._before is not None:
            self._before._locked.wait()
        yield
        self._locked.set()

    def to_number(self) -> None:
        """Wait until the batch before has committed."""
        if self._before is not None:
            self._before._done.wait()

    def finish(self) -> None:
        """Let the next one go, whatever became of this one."""
        self._locked.set()
        self._done.set()
        self._before = None


def in_turn(batches: Iterable[Batch], work: Callable[[Batch, Turn], Result]) -> Iterator[Result]:
    """work(batch, turn) for each batch, in order of batches; on PostgreSQL two at a time.

    `work` opens and commits its own transaction. One that raises stops the rest: what others have
    begun is finished first.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield from (work(batch, Turn()) for batch in batches)
        return
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from _two_at_a_time(pool, batches, work)


def _two_at_a_time(
    pool: ThreadPoolExecutor,
    batches: Iterable[Batch],
    work: Callable[[Batch, Turn], Result],
) -> Iterator[Result]:
    under_way: deque[Future[Result]] = deque()
    turn = None
    try:
        for batch in batches:
            turn = Turn(turn)
            under_way.append(pool.submit(_work, batch, turn, work))
            if len(under_way) == AT_ONCE:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        _close_connections(pool)


def _work(batch: Batch, turn: Turn, work: Callable[[Batch, Turn], Result]) -> Result:
    try:
        _set_longest_wait()
        return work(batch, turn)
    finally:
        turn.finish()


def _set_longest_wait() -> None:
    if connection.connection is None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LONGEST_WAIT}s'")


def _close_connections(pool: ThreadPoolExecutor) -> None:
    """Each thread has a connection of its own, which only that thread can close."""
    barrier = Barrier(AT_ONCE)

    def close() -> None:
        barrier.wait()
        connection.close()

    for _ in range(AT_ONCE):
        pool.submit(close)
