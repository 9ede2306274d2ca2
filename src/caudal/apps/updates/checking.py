"""Comparing the rows of a file with what stands, some hundreds per transaction."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateField, Q
from django.utils.translation import gettext as _

from caudal.apps.customers.models import Customer
from caudal.apps.updates.columns import OF_SERVICE, FileColumn, Part, columns, columns_in
from caudal.apps.updates.differences import Difference, check, compare, in_words
from caudal.apps.updates.finding import find, held_by
from caudal.apps.updates.held import Held
from caudal.apps.updates.known import Known
from caudal.apps.updates.models import Update, UpdateRow
from caudal.apps.updates.settling import Holder, holders_of, settle, wanted_by
from caudal.apps.updates.words import Wrong
from caudal.core.cells import month_first
from caudal.store.lookups import Among

BATCH = 200
LEASE = timedelta(minutes=2)
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
        every = columns_in(update.mapping, update.known_by, update.created_by)
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
    contested: list[list[Any]] = field(default_factory=list)
    """[column, in words, "service" or "customer", its number] of what somebody else has."""


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
    with transaction.atomic():
        _close(update)
    update.refresh_from_db()


def _close(update: Update) -> None:
    """Every line is compared: what some ask for and others give up is known."""
    done = Update.objects.filter(pk=update.pk, status=Update.Status.CHECKING)
    differing = Counter(update.differing)
    for row in settle(update):
        differing.subtract(key for key, _before, _after in row.changes)
    left = {key: many for key, many in differing.items() if many > 0}
    done.update(status=Update.Status.REVIEW, lease_until=None, differing=left)


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
    """What somebody else has, or an earlier line has asked for. Who has it may give it up in a line
    to come: that is told when all have been compared."""
    asked = [
        (line, each) for line in lines if line.held for each in wanted_by(line.found, line.held)
    ]
    holders = holders_of(wanted for _line, (_key, wanted) in asked)
    for line, (key, wanted) in asked:
        first = work.claimed.setdefault(wanted, line.row.line)
        holder = holders.get(wanted)
        if first != line.row.line:
            text = _("Line %(line)s already has it.") % {"line": first}
            line.found.problems.append((key, text))
        elif holder is not None and not _is_own(holder, line):
            line.contested.append([key, holder.said(wanted), *holder.keeper])


def _is_own(holder: Holder, line: _Line) -> bool:
    assert line.held is not None
    service = line.held.service.pk if line.held.service else 0
    return holder.keeper in (("service", service), ("customer", line.held.customer.pk))


def _note(work: Checking, line: _Line, differing: Counter[str]) -> None:
    row = line.row
    row.problems = [list(problem) for problem in dict.fromkeys(line.found.problems)]
    if row.problems:
        row.problems += [contest[:2] for contest in line.contested]
        row.outcome = Outcome.WRONG
    elif row.changes:
        row.problems = line.contested
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
