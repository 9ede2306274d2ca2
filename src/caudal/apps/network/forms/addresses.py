"""Forms of address blocks and of the search for who had an address."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.network.models import AddressBlock
from caudal.web.forms import PanelForm, PanelModelForm, Section


class BlockForm(PanelModelForm):
    class Meta:
        model = AddressBlock
        fields = (
            "name", "network", "purpose", "zone", "site", "router", "gateway", "reserved", "notes",
        )  # fmt: skip
        widgets = {
            "reserved": forms.Textarea(attrs={"rows": 3}),
            "notes": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "network": _("Such as 10.20.0.0/16 or 2001:db8::/32."),
            "gateway": _("No pool gives it to a customer."),
            "reserved": _(
                "Addresses, networks or ranges such as 10.20.0.10-10.20.0.20, one per line: no "
                "pool inside gives them away."
            ),
        }

    sections = [
        Section("", ["name", "network", "purpose", "gateway", ("reserved", 12)]),
        Section(_("Where it is used"), ["zone", "site", "router", ("notes", 12)]),
    ]


class HistoryForm(PanelForm):
    """Who had it: an address or part of a name, and the moment as the authority tells it."""

    q = forms.CharField(label=_("Address, customer or user"), max_length=80, required=False)
    at = forms.DateTimeField(
        label=_("At that moment"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def words(self) -> str:
        return str(self.cleaned_data.get("q") or "").strip() if self.is_valid() else ""

    def moment(self) -> datetime | None:
        return self.cleaned_data.get("at") if self.is_valid() else None
