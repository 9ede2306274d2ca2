"""One locality, or a file of them."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Locality
from caudal.apps.imports.sheets import TableField
from caudal.web.forms import PanelForm, PanelModelForm, Section


class LocalityForm(PanelModelForm):
    sections = (Section("", [("postal_code", 4), ("neighbourhood", 8), ("city", 6), ("state", 6)]),)

    class Meta:
        model = Locality
        fields = ("postal_code", "neighbourhood", "city", "state")


class LocalityFileForm(PanelForm):
    """A table whose columns are found by their names."""

    file = TableField(
        help_text=_(
            "CSV or Excel with columns such as postal code, neighbourhood, city and state; "
            "the post office’s file is read as it comes."
        )
    )
