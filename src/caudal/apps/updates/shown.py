"""How an update is shown: its columns to choose from, its rows cell by cell, and its tabs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from caudal.apps.staff.models import User
from caudal.apps.updates.columns import FileColumn, columns
from caudal.apps.updates.models import Update, UpdateRow
from caudal.web.steps import Progress, Tab

TABS = (UpdateRow.Outcome.DONE, UpdateRow.Outcome.CHANGED, UpdateRow.Outcome.WRONG,
        UpdateRow.Outcome.SAME)  # fmt: skip


@dataclass(frozen=True)
class ChangedColumn:
    """A column in which something would change, and whether it is taken over."""

    key: str
    label: str
    count: int
    is_taken: bool


@dataclass(frozen=True)
class Cell:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownRow:
    row: UpdateRow
    cells: list[Cell | None]
    """Of each changed column, None where the row changes nothing in it."""
    problems: list[tuple[str, str]]


def progress_of(update: Update) -> Progress:
    busy = update.status == Update.Status.CHECKING
    return Progress(
        update.checked, update.total, 0, "running" if busy else "done", update.get_status_display()
    )


def tabs_of(update: Update, chosen: str) -> list[Tab]:
    found = update.rows.order_by().values_list("outcome").annotate(n=Count("pk"))
    counts = dict(found)
    return [Tab(tab.value, tab.label, counts[tab], tab == chosen) for tab in TABS if tab in counts]


def rows_of(update: Update, tab: str) -> QuerySet[UpdateRow]:
    rows = update.rows.select_related("customer")
    return rows.filter(outcome=tab) if tab in UpdateRow.Outcome.values else rows


def changed_columns(update: Update, user: User) -> list[ChangedColumn]:
    """In the order of the file; what follows by itself comes after."""
    known = columns(user)
    order = {key: at for at, key in enumerate(update.mapping)}
    keys = sorted(update.differing, key=lambda key: (order.get(key, len(order)), key))
    return [
        ChangedColumn(key, _label(key, known), update.differing[key], key not in update.left_out)
        for key in keys
    ]


def shown(rows: Iterable[UpdateRow], changed: list[ChangedColumn], user: User) -> list[ShownRow]:
    known = columns(user)
    return [_shown(row, changed, known) for row in rows]


def _shown(
    row: UpdateRow, changed: list[ChangedColumn], known: Mapping[str, FileColumn]
) -> ShownRow:
    pairs = {key: Cell(_label(key, known), before, after) for key, before, after in row.changes}
    problems = [(_label(key, known) if key else "", text) for key, text in row.problems]
    return ShownRow(row, [pairs.get(column.key) for column in changed], problems)


def _label(key: str, known: Mapping[str, FileColumn]) -> str:
    if key == "technology":
        return _("Technology")
    return str(known[key].label) if key in known else key
