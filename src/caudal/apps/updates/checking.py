"""Comparing the rows of a file with what stands, some hundreds per transaction."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateField, Q
from django.utils.translation import gettext as _

from caudal.apps.customers.models import Customer
from caudal.apps.network.models import Connection
from caudal.apps.updates.columns import OF_SERVICE, FileColumn, Part, columns
from caudal.apps.updates.differences import (
    Difference,
    check,
    compare,
    in_words,
    wanted_router,
)
from caudal.apps.updates.finding import find, held_by
from caudal.apps.updates.held import Held
from caudal.apps.updates.known import Known
from caudal.apps.updates.models import Update, UpdateRow
from caudal.apps.updates.words import Wrong
from caudal.core.cells import month_first
from caudal.store.lookups import Among

BATCH = 200
LEASE = timedelta(minutes=2)
UNIQUE = ("rfid_card", "portal_user")
"""Of which two customers may not have the same."""
Outcome = UpdateRow.Outcome
Told = Callable[[], None]
Values = dict[str, str]


@dataclass(slots=True)
class Checking:
    """A file with everything that its rows need."""

    update: Update
    columns: Mapping[str, FileColumn]
    known: Known
    seen: dict[int, list[tuple[int | None, int, list[Any]]]] = field(default_factory=dict)
    """Customer -> (service, line, changes) of the lines before."""
    claimed: dict[tuple[Any, ...], int] = field(default_factory=dict)
    """What a line before has asked for and may be had once -> that line."""

    @classmethod
    def of(cls, update: Update) -> "Checking":
        every = columns(update.created_by)
        taken = {key: every[key] for key in update.mapping if key in every}
        return cls(
            update, taken, Known.now(update.created_by, month_first=bool(update.month_first))
        )


@dataclass(slots=True)
class _Line:
    row: UpdateRow
    values: Values
    held: Held | None = None
    found: Difference = field(default_factory=Difference)


def claim(now: datetime) -> Update | None:
    """A file that waits for being checked and that nobody checks, for LEASE."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    waiting = Update.objects.filter(free, status=Update.Status.CHECKING)
    for pk in waiting.order_by("id").values_list("pk", flat=True):
        if waiting.filter(pk=pk).update(lease_until=now + LEASE):
            return Update.objects.select_related("created_by__role").get(pk=pk)
    return None


def check_all(update: Update, *, told: Told = lambda: None) -> None:
    """Check what is left of the file. Killed anywhere, the next call goes on from there."""
    if update.month_first is None:
        update.month_first = month_first(_dates(update))
        update.save(update_fields=["month_first"])
    work = Checking.of(update)
    waiting = update.rows.filter(outcome=Outcome.UNCHECKED).order_by("line")
    while batch := list(waiting[:BATCH]):
        with transaction.atomic():
            _check_batch(work, batch)
        told()
    done = Update.objects.filter(pk=update.pk, status=Update.Status.CHECKING)
    done.update(status=Update.Status.REVIEW, lease_until=None)
    update.refresh_from_db()


def values_of(update: Update, row: UpdateRow) -> Values:
    """Column key -> cell of one row."""
    cells = json.loads(row.cells or "[]")
    return {key: str(cell) for key, cell in zip(update.mapping, cells, strict=False) if key}


def _check_batch(work: Checking, rows: list[UpdateRow]) -> None:
    update = work.update
    lines = [_Line(row, values_of(update, row)) for row in rows]
    _find(work, lines)
    _recall(work, lines)
    for line in lines:
        if line.held is not None:
            _compare(work, line)
    _check_taken(work, lines)
    differing = Counter(update.differing)
    for line in lines:
        _note(work, line, differing)
    names = ["customer", "service", "label", "outcome", "changes", "problems"]
    UpdateRow.objects.bulk_update(rows, names)
    update.differing, update.checked = dict(differing), update.checked + len(rows)
    update.save(update_fields=["differing", "checked"])


def _find(work: Checking, lines: list[_Line]) -> None:
    known_by = work.update.known_by
    texts = (line.values.get(known_by, "") for line in lines)
    found = find(texts, known_by, work.update.created_by)
    for line in lines:
        try:
            line.held = held_by(line.values, known_by, found, work.columns.values())
        except Wrong as wrong:
            line.found.problems.append(("", str(wrong)))
            continue
        line.row.customer, line.row.service = line.held.customer, line.held.service
        line.row.label = f"{line.held.customer.code} {line.held.customer.name}"[:250]


def _recall(work: Checking, lines: list[_Line]) -> None:
    """What lines before, of other batches, have said of the same customers."""
    work.seen = {}
    keys = [line.held.customer.pk for line in lines if line.held]
    before = work.update.rows.filter(Among("customer_id", keys))
    before = before.exclude(outcome__in=(Outcome.UNCHECKED, Outcome.WRONG))
    for key, service, number, changes in before.values_list(
        "customer", "service", "line", "changes"
    ):
        work.seen.setdefault(key, []).append((service, number, changes))


def _compare(work: Checking, line: _Line) -> None:
    assert line.held is not None
    line.found = compare(
        line.values, line.held, work.known, work.columns.values(), empties=work.update.empties
    )
    check(line.found, line.held, work.update.created_by, work.columns)
    line.row.changes = in_words(line.found, work.columns)
    line.found.problems += _repeated(work, line)
    service = line.held.service
    said = (service.pk if service else None, line.row.line, line.row.changes)
    work.seen.setdefault(line.held.customer.pk, []).append(said)


def _repeated(work: Checking, line: _Line) -> Iterator[tuple[str, str]]:
    """Lines that say again, or otherwise, what an earlier line said of the same one."""
    assert line.held is not None
    service = line.held.service.pk if line.held.service else None
    mine = {key: after for key, _before, after in line.row.changes}
    for other, number, changes in work.seen.get(line.held.customer.pk, ()):
        if other == service:
            yield "", _("Line %(line)s is the same one already.") % {"line": number}
            continue
        for key, _before, after in changes:
            column = work.columns.get(key)
            is_his = column is not None and column.part not in OF_SERVICE
            if is_his and key in mine and mine[key] != after:
                text = _("Line %(line)s says “%(other)s” of the same customer.")
                yield key, text % {"line": number, "other": after}


def _check_taken(work: Checking, lines: list[_Line]) -> None:
    """What somebody else has: one query for connections and one per column of UNIQUE."""
    holders = _holders(lines) | _card_holders(lines)
    for line in lines:
        for key, wanted in _wanted(line):
            assert line.held is not None
            holder = holders.get(wanted)
            if holder is not None and holder[0] != line.held.customer.pk:
                text = _("%(value)s is already in use: %(holder)s.")
                said = {"value": wanted[-1], "holder": holder[1]}
                line.found.problems.append((key, text % said))
                continue
            first = work.claimed.setdefault(wanted, line.row.line)
            if first != line.row.line:
                text = _("Line %(line)s already has it.") % {"line": first}
                line.found.problems.append((key, text))


def _wanted(line: _Line) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """(column, what it asks for) of everything that only one may have."""
    if line.held is None:
        return
    router = wanted_router(line.found, line.held) if line.held.service else None
    for key in ("ip_address", "username"):
        if key in line.found.changes and router and line.found.after(key):
            yield key, (key, router.pk, line.found.after(key))
    for key in UNIQUE:
        if key in line.found.changes and line.found.after(key):
            yield key, (key, line.found.after(key))


def _holders(lines: Iterable[_Line]) -> dict[tuple[Any, ...], tuple[int, str]]:
    asked = [wanted for line in lines for _key, wanted in _wanted(line) if len(wanted) == 3]
    if not asked:
        return {}
    addresses = [value for key, _router, value in asked if key == "ip_address"]
    names = [value for key, _router, value in asked if key == "username"]
    rows = Connection.objects.live().filter(Q(address__in=addresses) | Q(username__in=names))
    found: dict[tuple[Any, ...], tuple[int, str]] = {}
    for router, address, username, pk, name in rows.values_list(
        "router_id", "address", "username", "service__customer_id", "service__customer__name"
    ):
        found["ip_address", router, address] = (pk, name)
        found["username", router, username] = (pk, name)
    return found


def _card_holders(lines: Iterable[_Line]) -> dict[tuple[Any, ...], tuple[int, str]]:
    asked = [wanted for line in lines for _key, wanted in _wanted(line) if len(wanted) == 2]
    found: dict[tuple[Any, ...], tuple[int, str]] = {}
    for name in UNIQUE:
        values = [value for key, value in asked if key == name]
        if values:
            rows = Customer.objects.filter(**{f"{name}__in": values})
            for value, pk, label in rows.values_list(name, "pk", "name"):
                found[name, value] = (pk, label)
    return found


def _note(work: Checking, line: _Line, differing: Counter[str]) -> None:
    row = line.row
    row.problems = [list(problem) for problem in dict.fromkeys(line.found.problems)]
    if row.problems:
        row.outcome = Outcome.WRONG
    elif row.changes:
        row.outcome = Outcome.CHANGED
        differing.update(key for key, _before, _after in row.changes)
    else:
        row.outcome = Outcome.SAME


def _dates(update: Update) -> Iterator[str]:
    """The cells of every column of dates."""
    every = columns(update.created_by)
    dated = [at for at, key in enumerate(update.mapping) if key in every and _is_date(every[key])]
    rows = update.rows.order_by("line").iterator(chunk_size=BATCH) if dated else ()
    for row in rows:
        cells = json.loads(row.cells or "[]")
        yield from (str(cells[at]) for at in dated if at < len(cells))


def _is_date(column: FileColumn) -> bool:
    if column.custom is not None:
        return str(column.custom.kind) == "date"
    is_person = column.part is Part.PERSON
    return is_person and isinstance(Customer._meta.get_field(column.name), DateField)
