"""Acts on many invoices: asked once, done row by row, safe to repeat and to take up again.

Rooms register their acts in a module `bulk.py` of theirs; higher rooms too, so that the list of
invoices offers what it knows nothing of (payments registers "pay").
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django import forms
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from caudal.apps.billing.models import BulkAct, BulkRow, Invoice
from caudal.apps.clock.jobs import Run, wake
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain

log = structlog.get_logger()

AT_ONCE = 15
"""So many rows are done while the person waits; more are left to the worker."""
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Context:
    """What the work on each row is given: who asked, when, and with which options."""

    actor: Actor
    now: datetime
    options: dict[str, Any]
    bulk: BulkAct


RowWork = Callable[[Context, Invoice], str]
"""Does the act on one invoice, in a transaction; returns what to show. RuleError: refused."""
GroupWork = Callable[[Context, Sequence[Invoice]], str]
FileWork = Callable[[Context, Sequence[int], Callable[[int], None]], tuple[str, bytes]]
"""Makes one file of all invoices: (name, content); calls back with how many more are in it."""


@dataclass(frozen=True, slots=True)
class Act:
    """Exactly one of `each`, `of_customer` and `file` does the work."""

    key: str
    label: str | Promise
    verb: Verb
    icon: str
    text: str | Promise = ""
    each: RowWork | None = None
    of_customer: GroupWork | None = None
    """Is given all chosen invoices of one customer."""
    file: FileWork | None = None
    form: type[forms.Form] | None = None
    is_danger: bool = False
    order: int = 100


_acts: dict[str, Act] = {}


def register(act: Act) -> None:
    _acts[act.key] = act


def acts_for(user: User) -> list[Act]:
    """What this person may do with chosen invoices, in order."""
    autodiscover_modules("bulk")
    found = [act for act in _acts.values() if user.may(act.verb)]
    return sorted(found, key=lambda act: (act.order, act.key))


def act_named(key: str) -> Act | None:
    autodiscover_modules("bulk")
    return _acts.get(key)


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
        bulk, is_new = BulkAct.objects.get_or_create(
            key=key,
            defaults={
                "act": act.key, "options": options, "requested_by": user, "requested_at": now,
            },
        )  # fmt: skip
        if not is_new:
            return bulk
        count = _write_rows(bulk, ids)
        record(Actor.person(user), f"bulk.{act.key}", bulk, now=now, note=str(count))
    if count <= AT_ONCE:
        do(bulk, now, Run())
        bulk.refresh_from_db()
    else:
        wake()
    return bulk


def _write_rows(bulk: BulkAct, ids: Iterable[int]) -> int:
    rows = [
        BulkRow(bulk=bulk, subject_id=pk, position=at)
        for at, pk in enumerate(dict.fromkeys(ids), start=1)
    ]
    if not rows:
        raise RuleError("nothing-chosen")
    if len(rows) > MOST_ROWS:
        raise RuleError("too-many-chosen", most=MOST_ROWS)
    BulkRow.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def do_waiting(run: Run, now: datetime) -> dict[str, Any]:
    """Every act that waits, or that a dead worker left half done."""
    done = 0
    for bulk in BulkAct.objects.exclude(status=BulkAct.Status.DONE).order_by("id"):
        do(bulk, now, run)
        done += 1
    return {"acts": done} if done else {}


def forget_files(before: datetime) -> int:
    """Files that nobody will fetch any more; what became of the rows is kept."""
    old = BulkAct.objects.filter(finished_at__lt=before).exclude(file="")
    for bulk in old:
        bulk.file.delete(save=True)
    return len(old)


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
    if act.file is not None:
        _do_file(act.file, context, bulk, run)
    else:
        for group in _groups(bulk, by_customer=act.of_customer is not None):
            _do_group(act, context, group, run)
    _finish(bulk, now)


def _groups(bulk: BulkAct, *, by_customer: bool) -> Iterable[list[BulkRow]]:
    rows = list(bulk.rows.filter(status=BulkRow.Status.WAITING))
    if not by_customer:
        return ([row] for row in rows)
    owners = dict(
        Invoice.objects.filter(pk__in=bulk.rows.values("subject_id")).values_list(
            "pk", "customer_id"
        )
    )
    found: dict[int | None, list[BulkRow]] = {}
    for row in rows:
        found.setdefault(owners.get(row.subject_id), []).append(row)
    return found.values()


def _do_group(act: Act, context: Context, rows: Sequence[BulkRow], run: Run) -> None:
    """The deed and the note of it are one transaction: a kill between them is impossible.

    The rows are locked in it, so that a second worker finds them done and leaves them alone.
    """
    try:
        with transaction.atomic():
            if not _claimed(rows):
                return
            result = _deed(act, context, rows)
            _note(rows, BulkRow.Status.DONE, result)
        run.advance(len(rows))
    except RuleError as error:
        _note(rows, BulkRow.Status.REFUSED, explain(error))
        run.advance(len(rows))
    except Exception as error:
        log.exception("billing.bulk_failed", act=act.key, rows=[row.subject_id for row in rows])
        kind = {"kind": type(error).__name__}
        _note(rows, BulkRow.Status.REFUSED, _("It failed (%(kind)s).") % kind)
        run.fail(rows[0].subject_id, error)


def _claimed(rows: Sequence[BulkRow]) -> bool:
    """Whether all of them still wait, now that nobody else can take them."""
    waiting = BulkRow.objects.select_for_update().filter(status=BulkRow.Status.WAITING)
    return len(waiting.filter(pk__in=[row.pk for row in rows])) == len(rows)


def _deed(act: Act, context: Context, rows: Sequence[BulkRow]) -> str:
    mine = visible(context.bulk.requested_by, Invoice.objects.select_related("customer"))
    found = {row.pk: row for row in mine.filter(pk__in=[row.subject_id for row in rows])}
    invoices = [found[row.subject_id] for row in rows if row.subject_id in found]
    if len(invoices) < len(rows):
        raise RuleError("invoice-not-visible")
    if act.of_customer is not None:
        return act.of_customer(context, invoices)
    assert act.each is not None
    return act.each(context, invoices[0])


def _do_file(work: FileWork, context: Context, bulk: BulkAct, run: Run) -> None:
    mine = visible(bulk.requested_by, Invoice.objects.all())
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
    store(bulk, name, content)
    bulk.rows.update(status=BulkRow.Status.DONE)


def store(bulk: BulkAct, name: str, content: bytes) -> None:
    """Keep the file of an act; it is given to who asked for it, and to nobody else."""
    bulk.file.save(f"{bulk.key}-{name}", ContentFile(content), save=True)


def _note(rows: Iterable[BulkRow], status: str, result: str) -> None:
    waiting = BulkRow.objects.filter(status=BulkRow.Status.WAITING)
    waiting.filter(pk__in=[row.pk for row in rows]).update(status=status, result=result[:300])


def _finish(bulk: BulkAct, now: datetime, error: str = "") -> None:
    BulkAct.objects.filter(pk=bulk.pk).update(
        status=BulkAct.Status.DONE, finished_at=now, error=error[:300]
    )
