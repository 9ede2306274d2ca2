"""How much a piece of work asks of the database."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(act: Callable[[], object]) -> int:
    """How many statements it sends."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)
