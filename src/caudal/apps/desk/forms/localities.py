"""One locality, or a file of them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Locality
from caudal.apps.desk.collect import read_table
from caudal.apps.desk.localities import COLUMNS, columns_of
from caudal.apps.imports.words import told_of_file
from caudal.core.ports.importer import FileError, Sheet
from caudal.web.forms import PanelForm, PanelModelForm, Section

BIGGEST_FILE = 20 * 1024 * 1024


class LocalityForm(PanelModelForm):
    sections = (Section("", [("postal_code", 4), ("neighbourhood", 8), ("city", 6), ("state", 6)]),)

    class Meta:
        model = Locality
        fields = ("postal_code", "neighbourhood", "city", "state")


class LocalityFileForm(PanelForm):
    """A table whose columns are found by their names."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or Excel with columns such as postal code, neighbourhood, city and state; "
            "the post office’s file is read as it comes."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xls,.ods"}),
    )
    sheet: Sheet
    columns: dict[str, int]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > BIGGEST_FILE:
            raise ValidationError(_("The file is larger than 20 MB: split it."))
        try:
            self.sheet = read_table(file.read(), COLUMNS)
        except FileError as error:
            raise ValidationError(told_of_file(error)) from error
        self.columns = columns_of(self.sheet.header)
        if "city" not in self.columns:
            raise ValidationError(
                _("No column of the file is called city, municipality or district: %(names)s."),
                params={"names": ", ".join(self.sheet.header)[:200]},
            )
        return file
