"""Checking and importing the rows of a run, a few per transaction, from wherever it stands."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from caudal.apps.imports.actions import create_missing
from caudal.apps.imports.adoption import adopt_or_take
from caudal.apps.imports.custom import own_fields
from caudal.apps.imports.lookups import Lookups
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.records import Problem, read_record
from caudal.apps.imports.repeated import Repeated
from caudal.apps.imports.rows import Said
from caudal.apps.imports.take import take
from caudal.apps.imports.taking import Refused, Taken, Taking
from caudal.apps.staff.actor import Actor
from caudal.core.civil import local_date
from caudal.core.ports.importer import Values

LEASE = timedelta(minutes=2)
BATCH = 25

Told = Callable[[int], None]


class _Undo(Exception):
    """Ends a transaction that was only a rehearsal."""


@dataclass(slots=True)
class _Line:
    """A row, what it says, and what an earlier line said already."""

    row: ImportRow
    values: Values
    repeated: list[Problem]


@dataclass(slots=True)
class _Work:
    """A run with everything its rows need; of the rows themselves a batch at a time."""

    run: ImportRun
    taking: Taking
    said: Said
    repeated: Repeated

    def take(self, line: _Line) -> Taken:
        """Write what the row says, inside the caller's transaction. Raises Refused."""
        if self.run.router is None:
            return take(line.values, self.taking)
        return adopt_or_take(line.values, self.run.router, self.taking, line.row.match)

    def lines(self, rows: Sequence[ImportRow]) -> list[_Line]:
        pairs = zip(rows, self.said.of(rows), strict=True)
        return [_Line(row, said, self.repeated.problems(row.line, said)) for row, said in pairs]

    def batches(self, **wanted: str) -> Iterator[list[_Line]]:
        """In the order of the file, BATCH lines by one query."""
        waiting = self.run.rows.filter(**wanted).select_related("match__customer", "match__plan")
        last = 0
        while rows := list(waiting.filter(line__gt=last).order_by("line")[:BATCH]):
            yield self.lines(rows)
            last = rows[-1].line


def claim(now: datetime, worker: str) -> ImportRun | None:
    """A run that waits for work and that nobody works on, for LEASE."""
    busy = (ImportRun.Status.CHECKING, ImportRun.Status.APPLYING)
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    waiting = ImportRun.objects.filter(free, status__in=busy)
    for pk in waiting.order_by("id").values_list("pk", flat=True):
        if waiting.filter(pk=pk).update(lease_until=now + LEASE, lease_by=worker):
            return ImportRun.objects.get(pk=pk)
    return None


def advance(run: ImportRun, *, now: datetime, told: Told = lambda rows: None) -> ImportRun:
    """Do what the run waits for, to its end. Killed anywhere, the next call goes on from there.

    `told` is called between transactions, with the number of rows that were done.
    """
    work = _work(run, now)
    if run.status == ImportRun.Status.CHECKING:
        _check(work, told)
        _close(run, ImportRun.Status.CHECKING, ImportRun.Status.REVIEW)
    elif run.status == ImportRun.Status.APPLYING:
        _apply(work, told)
        done = {"finished_at": now}
        _close(run, ImportRun.Status.APPLYING, ImportRun.Status.DONE, **done)
        run.rows.filter(status=ImportRow.Status.DONE).update(cells="")
    run.refresh_from_db()
    return run


def waiting(run: ImportRun) -> int:
    """How many rows are still to be checked, or to be imported."""
    if run.status == ImportRun.Status.CHECKING:
        return run.rows.filter(plan=ImportRow.Plan.UNCHECKED).count()
    return run.rows.filter(status=ImportRow.Status.WAITING).count()


def recheck(row: ImportRow, *, now: datetime) -> ImportRow:
    """Check one row that a person has changed, at once. Nothing but the row itself is written."""
    work = _work(row.run, now)
    mine = row.run.rows.select_related("match__customer", "match__plan").get(pk=row.pk)
    _rehearse(work, work.lines([mine]))
    mine.save()
    return mine


def _work(run: ImportRun, now: datetime) -> _Work:
    actor = Actor(run.created_by, run.actor_name)
    options = Options.of(run.options)
    if run.router is not None:
        options = replace(options, adopt=True)  # what was approved is the adoption
    today = local_date(now, ZoneInfo(settings.TIME_ZONE))
    fields = {field.code: field for field in own_fields(run)}
    taking = Taking(actor, now, today, run.source, Lookups.now(options), fields)
    said = Said(run)
    return _Work(run, taking, said, Repeated.among(said.lines()))


def _close(run: ImportRun, before: str, after: str, **fields: object) -> None:
    same = ImportRun.objects.filter(pk=run.pk, status=before)
    same.update(status=after, lease_until=None, lease_by="", **fields)


def _check(work: _Work, told: Told) -> None:
    for batch in work.batches(plan=ImportRow.Plan.UNCHECKED):
        _rehearse(work, batch)
        rows = [line.row for line in batch]
        ImportRow.objects.bulk_update(rows, ["plan", "changes", "problems", "label", "key"])
        told(len(batch))


def _add_repeated(line: _Line) -> None:
    row = line.row
    row.problems = [*row.problems, *(problem.plain() for problem in line.repeated)]
    if any(problem.stops for problem in line.repeated):
        row.plan = ImportRow.Plan.WRONG


def _rehearse(work: _Work, batch: list[_Line]) -> None:
    """Take the rows for real and undo it: the preview refuses exactly what the import would."""
    try:
        with transaction.atomic():
            create_missing(work.run, work.taking.actor, work.taking.now)
            work.taking.lookups.refresh()
            for line in batch:
                _rehearse_one(line, work)
            raise _Undo
    except _Undo:
        work.taking.lookups.refresh()


def _rehearse_one(line: _Line, work: _Work) -> None:
    try:
        with transaction.atomic():
            _told(line.row, work.take(line))
            raise _Undo
    except _Undo:
        pass
    except Refused as refused:
        _refuse(line.row, refused)
    _name(line)
    _add_repeated(line)


def _name(line: _Line) -> None:
    record = read_record(line.values)
    line.row.label, line.row.key = record.name[:250], record.key


def _told(row: ImportRow, taken: Taken) -> None:
    row.plan, row.changes = taken.plan, taken.changes
    row.problems = [problem.plain() for problem in taken.problems]


def _refuse(row: ImportRow, refused: Refused) -> None:
    row.plan, row.changes = ImportRow.Plan.WRONG, []
    row.problems = [problem.plain() for problem in refused.problems]


def _apply(work: _Work, told: Told) -> None:
    for batch in work.batches(status=ImportRow.Status.WAITING):
        for line in batch:
            _apply_one(line, work)
        told(len(batch))


def _apply_one(line: _Line, work: _Work) -> None:
    """The row and the note that it was taken stand or fall together, so a kill repeats nothing."""
    row, repeated = line.row, [problem for problem in line.repeated if problem.stops]
    if row.plan == ImportRow.Plan.WRONG or not row.selected:
        row.status = ImportRow.Status.FAILED
        row.save(update_fields=["status"])
        return
    try:
        if repeated:
            raise Refused(repeated)
        with transaction.atomic():
            ImportRow.objects.select_for_update().get(pk=row.pk, status=ImportRow.Status.WAITING)
            taken = work.take(line)
            _told(row, taken)
            _name(line)
            row.status = ImportRow.Status.DONE
            row.customer, row.service = taken.customer, taken.service
            row.save()
    except Refused as refused:
        _refuse(row, refused)
        _name(line)
        row.status = ImportRow.Status.FAILED
        row.save()
    except ImportRow.DoesNotExist:
        return  # another worker took it meanwhile
