"""Checking and importing the rows of a run, a few per transaction, from wherever it stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from caudal.apps.customers.contacts import split
from caudal.apps.imports.actions import create_missing
from caudal.apps.imports.adoption import adopt_or_take
from caudal.apps.imports.lookups import Lookups
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.records import Problem, Record, read_record
from caudal.apps.imports.rows import values_of_run
from caudal.apps.imports.take import take
from caudal.apps.imports.taking import Refused, Taken, Taking
from caudal.apps.staff.actor import Actor
from caudal.core.civil import local_date
from caudal.core.ports.importer import Field, Values
from caudal.core.text import digits

LEASE = timedelta(minutes=2)
BATCH = 25

Told = Callable[[], None]


class _Undo(Exception):
    """Ends a transaction that was only a rehearsal."""


@dataclass(slots=True)
class _Work:
    """A run with everything its rows need."""

    run: ImportRun
    taking: Taking
    rows: list[ImportRow]
    values: dict[int, Values]

    def take(self, row: ImportRow) -> Taken:
        """Write what the row says, inside the caller's transaction. Raises Refused."""
        if self.run.router is None:
            return take(self.values[row.pk], self.taking)
        return adopt_or_take(self.values[row.pk], self.run.router, self.taking, row.match)

    def batches(self, wanted: Callable[[ImportRow], bool]) -> Iterator[list[ImportRow]]:
        rows = [row for row in self.rows if wanted(row)]
        for start in range(0, len(rows), BATCH):
            yield rows[start : start + BATCH]


def claim(now: datetime, worker: str) -> ImportRun | None:
    """A run that waits for work and that nobody works on, for LEASE."""
    busy = (ImportRun.Status.CHECKING, ImportRun.Status.APPLYING)
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    waiting = ImportRun.objects.filter(free, status__in=busy)
    for pk in waiting.order_by("id").values_list("pk", flat=True):
        if waiting.filter(pk=pk).update(lease_until=now + LEASE, lease_by=worker):
            return ImportRun.objects.get(pk=pk)
    return None


def advance(run: ImportRun, *, now: datetime, told: Told = lambda: None) -> ImportRun:
    """Do what the run waits for, to its end. Killed anywhere, the next call goes on from there.

    `told` is called between transactions.
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


def recheck(row: ImportRow, *, now: datetime) -> ImportRow:
    """Check one row that a person has changed, at once. Nothing but the row itself is written."""
    work = _work(row.run, now)
    again = _repeated(work).get(row.pk, [])
    (mine,) = [each for each in work.rows if each.pk == row.pk]
    _rehearse(work, [mine])
    _add_repeated(mine, again)
    mine.save()
    return mine


def _work(run: ImportRun, now: datetime) -> _Work:
    actor = Actor(run.created_by, run.actor_name)
    options = Options.of(run.options)
    if run.router is not None:
        options = replace(options, adopt=True)  # what was approved is the adoption
    today = local_date(now, ZoneInfo(settings.TIME_ZONE))
    taking = Taking(actor, now, today, run.source, Lookups.now(options))
    rows = list(run.rows.select_related("match__customer", "match__plan").order_by("line"))
    values = {row.pk: said for row, said in zip(rows, values_of_run(run, rows), strict=True)}
    return _Work(run, taking, rows, values)


def _close(run: ImportRun, before: str, after: str, **fields: object) -> None:
    same = ImportRun.objects.filter(pk=run.pk, status=before)
    same.update(status=after, lease_until=None, lease_by="", **fields)


def _check(work: _Work, told: Told) -> None:
    repeated = _repeated(work)
    for batch in work.batches(lambda row: row.plan == ImportRow.Plan.UNCHECKED):
        _rehearse(work, batch)
        for row in batch:
            _add_repeated(row, repeated.get(row.pk, []))
        ImportRow.objects.bulk_update(batch, ["plan", "changes", "problems", "label", "key"])
        told()


def _add_repeated(row: ImportRow, again: list[Problem]) -> None:
    row.problems = [*row.problems, *(problem.plain() for problem in again)]
    if any(problem.stops for problem in again):
        row.plan = ImportRow.Plan.WRONG


def _rehearse(work: _Work, batch: list[ImportRow]) -> None:
    """Take the rows for real and undo it: the preview refuses exactly what the import would."""
    try:
        with transaction.atomic():
            create_missing(work.run, work.taking.actor, work.taking.now)
            work.taking.lookups.refresh()
            for row in batch:
                _rehearse_one(row, work)
            raise _Undo
    except _Undo:
        work.taking.lookups.refresh()


def _rehearse_one(row: ImportRow, work: _Work) -> None:
    try:
        with transaction.atomic():
            _told(row, work.take(row))
            raise _Undo
    except _Undo:
        pass
    except Refused as refused:
        _refuse(row, refused)
    _name(row, work)


def _name(row: ImportRow, work: _Work) -> None:
    record = read_record(work.values[row.pk])
    row.label, row.key = record.name[:250], record.key


def _told(row: ImportRow, taken: Taken) -> None:
    row.plan, row.changes = taken.plan, taken.changes
    row.problems = [problem.plain() for problem in taken.problems]


def _refuse(row: ImportRow, refused: Refused) -> None:
    row.plan, row.changes = ImportRow.Plan.WRONG, []
    row.problems = [problem.plain() for problem in refused.problems]


def _repeated(work: _Work) -> dict[int, list[Problem]]:
    """Rows that say again what an earlier line said: identity, user and address stop them."""
    seen: dict[tuple[str, str, str], int] = {}
    found: dict[int, list[Problem]] = {}
    for row in work.rows:
        record = read_record(work.values[row.pk])
        for name in _telling(record):
            first = seen.setdefault(name, row.line)
            if first != row.line:
                text = _("Line %(line)s already has it.") % {"line": first}
                problem = Problem(name[0], text, stops=name[0] != Field.PHONES)
                found.setdefault(row.pk, []).append(problem)
    return found


def _telling(record: Record) -> Iterator[tuple[str, str, str]]:
    """What two rows of one file should not both say."""
    yield from ((Field.PHONES, "", digits(phone)[-10:]) for phone in split(record.phones))
    for name, router, text in (
        ("", "", record.key),
        (Field.USERNAME, record.router, record.username),
        (Field.IP_ADDRESS, record.router, record.address),
    ):
        if text:
            yield name, router, text


def _apply(work: _Work, told: Told) -> None:
    repeated = _repeated(work)
    for batch in work.batches(lambda row: row.status == ImportRow.Status.WAITING):
        for row in batch:
            _apply_one(row, work, [p for p in repeated.get(row.pk, []) if p.stops])
        told()


def _apply_one(row: ImportRow, work: _Work, repeated: list[Problem]) -> None:
    """The row and the note that it was taken stand or fall together, so a kill repeats nothing."""
    if row.plan == ImportRow.Plan.WRONG or not row.selected:
        row.status = ImportRow.Status.FAILED
        row.save(update_fields=["status"])
        return
    try:
        if repeated:
            raise Refused(repeated)
        with transaction.atomic():
            ImportRow.objects.select_for_update().get(pk=row.pk, status=ImportRow.Status.WAITING)
            taken = work.take(row)
            _told(row, taken)
            _name(row, work)
            row.status = ImportRow.Status.DONE
            row.customer, row.service = taken.customer, taken.service
            row.save()
    except Refused as refused:
        _refuse(row, refused)
        _name(row, work)
        row.status = ImportRow.Status.FAILED
        row.save()
    except ImportRow.DoesNotExist:
        return  # another worker took it meanwhile
