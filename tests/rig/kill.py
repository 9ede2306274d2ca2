"""Dying in the middle of work, and many who work at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Thread
from typing import Any

from django.db import connection

Statement = Callable[..., Any]


class Killed(BaseException):
    """What SIGKILL looks like from inside: nothing catches it."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """The process dies before its n-th statement; the database rolls back what was open.

    Inside a test's own transaction that is a rollback to a savepoint, which must still get through.
    """
    left = statement

    def wrapper(execute: Statement, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0 and not (left < -1 and "SAVEPOINT" in sql):
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield


def in_threads(count: int, work: Callable[[int], object]) -> list[BaseException]:
    """Start together, each with its own connection; returns what went wrong.

    A database in memory has one connection: there they work in turn.
    """
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        for number in range(count):
            work(number)
        return []
    start, wrong = Barrier(count), []

    def one(number: int) -> None:
        try:
            start.wait()
            work(number)
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong
