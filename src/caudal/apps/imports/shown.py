"""How a run and its rows are shown: progress, counts as tabs, changes and problems in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.results import Counts, counts
from caudal.apps.imports.words import REASONS, field_label
from caudal.core.adoption import DOUBTFUL, LIKELY, POINTS, Reason
from caudal.web.steps import Progress, Tab

UNSURE = "unsure"


@dataclass(frozen=True)
class ShownRow:
    row: ImportRow
    changes: list[tuple[str, str, str]]
    problems: list[tuple[str, str, bool]]
    reasons: list[tuple[str | Promise, bool]]
    """In words, and whether it speaks for a customer."""

    @property
    def sureness(self) -> str:
        """As badges call it."""
        if self.row.confidence is None:
            return ""
        if self.row.confidence >= LIKELY:
            return "likely"
        return "doubtful" if self.row.confidence >= DOUBTFUL else "unlikely"


def progress_of(run: ImportRun) -> Progress:
    found = counts(run)
    applying = run.status != ImportRun.Status.CHECKING
    done = found.ended if applying else found.checked
    busy = run.status in (ImportRun.Status.CHECKING, ImportRun.Status.APPLYING)
    return Progress(
        done=done,
        planned=found.total,
        failures=found.failed if applying else 0,
        status="running" if busy else "done",
        get_status_display=run.get_status_display(),
    )


def tabs_of(run: ImportRun, found: Counts, chosen: str) -> list[Tab]:
    """Before the import by what it would do, afterwards by what it did."""
    pairs: list[tuple[ImportRow.Status | ImportRow.Plan, int]]
    if run.status == ImportRun.Status.DONE:
        status = ImportRow.Status
        pairs = [(status.DONE, found.done), (status.FAILED, found.failed),
                 (status.UNDONE, found.undone)]  # fmt: skip
    else:
        pairs = [(plan, found.plans.get(plan, 0)) for plan in ImportRow.Plan]
    unsure = run.rows.filter(confidence__lt=LIKELY).count()
    extra = [Tab(UNSURE, _("To look at"), unsure, chosen == UNSURE)] if unsure else []
    return extra + [
        Tab(state.value, state.label, count, state.value == chosen)
        for state, count in pairs
        if count
    ]


def rows_of(run: ImportRun, tab: str) -> QuerySet[ImportRow]:
    """Of one tab; `unsure` are those of a router that a person had better look at."""
    if tab == UNSURE:
        return run.rows.select_related("customer").filter(confidence__lt=LIKELY)
    name = "status" if run.status == ImportRun.Status.DONE else "plan"
    rows = run.rows.select_related("customer")
    return rows.filter(**{name: tab}) if tab else rows


def why_nothing(run: ImportRun, found: Counts) -> str:
    """What to do about a run under review that would write nothing; "" for any other."""
    if run.status != ImportRun.Status.REVIEW:
        return ""
    wrong, same = (found.plans.get(plan, 0) for plan in (ImportRow.Plan.WRONG, ImportRow.Plan.SAME))
    if not found.total:
        return now_in_language("Nothing was found that is not here already: discard the import.")
    if wrong == found.total:
        return now_in_language(
            "No row can be imported as it is. Download the rows with their errors, mend them, "
            "discard this import and bring the file again; or say what its columns mean anew."
        )
    if wrong + same == found.total:
        return now_in_language(
            "Nothing would change: what has no errors is already here as the file says."
        )
    return ""


def shown(rows: Iterable[ImportRow]) -> list[ShownRow]:
    return [shown_row(row) for row in rows]


def shown_row(row: ImportRow) -> ShownRow:
    return ShownRow(
        row,
        [(field_label(name), before, after) for name, before, after in row.changes],
        [(field_label(name), text, stops) for name, text, stops in row.problems],
        [(REASONS.get(code, code), POINTS.get(Reason(code), 0) >= 0) for code in row.reasons],
    )
