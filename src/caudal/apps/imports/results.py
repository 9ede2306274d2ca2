"""What came of a run, in numbers, and the rows that stayed out, to be mended and sent again."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.sheets import with_reasons
from caudal.apps.imports.words import field_label
from caudal.web.export import csv_response


@dataclass(slots=True)
class Counts:
    """Rows by what importing them would do, and by what it did."""

    total: int = 0
    plans: dict[str, int] = field(default_factory=dict)
    done: int = 0
    failed: int = 0
    undone: int = 0

    @property
    def checked(self) -> int:
        return self.total - self.plans.get(ImportRow.Plan.UNCHECKED, 0)

    @property
    def ended(self) -> int:
        return self.done + self.failed + self.undone


def counts(run: ImportRun) -> Counts:
    found = Counts()
    for plan, status, rows in run.rows.values_list("plan", "status").annotate(rows=Count("id")):
        found.total += rows
        found.plans[plan] = found.plans.get(plan, 0) + rows
        found.done += rows if status == ImportRow.Status.DONE else 0
        found.failed += rows if status == ImportRow.Status.FAILED else 0
        found.undone += rows if status == ImportRow.Status.UNDONE else 0
    return found


def reasons(row: ImportRow) -> str:
    """Why the row stayed out, in one cell."""
    if not row.selected:
        return _("Not ticked")
    stopping = [(name, text) for name, text, stops in row.problems if stops]
    return "; ".join(f"{field_label(name)}: {text}".lstrip(": ") for name, text in stopping)


def failed_rows(run: ImportRun) -> Iterator[list[str]]:
    """The cells as they came, padded to the header, and the reason; of a run under review those
    with errors."""
    is_review = run.status == ImportRun.Status.REVIEW
    wrong = {"plan": ImportRow.Plan.WRONG} if is_review else {"status": ImportRow.Status.FAILED}
    rows = run.rows.filter(**wrong).order_by("line").iterator()
    return with_reasons(((row.cells, reasons(row)) for row in rows), len(run.header))


def failed_csv(run: ImportRun) -> StreamingHttpResponse:
    """The same columns and one more, as Excel opens them."""
    header = [*run.header, _("Reason")]
    name = f"{run.filename.rpartition('.')[0] or run.filename}-errores"
    return csv_response(name, header, failed_rows(run), delimiter=run.separator or ",")
