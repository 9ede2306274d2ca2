"""Checking and importing the rows of a run, a few per transaction, from wherever it stands."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DataError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from caudal.apps.imports.actions import create_missing
from caudal.apps.imports.adoption import adopt_or_take
from caudal.apps.imports.custom import own_fields
from caudal.apps.imports.kept import last_entry
from caudal.apps.imports.lookups import Lookups
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.present import Present
from caudal.apps.imports.records import Problem, Record, read_record
from caudal.apps.imports.repeated import Repeated
from caudal.apps.imports.rows import Said
from caudal.apps.imports.take import take
from caudal.apps.imports.taking import Refused, Taken, Taking
from caudal.apps.staff.actor import Actor
from caudal.core.civil import local_date
from caudal.core.ports.importer import Values

LEASE = timedelta(minutes=2)
BATCH = 100

Told = Callable[[int], None]


class _Undo(Exception):
    """Ends a transaction that was only a rehearsal."""


@dataclass(slots=True)
class _Line:
    """A row, what it says, and what an earlier line said already."""

    row: ImportRow
    values: Values
    record: Record
    repeated: list[Problem]


@dataclass(slots=True)
class _Work:
    """A run with everything its rows need; of the rows themselves a batch at a time."""

    run: ImportRun
    taking: Taking
    said: Said
    repeated: Repeated

    def look_around(self, lines: Sequence[_Line]) -> None:
        """Ask at once what is here of what these lines speak of."""
        records = [line.record for line in lines]
        present = Present.of(records, self.taking.source, self.taking.lookups)
        self.taking = replace(self.taking, present=present)

    def try_out(self, line: _Line) -> Taken:
        """What taking the line would do. Who is plainly new is not written; the rest is taken for
        real and undone. Raises Refused."""
        if self.run.router is None and self.taking.present.is_new(line.record):
            return take(line.record, line.values, replace(self.taking, is_trial=True))
        taken = None
        try:
            with transaction.atomic():
                taken = self.take(line)
                raise _Undo
        except _Undo:
            assert taken is not None
            return taken

    def take(self, line: _Line) -> Taken:
        """Write what the row says, inside the caller's transaction. Raises Refused."""
        try:
            return self._taken(line)
        except DataError as error:  # one row must not hold up the rest
            text = _("The database does not hold a value of this row: it is too long or too large.")
            raise Refused([*line.record.problems, Problem("", text)]) from error

    def _taken(self, line: _Line) -> Taken:
        if self.run.router is None:
            return take(line.record, line.values, self.taking)
        match = line.row.match
        return adopt_or_take(line.record, line.values, self.run.router, self.taking, match)

    def lines(self, rows: Sequence[ImportRow]) -> list[_Line]:
        return [self._line(row, said) for row, said in zip(rows, self.said.of(rows), strict=True)]

    def _line(self, row: ImportRow, said: Values) -> _Line:
        record = read_record(said, month_first=self.taking.lookups.options.month_first)
        return _Line(row, said, record, self.repeated.problems(row.line, record))

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


def _rehearse(work: _Work, batch: list[_Line]) -> None:
    """The preview refuses exactly what the import would: what is to be created is there while it
    is made, and nothing of it stays."""
    try:
        with transaction.atomic():
            create_missing(work.run, work.taking.actor, work.taking.now)
            work.taking.lookups.refresh()
            work.look_around(batch)
            for line in batch:
                _rehearse_one(line, work)
            raise _Undo
    except _Undo:
        work.taking.lookups.refresh()


def _rehearse_one(line: _Line, work: _Work) -> None:
    try:
        _told(line, work.try_out(line))
    except Refused as refused:
        _refuse(line, refused)
    if any(problem.stops for problem in line.repeated):
        line.row.plan = ImportRow.Plan.WRONG


def _told(line: _Line, taken: Taken) -> None:
    line.row.plan, line.row.changes = taken.plan, taken.changes
    _say(line, taken.problems)


def _refuse(line: _Line, refused: Refused) -> None:
    line.row.plan, line.row.changes = ImportRow.Plan.WRONG, []
    _say(line, refused.problems)


def _say(line: _Line, problems: Sequence[Problem]) -> None:
    """Whom the row is about, and what is to be said of it: on the preview as afterwards."""
    row, record = line.row, line.record
    row.label, row.key = record.name[:250], record.key
    row.problems = [problem.plain() for problem in (*problems, *line.repeated)]


def _apply(work: _Work, told: Told) -> None:
    for batch in work.batches(status=ImportRow.Status.WAITING):
        work.look_around(batch)
        for line in batch:
            _apply_one(line, work)
        told(len(batch))


def _kept(taken: Taken, first: int, work: _Work) -> str:
    kept = taken.kept
    kept.at, kept.first, kept.last = work.taking.now.isoformat(), first, last_entry()
    return kept.text()


def _apply_one(line: _Line, work: _Work) -> None:
    """The row and the note that it was taken stand or fall together, so a kill repeats nothing."""
    row = line.row
    if row.plan == ImportRow.Plan.WRONG or not row.selected:
        row.status = ImportRow.Status.FAILED
        row.save(update_fields=["status"])
        return
    try:
        if any(problem.stops for problem in line.repeated):
            raise Refused([])
        with transaction.atomic():
            ImportRow.objects.select_for_update().get(pk=row.pk, status=ImportRow.Status.WAITING)
            first = last_entry() + 1
            taken = work.take(line)
            _told(line, taken)
            row.status, row.kept = ImportRow.Status.DONE, _kept(taken, first, work)
            row.customer, row.service = taken.customer, taken.service
            row.save()
    except Refused as refused:
        _refuse(line, refused)
        row.status = ImportRow.Status.FAILED
        row.save()
    except ImportRow.DoesNotExist:
        return  # another worker took it meanwhile
    else:
        work.taking.present.note(line.record, row.customer)
