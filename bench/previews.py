"""Files of 10,000 rows, of updates and of new customers: how long their previews take, in what
memory, and how often they tell how far they are."""

import csv
import io
import resource
from collections.abc import Iterator

from bench.report import Result, timed
from bench.rows import NOW, owner, provider
from caudal.apps.customers.models import Customer
from caudal.apps.imports import actions as imports
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import ImportRow
from caudal.apps.imports.options import Options
from caudal.apps.staff.actor import Actor
from caudal.apps.updates import actions, filing
from caudal.apps.updates.checking import check_all
from caudal.apps.updates.models import Update

ROWS = 10_000
SMALL = 1_000
FEW = 200
LINEAR = 1.2
"""The last rows take as long as the first, and some for the noise."""
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
    yield from _imports()


def _imports() -> Iterator[Result]:
    """Of customers who are all new: each is tried and none is written."""
    small = _rehearsed(_new_customers(FEW))
    before = _memory()
    told: list[int] = []
    big = _rehearsed(_new_customers(ROWS), told)
    grown = _memory() - before
    note = f"{ROWS:,} rows, {len(told)} steps of progress"
    peer = f"as long for each of {FEW} rows"
    yield Result("preview of an import", big, small * ROWS / FEW, peer, LINEAR, note)
    yield Result("memory that it adds", grown, MOST_GROWN, "limit", 1.0, unit="MiB")


def _rehearsed(content: bytes, told: list[int] | None = None) -> float:
    who, options = Actor.person(owner()), Options(first_day=NOW.date())
    run = imports.open_file(
        actor=who, now=NOW, content=content, filename="bench.csv", options=options
    )
    run = imports.choose(
        actor=who, now=NOW, run=run, source=run.source, mapping=run.mapping, options=options
    )
    marks = told if told is not None else []
    took = timed(lambda: advance(run, now=NOW, told=marks.append))
    rows = run.rows.count()
    assert sum(marks) == rows == run.rows.filter(plan=ImportRow.Plan.NEW).count()
    return took


def _new_customers(rows: int) -> bytes:
    """A file of WispHub; nobody in it is here yet."""
    header = ("Id Servicio", "Nombre", "Telefono", "Dirección", "Zona", "Plan Internet", "Router",
              "Servicio", "Ip")  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    for n in range(rows):
        address = f"10.{100 + n // 50_000}.{n // 200 % 250}.{n % 200 + 2}"
        writer.writerow(
            (n, f"Nadia Ortiz {n}", f"33{n:08d}", f"Calle Nueva {n}", f"Zona {n % 10}",
             f"Plan {n % 5}", f"Router {n % 20}", f"nuevo{n}", address)
        )  # fmt: skip
    return text.getvalue().encode()


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
