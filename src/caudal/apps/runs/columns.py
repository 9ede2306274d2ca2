"""The columns of the rows of a run, on the screen and in files."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.words import tell_changes, tell_reasons
from caudal.web.table import Column

PAGE = 50
NUMBER = "number"

COLUMNS = (
    Column("customer.name", _("Customer"), sort=("customer__name", "id"),
           template="runs/_who.html"),
    Column("plan.name", _("Plan"), sort=("plan__name", "id")),
    Column("zone.name", _("Zone"), sort=("zone__name", "id")),
    Column("action", _("Act"), sort=("action", "id"), template="runs/_act.html"),
    Column("before", _("Before"), sort=("before", "id"), css=NUMBER, template="runs/_amount.html"),
    Column("amount", _("Amount"), sort=("amount", "id"), css=NUMBER, template="runs/_amount.html"),
    Column("status", _("State"), sort=("status", "id"), template="runs/_state.html"),
    Column("why", _("Why?"), template="runs/_why.html"),
)  # fmt: skip

RUN_COLUMNS = (
    Column("kind", _("Run"), template="runs/_run_link.html"),
    Column("on", _("Date"), sort=("on", "id"), template="runs/_day.html"),
    Column("rows", _("Rows"), css=NUMBER, value=lambda run: run.size),
    Column("amounts", _("Amount"), css=NUMBER, template="runs/_amounts.html"),
    Column("status", _("State"), sort=("status", "id"), template="runs/_run_state.html"),
    Column("requested_at", _("Requested"), sort=("requested_at", "id"),
           template="runs/_asked.html"),
)  # fmt: skip

HEADER = (
    _("Customer code"), _("Customer"), _("Service"), _("Plan"), _("Zone"), _("Act"), _("Before"),
    _("Amount"), _("Currency"), _("Compared with last month"), _("State"), _("Why?"),
)  # fmt: skip


def words_of(row: RunRow) -> list[str]:
    """Why it is so, and if it was refused why it is no longer."""
    if row.problem:
        return [row.problem]
    if row.status == RunRow.Status.REFUSED:
        return tell_changes(row.changes, row.currency)
    return tell_reasons(row.reasons, row.currency)


def export_rows(found: QuerySet[RunRow]) -> Iterator[tuple[Any, ...]]:
    """One line per row, read while it is sent."""
    rows = found.select_related("customer", "service", "plan", "zone")
    for row in rows.iterator(chunk_size=1000):
        yield (
            row.customer.code if row.customer else "",
            row.customer.name if row.customer else "",
            row.service.number if row.service else "",
            row.plan.name if row.plan else "",
            row.zone.name if row.zone else "",
            row.get_action_display(),
            row.before,
            row.amount,
            row.currency,
            row.get_compared_display() if row.compared else "",
            row.get_status_display(),
            " ".join(words_of(row)),
        )


def file_name(run: Run) -> str:
    return f"{run.kind}-{run.on:%Y-%m-%d}-{run.pk}"
