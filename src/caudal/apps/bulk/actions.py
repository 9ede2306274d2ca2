"""Asking for an act on many rows, and for taking it back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from caudal.apps.bulk import doing
from caudal.apps.bulk.acts import Act, act_named
from caudal.apps.bulk.choosing import Choice
from caudal.apps.bulk.models import BulkAct, BulkRow
from caudal.apps.clock.jobs import Run, wake
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.staff.models import User
from caudal.core.errors import RuleError
from caudal.store.bulk import insert

AT_ONCE = 15
"""So many rows are done while the person waits; more are left to the worker."""
WHOLE_AT_ONCE = 1_000
"""The same for an act that makes one file of them."""
MOST_ROWS = 1_000_000


def ask(
    *,
    user: User,
    now: datetime,
    key: UUID,
    act: Act,
    ids: Iterable[int],
    options: dict[str, Any],
) -> BulkAct:
    """Leave the act and its rows, and do it at once where it is short. Asked twice it is one."""
    with transaction.atomic():
        bulk, is_new = _leave(key, user, now, act=act.key, options=options)
        if not is_new:
            return bulk
        rows = (
            BulkRow(bulk=bulk, subject_id=pk, position=at)
            for at, pk in enumerate(dict.fromkeys(ids), start=1)
        )
        count = _write(rows)
        record(Actor.person(user), f"bulk.{act.key}", bulk, now=now, note=str(count))
    return _begin(bulk, count, now)


def ask_whole(
    *, user: User, now: datetime, key: UUID, act: Act, choice: Choice, options: dict[str, Any]
) -> BulkAct:
    """The same for an act on all rows at once: they are chosen again when it is done."""
    if not choice.count:
        raise RuleError("nothing-chosen")
    with transaction.atomic():
        bulk, is_new = _leave(
            key, user, now, act=act.key, options=options, choice=choice.plain(), total=choice.count
        )
        if not is_new:
            return bulk
        record(Actor.person(user), f"bulk.{act.key}", bulk, now=now, note=str(choice.count))
    return _begin(bulk, choice.count, now, WHOLE_AT_ONCE)


def undo(*, user: User, now: datetime, key: UUID, bulk: BulkAct) -> BulkAct:
    """Take a finished act back, as one act of its own: each row that was done, newest first.

    Raises RuleError where it cannot be, or was already.
    """
    act = act_named(bulk.act)
    if act is None or act.undo is None or bulk.undoes_id is not None:
        raise RuleError("not-undoable")
    with transaction.atomic():
        bulk = BulkAct.objects.select_for_update().get(pk=bulk.pk)
        if bulk.status != BulkAct.Status.DONE:
            raise RuleError("still-running")
        if before := BulkAct.objects.filter(undoes=bulk).first():
            if before.key == key:
                return before
            raise RuleError("undone-already")
        back, _made = _leave(key, user, now, act=bulk.act, options=bulk.options, undoes=bulk)
        done = bulk.rows.filter(status=BulkRow.Status.DONE).order_by("-position")
        rows = (
            BulkRow(bulk=back, subject_id=row.subject_id, position=at, before=row.before)
            for at, row in enumerate(done.iterator(), start=1)
        )
        count = _write(rows)
        record(Actor.person(user), "bulk.undo", back, now=now, note=str(count))
    return _begin(back, count, now)


def retry(*, user: User, now: datetime, bulk: BulkAct) -> BulkAct:
    """Try again, as the same act, the rows of a finished one that were not done.

    So the undo takes all of it back at once. Who asks while it runs changes nothing. Raises
    RuleError where it is not his act, was taken back, or has nothing left to do.
    """
    if bulk.requested_by_id != user.pk:
        raise RuleError("not-yours")
    with transaction.atomic():
        bulk = BulkAct.objects.select_for_update().get(pk=bulk.pk)
        if bulk.status != BulkAct.Status.DONE:
            return bulk
        if BulkAct.objects.filter(undoes=bulk).exists():
            raise RuleError("undone-already")
        left = bulk.rows.exclude(status=BulkRow.Status.DONE)
        count = left.update(status=BulkRow.Status.WAITING, result="")
        if not count:
            raise RuleError("nothing-refused")
        bulk.status, bulk.finished_at, bulk.error = BulkAct.Status.QUEUED, None, ""
        bulk.save(update_fields=["status", "finished_at", "error"])
        record(Actor.person(user), "bulk.retry", bulk, now=now, note=str(count))
    return _begin(bulk, count, now)


def forget_files(before: datetime) -> int:
    """Files and secrets that nobody will fetch any more; what became of the rows is kept."""
    over = BulkAct.objects.filter(finished_at__lt=before)
    BulkRow.objects.filter(bulk__in=over).exclude(secret="").update(secret="")
    old = over.exclude(file="")
    for bulk in old:
        bulk.file.delete(save=True)
    return len(old)


def _leave(key: UUID, user: User, now: datetime, **values: Any) -> tuple[BulkAct, bool]:
    defaults = {"requested_by": user, "requested_at": now, **values}
    return BulkAct.objects.get_or_create(key=key, defaults=defaults)


def _write(rows: Iterable[BulkRow]) -> int:
    listed = list(rows)
    if not listed:
        raise RuleError("nothing-chosen")
    if len(listed) > MOST_ROWS:
        raise RuleError("too-many-chosen", most=MOST_ROWS)
    insert(listed)
    return len(listed)


def _begin(bulk: BulkAct, count: int, now: datetime, at_once: int | None = None) -> BulkAct:
    if count <= (AT_ONCE if at_once is None else at_once):
        doing.do(bulk, now, Run())
        bulk.refresh_from_db()
    else:
        wake()
    return bulk
