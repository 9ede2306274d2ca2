"""One locality, or a file of them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Locality
from caudal.apps.desk.taking import BIGGEST
from caudal.web.forms import PanelForm, PanelModelForm, Section


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

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > BIGGEST:
            raise ValidationError(_("The file is larger than 20 MB: split it."))
        return file
