"""Asynchronous libraries called from synchronous code, whatever the caller's thread is doing."""

import asyncio
from collections.abc import Callable, Coroutine
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")


class OwnLoop:
    """An event loop in a thread of its own: the caller's thread may be running one already."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`, or what it raises."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def call(self, act: Callable[[], object]) -> None:
        """Do it in the loop's thread, where what belongs to the loop may be touched."""
        self._loop.call_soon_threadsafe(act)

    def close(self) -> None:
        """Twice is harmless."""
        if self._loop.is_closed():
            return
        self.run(self._loop.shutdown_asyncgens())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of one piece of work."""
    with OwnLoop() as loop:
        return loop.run(work)
