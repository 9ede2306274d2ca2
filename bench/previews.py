"""Files of 10,000 rows: how long until they are compared with what stands, and in what memory."""

import csv
import io
import resource
from collections.abc import Iterator

from bench.report import Result, timed
from bench.rows import NOW, owner, provider
from caudal.apps.customers.models import Customer
from caudal.apps.updates import actions, filing
from caudal.apps.updates.checking import check_all
from caudal.apps.updates.models import Update

ROWS = 10_000
SMALL = 1_000
GOAL = 12.0
"""Ten times as many rows in ten times the time, and some for the noise."""
MOST_GROWN = 48
"""MiB: a file of 10,000 rows leaves no more behind than its own rows do while they are read."""


def run() -> Iterator[Result]:
    provider(ROWS)
    small = _checked(_file(SMALL))
    before = _memory()
    told: list[int] = []
    big = _checked(_file(ROWS), told)
    grown = _memory() - before
    if grown > MOST_GROWN:
        raise RuntimeError(f"memory grew by {grown} MiB")
    note = f"{ROWS:,} rows, {len(told)} times told, memory grew by {grown} MiB"
    yield Result("preview of an update", big, small, "a tenth of the rows", GOAL, note)


def _checked(content: bytes, told: list[int] | None = None) -> float:
    update = actions.open_update(user=owner(), now=NOW, content=content, filename="bench.csv")
    update = actions.choose_columns(update=update, mapping=update.mapping, known_by=update.known_by)
    marks = told if told is not None else []
    took = timed(lambda: check_all(update, told=lambda: marks.append(1)))
    assert Update.objects.get(pk=update.pk).differing.get("city")
    return took


def _file(rows: int) -> bytes:
    """The file for editing, with every city and every tenth price changed."""
    columns = filing.offered(owner(), ["customer", "place", "service", "network"])
    found = Customer.objects.order_by("pk")[:rows]
    keys = [column.key for column in columns]
    city, price = keys.index("city"), keys.index("price")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(filing.header(columns))
    for at, row in enumerate(filing.rows(found, columns, lambda _more: None)):
        row[city] = f"Ciudad {at % 7}"
        row[price] = 999 if at % 10 == 0 else row[price]
        writer.writerow(row)
    return text.getvalue().encode()


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
