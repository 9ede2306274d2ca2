"""Files of localities: a short one is read at once, a long one by the worker, with its progress."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from caudal.apps.clock.jobs import Run, wake
from caudal.apps.customers.actions.localities import BATCH, Taken, take_localities
from caudal.apps.desk.collect import read_table
from caudal.apps.desk.localities import COLUMNS, columns_of, rows_of_file
from caudal.apps.desk.models import LocalityFile
from caudal.apps.imports.words import told_of_file
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User
from caudal.core.ports.importer import FileError, Sheet

Status = LocalityFile.Status
AT_ONCE = 200_000
"""Bytes of a file that is read while the person waits."""
LEASE = timedelta(minutes=10)
KEPT = timedelta(days=30)


def is_long(size: int) -> bool:
    """Whether nobody should wait for a file of so many bytes."""
    return size > AT_ONCE


class NoCities(Exception):
    """No column of the file tells a city; the text names its columns."""


def table_of(content: bytes) -> tuple[Sheet, dict[str, int]]:
    """The rows and which column holds what. Raises FileError or NoCities."""
    sheet = read_table(content, COLUMNS)
    columns = columns_of(sheet.header)
    if "city" not in columns:
        raise NoCities(", ".join(sheet.header)[:200])
    return sheet, columns


def told(error: FileError | NoCities) -> str:
    if isinstance(error, NoCities):
        text = _("No column of the file is called city, municipality or district: %(names)s.")
        return text % {"names": error}
    return str(told_of_file(error))


def take_now(*, actor: Actor, now: datetime, content: bytes) -> Taken:
    """Raises FileError or NoCities."""
    sheet, columns = table_of(content)
    rows = rows_of_file(columns, [line.cells for line in sheet.lines])
    return take_localities(actor=actor, now=now, rows=rows)


def leave_file(*, user: User, now: datetime, name: str, content: bytes) -> LocalityFile:
    """Keep it for the worker, which is told at once."""
    file = LocalityFile.objects.create(name=name[:200], user=user, at=now, content=content)
    wake()
    return file


def do_waiting(now: datetime, run: Run) -> int:
    """Read every file that waits and that nobody reads; how many."""
    many = 0
    while (file := _claim(now)) is not None:
        _do(file, now, run)
        many += 1
    return many


def forget_old_files(before: datetime) -> int:
    """What came of files is told for a month."""
    gone, _by_table = LocalityFile.objects.filter(at__lt=before).delete()
    return gone


def _claim(now: datetime) -> LocalityFile | None:
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    waiting = LocalityFile.objects.filter(free, status=Status.RUNNING)
    for pk in waiting.order_by("id").values_list("pk", flat=True):
        if waiting.filter(pk=pk).update(lease_until=now + LEASE):
            return LocalityFile.objects.select_related("user").get(pk=pk)
    return None


def _do(file: LocalityFile, now: datetime, run: Run) -> None:
    def step(done: int, planned: int) -> None:
        if done <= BATCH:
            run.plan(planned)
        LocalityFile.objects.filter(pk=file.pk).update(done=done, planned=planned)
        run.advance(min(BATCH, planned))

    try:
        sheet, columns = table_of(bytes(file.content))
    except (FileError, NoCities) as error:
        _close(file, status=Status.FAILED, error=told(error)[:300])
        return
    rows = rows_of_file(columns, [line.cells for line in sheet.lines])
    taken = take_localities(actor=Actor.person(file.user), now=now, rows=rows, told=step)
    _close(file, status=Status.DONE, **vars(taken))


def _close(file: LocalityFile, **result: Any) -> None:
    LocalityFile.objects.filter(pk=file.pk).update(content=b"", **result)
