"""What people do with an update: open it, say what its columns are, choose, take over, discard."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from caudal.apps.bulk import actions as bulk
from caudal.apps.bulk.acts import act_named
from caudal.apps.bulk.models import BulkAct
from caudal.apps.clock.jobs import wake
from caudal.apps.imports import load
from caudal.apps.imports.sheets import AT_ONCE, keep_lines
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.staff.models import User
from caudal.apps.updates.columns import columns, key_among, names_of, propose
from caudal.apps.updates.models import Update, UpdateRow
from caudal.core.errors import RuleError

KEPT = timedelta(days=30)
"""For so long the cells of a file and what an undo needs are kept."""
Status = Update.Status


@transaction.atomic
def open_update(*, user: User, now: datetime, content: bytes, filename: str) -> Update:
    """Keep every row of the file, with a proposal of what its columns are.

    Raises core.ports.importer.FileError.
    """
    known = columns(user).values()
    sheet = load.read_table(content, names_of(known))
    mapping = propose(sheet.header, known)
    update = Update.objects.create(
        filename=filename[:200],
        encoding=sheet.encoding,
        separator=sheet.separator,
        header=list(sheet.header),
        mapping=mapping,
        known_by=key_among(mapping) or "code",
        total=len(sheet.lines),
        created_at=now,
        created_by=user,
    )
    keep_lines(
        sheet.lines, lambda line, cells: UpdateRow(update=update, line=line.number, cells=cells)
    )
    record(Actor.person(user), "updates.open", update, now=now, after={"rows": update.total})
    return update


@transaction.atomic
def choose_columns(
    *,
    update: Update,
    mapping: Sequence[str],
    known_by: str,
    empties: bool = False,
    month_first: bool | None = None,
) -> Update:
    """Say what each column is, and by which one customers are known; then the rows are checked.

    `empties`: an empty cell empties the field. `month_first` None: as the dates themselves tell.
    Raises RuleError.
    """
    update = _locked(update, Status.MAPPING, Status.REVIEW)
    update.mapping, update.known_by = list(mapping), known_by
    update.empties, update.month_first = empties, month_first
    update.left_out, update.differing, update.checked = [], {}, 0
    update.status = Status.CHECKING
    update.save()
    update.rows.update(
        outcome=UpdateRow.Outcome.UNCHECKED, changes=[], problems=[], customer=None, service=None,
        label="",
    )  # fmt: skip
    wake()
    return update


@transaction.atomic
def choose_again(*, update: Update) -> Update:
    """Back to the columns, of an update that waits for approval. Raises RuleError."""
    update = _locked(update, Status.REVIEW)
    update.status = Status.MAPPING
    update.save(update_fields=["status"])
    return update


@transaction.atomic
def select(*, update: Update, rows: Iterable[int], selected: bool) -> None:
    """Tick or untick rows. Raises RuleError."""
    update = _locked(update, Status.REVIEW)
    update.rows.filter(pk__in=list(rows)).update(selected=selected)


@transaction.atomic
def select_all(*, update: Update, selected: bool) -> None:
    """Tick or untick every row. Raises RuleError."""
    update = _locked(update, Status.REVIEW)
    update.rows.update(selected=selected)


@transaction.atomic
def leave_out(*, update: Update, keys: Iterable[str]) -> Update:
    """These columns, and no others, are not to be taken over. Raises RuleError."""
    update = _locked(update, Status.REVIEW)
    update.left_out = [key for key in dict.fromkeys(keys) if key in update.mapping]
    update.save(update_fields=["left_out"])
    return update


@transaction.atomic
def take_over(*, user: User, now: datetime, key: UUID, update: Update) -> BulkAct:
    """Change what is ticked, as one act on its customers. Raises RuleError."""
    update = _locked(update, Status.REVIEW)
    act = act_named("customers.update")
    assert act is not None
    ids = [pk for pk in customers_of(update) if pk is not None]
    if not ids:
        raise RuleError("nothing-to-take-over")
    asked = bulk.ask(user=user, now=now, key=key, act=act, ids=ids, options={"update": update.pk})
    update.status, update.finished_at, update.act = Status.DONE, now, asked
    update.save(update_fields=["status", "finished_at", "act"])
    return asked


def customers_of(update: Update) -> list[int | None]:
    """Whose rows are ticked and change something in a column that is taken over, in their order."""
    left_out = set(update.left_out)
    rows = update.rows.filter(outcome=UpdateRow.Outcome.CHANGED, selected=True).order_by("line")
    found = rows.values_list("customer_id", "changes").iterator(chunk_size=AT_ONCE)
    wanted = (pk for pk, changes in found if any(key not in left_out for key, _b, _a in changes))
    return list(dict.fromkeys(wanted))


@transaction.atomic
def discard(*, user: User, now: datetime, update: Update) -> Update:
    """Forget a file that was not taken over; its rows lose what they held. Raises RuleError."""
    update = _locked(update, Status.MAPPING, Status.CHECKING, Status.REVIEW)
    update.status, update.finished_at = Status.CANCELLED, now
    update.save(update_fields=["status", "finished_at"])
    update.rows.update(cells="")
    record(Actor.person(user), "updates.discard", update, now=now)
    return update


def forget(before: datetime) -> int:
    """Cells and what an undo needs of old files: nobody will ask for them any more."""
    old = Update.objects.filter(created_at__lt=before)
    rows = UpdateRow.objects.filter(update__in=old).exclude(cells="", kept="")
    return rows.update(cells="", kept="")


def _locked(update: Update, *allowed: str) -> Update:
    update = Update.objects.select_for_update().get(pk=update.pk)
    if update.status not in allowed:
        raise RuleError("wrong-moment")
    return update
