"""What updates add to the acts on many customers: the file for editing, and taking one over."""

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.apps.bulk.acts import Act, Context, register
from caudal.apps.customers.models import Customer
from caudal.apps.staff.verbs import Verb
from caudal.apps.updates import filing
from caudal.apps.updates.doing import take_over
from caudal.apps.updates.undoing import put_back
from caudal.web.forms import PanelForm

TAKE_OVER = "customers.update"


class FileForm(PanelForm):
    kind = forms.ChoiceField(label=_("File"), choices=[("xlsx", "Excel (XLSX)"), ("csv", "CSV")])
    groups = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=filing.GROUPS,
        initial=[key for key, _label in filing.GROUPS],
        widget=forms.CheckboxSelectMultiple,
    )


def make_file(
    context: Context, found: QuerySet[Customer], told: Callable[[int], None]
) -> tuple[str, IO[bytes]]:
    """A file to edit and to bring back; read some hundreds of customers at a time."""
    user, kind = context.bulk.requested_by, str(context.options["kind"])
    groups = context.options.get("groups") or [key for key, _label in filing.GROUPS]
    columns = filing.offered(user, groups)
    file = TemporaryFile()  # noqa: SIM115 - whoever keeps it closes it
    filing.write(file, kind, columns, filing.rows(found, columns, told))
    file.seek(0)
    return f"{now_in_language('customers')}.{kind}", file


register(
    Act(
        "customers.edit_file",
        _("File to edit"),
        Verb.EXPORT_CUSTOMERS,
        "table-export",
        _("One row per service, to be changed in a spreadsheet and brought back as an update."),
        whole=make_file,
        form=FileForm,
        order=71,
    )
)
register(
    Act(
        TAKE_OVER,
        _("Update by file"),
        Verb.EDIT_CUSTOMERS,
        "table-import",
        each=take_over,
        undo=put_back,
        lasting=_(
            "Its undo leaves what somebody has changed since, invoices that a new plan or a "
            "cancellation made, and services that began after waiting for their installation."
        ),
        is_offered=False,
    )
)
