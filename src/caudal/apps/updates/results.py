"""The rows of an update that stayed out, with the reason, to be mended and brought again."""

import json
from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

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
    width, known = len(update.header), columns(user)
    wrong = update.rows.filter(outcome=UpdateRow.Outcome.WRONG).order_by("line")
    for row in wrong.iterator(chunk_size=500):
        cells = json.loads(row.cells or "[]")
        reasons = [
            f"{known[key].label}: {text}" if key in known else text for key, text in row.problems
        ]
        yield [*cells, *[""] * (width - len(cells)), "; ".join(reasons)]
