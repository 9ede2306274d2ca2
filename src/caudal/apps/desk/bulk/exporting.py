"""The chosen customers as a file, made in the background and sent by e-mail (WP-51)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.apps.bulk.acts import Act, Context, register
from caudal.apps.bulk.models import BulkAct
from caudal.apps.customers.models import Customer
from caudal.apps.desk.list import exports
from caudal.apps.desk.list.columns import chosen, every_column, sorting_of
from caudal.apps.messaging import actions as messaging
from caudal.apps.messaging import attachments
from caudal.apps.messaging.attachments import Attachment
from caudal.apps.staff.verbs import Verb
from caudal.web.export import write_xlsx
from caudal.web.forms import PanelForm

TOLD_EVERY = 1_000
ATTACHMENT = "bulk-file"
LARGEST_ATTACHMENT = 15 * 1024 * 1024
"""A larger file is fetched from the page of the act: no mail server takes it."""
TYPES = {"csv": "text/csv", "json": "application/json",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


class ExportForm(PanelForm):
    kind = forms.ChoiceField(
        label=_("File"), choices=[("xlsx", "Excel (XLSX)"), ("csv", "CSV"), ("json", "JSON")]
    )
    shown = forms.BooleanField(label=_("Only the columns that the list shows"), required=False)
    mail = forms.BooleanField(label=_("Send it to my e-mail"), required=False)


def export(
    context: Context, found: QuerySet[Customer], told: Callable[[int], None]
) -> tuple[str, IO[bytes]]:
    """Read piece by piece into a file on the disk."""
    query = QueryDict(context.bulk.choice["query"])
    user = context.bulk.requested_by
    order = sorting_of(query, user).order
    shown = bool(context.options.get("shown"))
    columns = chosen(user, query.get("cols", "")) if shown else every_column(user)
    kind = str(context.options["kind"])
    file = TemporaryFile()  # noqa: SIM115 - whoever keeps it closes it
    if kind == "csv":
        written = 0
        for rows, piece in exports.csv_pieces(found, order, columns):
            file.write(piece)
            written += rows
        told(written)  # at the end: while PostgreSQL copies, its connection answers nothing else
    else:
        values = _counted(exports.values_of_list(found, order, columns), told)
        _write(file, kind, columns, values)
    file.seek(0)
    return f"{now_in_language('customers')}.{kind}", file


def mail(context: Context) -> None:
    """Tell who asked, with the file where a mail can carry it."""
    bulk = BulkAct.objects.get(pk=context.bulk.pk)
    to = bulk.requested_by.email
    if not context.options.get("mail") or not to or not bulk.file:
        return
    fits = bulk.file.size <= LARGEST_ATTACHMENT
    messaging.queue_text(
        messaging.Notice(
            key=f"bulk:{bulk.pk}:file", to=to, occasion="", context={}, customer_id=None,
            attachment=f"{ATTACHMENT}:{bulk.pk}" if fits else "",
        ),
        subject=now_in_language("The file of customers is ready"),
        body=now_in_language(
            "The file that you asked for is ready. You can also fetch it under “Bulk acts”."
        ),
        now=context.now,
    )  # fmt: skip


def attached(pk: int) -> Attachment:
    """The file of an act, for the e-mail that carries it."""
    bulk = BulkAct.objects.get(pk=pk)
    name = str(bulk.file.name).rsplit("/", 1)[-1][len(str(bulk.key)) + 1 :]
    with bulk.file.open("rb") as file:
        return Attachment(name, file.read(), TYPES[name.rsplit(".", 1)[-1]])


def _write(file: IO[bytes], kind: str, columns: Any, rows: Iterable[Sequence[Any]]) -> None:
    if kind == "xlsx":
        write_xlsx(file, exports.header(columns), rows)
        return
    for line in exports.json_lines(columns, rows):
        file.write(line.encode())


def _counted(rows: Iterable[Sequence[Any]], told: Callable[[int], None]) -> Iterator[Sequence[Any]]:
    waiting = 0
    for row in rows:
        yield row
        waiting += 1
        if waiting == TOLD_EVERY:
            told(waiting)
            waiting = 0
    if waiting:
        told(waiting)


attachments.register(ATTACHMENT, attached)
register(
    Act(
        "customers.export",
        _("Export"),
        Verb.EXPORT_CUSTOMERS,
        "download",
        _("A file with all that is known of them; it is made in the background if it is large."),
        whole=export,
        finished=mail,
        form=ExportForm,
        order=70,
    )
)
