"""Work of a job item by item: each in its own transaction, and one that fails stops no other."""

from collections.abc import Callable, Sequence

from django.db import InterfaceError, OperationalError, transaction

from caudal.apps.clock.run import Run

AWAY = (OperationalError, InterfaceError)
"""A database that is away is nobody's fault: the error is raised, and the whole run tried again."""


def each_alone(
    run: Run,
    keys: Sequence[int],
    work: Callable[[int], int],
    failed: Callable[[int, Exception], object],
) -> int:
    """The sum of what `work` answers; the run is told of each key, `failed` of those that fail."""
    run.plan(len(keys))
    total = 0
    for key in keys:
        try:
            with transaction.atomic():
                done = work(key)
        except AWAY:
            raise
        except Exception as error:
            run.fail(key, error)
            failed(key, error)
        else:
            total += done
            run.advance()
    return total
