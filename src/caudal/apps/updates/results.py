"""The rows of an update that stayed out, with the reason, to be mended and brought again."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from caudal.apps.imports.sheets import with_reasons
from caudal.apps.staff.models import User
from caudal.apps.updates.columns import columns
from caudal.apps.updates.models import Update, UpdateRow
from caudal.web.export import csv_response


def wrong_csv(update: Update, user: User) -> StreamingHttpResponse:
    """The cells as they came and one column more, as Excel opens them."""
    header = [*update.header, _("Reason")]
    name = f"{update.filename.rpartition('.')[0] or update.filename}-errores"
    return csv_response(name, header, _rows(update, user), delimiter=update.separator or ",")


def _rows(update: Update, user: User) -> Iterator[list[str]]:
    known = columns(user)
    wrong = update.rows.filter(outcome=UpdateRow.Outcome.WRONG).order_by("line")

    def reasons(row: UpdateRow) -> str:
        told = ((known.get(key), text) for key, text in row.problems)
        return "; ".join(f"{column.label}: {text}" if column else text for column, text in told)

    rows = wrong.iterator(chunk_size=500)
    return with_reasons(((row.cells, reasons(row)) for row in rows), len(update.header))
