"""Working through the rows of an act: each in a transaction of its own, safe to take up again."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from caudal.apps.bulk.acts import (
    Act,
    Context,
    Done,
    FileWork,
    WholeWork,
    act_named,
    subject_of,
)
from caudal.apps.bulk.choosing import chosen_again
from caudal.apps.bulk.models import BulkAct, BulkRow
from caudal.apps.clock.jobs import Run
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.scope import visible
from caudal.core.errors import RuleError
from caudal.web.errors import explain

log = structlog.get_logger()

CHUNK = 500


def do_waiting(run: Run, now: datetime) -> dict[str, Any]:
    """Every act that waits, or that a dead worker left half done."""
    done = 0
    for bulk in BulkAct.objects.exclude(status=BulkAct.Status.DONE).order_by("id"):
        do(bulk, now, run)
        done += 1
    return {"acts": done} if done else {}


def do(bulk: BulkAct, now: datetime, run: Run) -> None:
    """Work through the rows that wait; what was done before stays done."""
    act = act_named(bulk.act)
    user = bulk.requested_by
    if act is None or not user.is_active or not user.may(act.verb):
        _finish(bulk, now, error=_("This is not allowed any more."))
        return
    BulkAct.objects.filter(pk=bulk.pk).update(status=BulkAct.Status.RUNNING)
    context = Context(Actor.person(user), now, bulk.options, bulk)
    run.plan(bulk.rows.filter(status=BulkRow.Status.WAITING).count())
    if act.whole is not None:
        _do_whole(act.whole, context, run)
    elif act.file is not None:
        _do_file(act.file, context, run)
    else:
        for group in _groups(bulk, by_customer=act.of_customer is not None):
            _do_group(act, context, group, run)
    _finish(bulk, now)
    if act.finished is not None:
        act.finished(context)


def _groups(bulk: BulkAct, *, by_customer: bool) -> Iterable[Sequence[BulkRow]]:
    waiting = bulk.rows.filter(status=BulkRow.Status.WAITING)
    if not by_customer:
        return ((row,) for row in _in_order(waiting))
    subject = subject_of(bulk.act)
    chosen = subject.model._default_manager.filter(pk__in=bulk.rows.values("subject_id"))
    owners = dict(chosen.values_list("pk", subject.owner))
    found: dict[int | None, list[BulkRow]] = {}
    for row in waiting:
        found.setdefault(owners.get(row.subject_id), []).append(row)
    return found.values()


def _in_order(waiting: QuerySet[BulkRow]) -> Iterator[BulkRow]:
    """Some hundreds at a time: nothing is open while their states change."""
    last = 0
    while rows := list(waiting.filter(position__gt=last).order_by("position")[:CHUNK]):
        yield from rows
        last = rows[-1].position


def _do_group(act: Act, context: Context, rows: Sequence[BulkRow], run: Run) -> None:
    """The deed and the note of it are one transaction: a kill between them is impossible.

    The rows are locked in it, so that a second worker finds them done and leaves them alone.
    """
    try:
        with transaction.atomic():
            if not _claimed(rows):
                return
            done = _deed(act, context, rows)
            _note(rows, BulkRow.Status.DONE, done)
        run.advance(len(rows))
    except (RuleError, ValidationError) as error:
        _note(rows, BulkRow.Status.REFUSED, Done(_said(error)))
        run.advance(len(rows))
    except Exception as error:
        log.exception("bulk.failed", act=act.key, rows=[row.subject_id for row in rows])
        kind = {"kind": type(error).__name__}
        _note(rows, BulkRow.Status.REFUSED, Done(_("It failed (%(kind)s).") % kind))
        run.fail(rows[0].subject_id, error)


def _said(error: RuleError | ValidationError) -> str:
    return explain(error) if isinstance(error, RuleError) else " ".join(error.messages)


def _claimed(rows: Sequence[BulkRow]) -> bool:
    """Whether all of them still wait, now that nobody else can take them."""
    waiting = BulkRow.objects.select_for_update().filter(status=BulkRow.Status.WAITING)
    return len(waiting.filter(pk__in=[row.pk for row in rows])) == len(rows)


def _deed(act: Act, context: Context, rows: Sequence[BulkRow]) -> Done:
    subject = subject_of(act.key)
    every = subject.model._default_manager.select_related(*subject.related)
    mine = visible(context.bulk.requested_by, every)
    found = {row.pk: row for row in mine.filter(pk__in=[row.subject_id for row in rows])}
    subjects = [found[row.subject_id] for row in rows if row.subject_id in found]
    if len(subjects) < len(rows):
        raise RuleError("row-not-visible")
    if context.bulk.undoes_id is not None:
        assert act.undo is not None
        return Done(act.undo(context, subjects[0], rows[0].before))
    if act.of_customer is not None:
        return Done(act.of_customer(context, subjects))
    assert act.each is not None
    done = act.each(context, subjects[0])
    return done if isinstance(done, Done) else Done(done)


def _do_file(work: FileWork, context: Context, run: Run) -> None:
    bulk = context.bulk
    mine = visible(bulk.requested_by, subject_of(bulk.act).model._default_manager.all())
    ids = list(bulk.rows.order_by("position").values_list("subject_id", flat=True))
    allowed = set(mine.filter(pk__in=bulk.rows.values("subject_id")).values_list("pk", flat=True))
    wanted = [pk for pk in ids if pk in allowed]

    def told(count: int) -> None:
        run.advance(count)
        waiting = bulk.rows.filter(status=BulkRow.Status.WAITING).order_by("position")
        done = list(waiting.values_list("pk", flat=True)[:count])
        BulkRow.objects.filter(pk__in=done).update(status=BulkRow.Status.DONE)

    bulk.rows.update(status=BulkRow.Status.WAITING)  # a file that was half made is made anew
    try:
        name, content = work(context, wanted, told)
    except RuleError as error:
        bulk.rows.update(status=BulkRow.Status.REFUSED, result=explain(error)[:300])
        return
    bulk.file.save(f"{bulk.key}-{name}", ContentFile(content), save=True)
    bulk.rows.update(status=BulkRow.Status.DONE)


def _do_whole(work: WholeWork, context: Context, run: Run) -> None:
    bulk = context.bulk
    chosen = chosen_again(bulk.choice, subject_of(bulk.act), bulk.requested_by)
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        run.advance(count)
        BulkAct.objects.filter(pk=bulk.pk).update(progress=done)

    run.plan(chosen.count)
    BulkAct.objects.filter(pk=bulk.pk).update(progress=0, total=chosen.count)
    name, content = work(context, chosen.rows, told)
    with content:
        bulk.file.save(f"{bulk.key}-{name}", File(content), save=False)
    BulkAct.objects.filter(pk=bulk.pk).update(file=bulk.file.name)


def _note(rows: Iterable[BulkRow], status: str, done: Done) -> None:
    waiting = BulkRow.objects.filter(status=BulkRow.Status.WAITING)
    values: dict[str, Any] = {"status": status, "result": done.text[:300]}
    if done.before:
        values["before"] = done.before
    if done.secret:
        values["secret"] = done.secret
    waiting.filter(pk__in=[row.pk for row in rows]).update(**values)


def _finish(bulk: BulkAct, now: datetime, error: str = "") -> None:
    BulkAct.objects.filter(pk=bulk.pk).update(
        status=BulkAct.Status.DONE, finished_at=now, error=error[:300]
    )
