"""What tools are asked with: an address, and which rows of the ARP table."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.network.models import BackupPolicy
from caudal.apps.network.tools.matching import Match, SeenNeighbour
from caudal.web.forms import PanelForm, PanelModelForm

EXISTS = [
    ("", _("All addresses")),
    ("yes", _("Those in the system")),
    ("no", _("Those not in the system")),
    ("differ", _("Those whose MAC differs or is missing")),
]


class BackupPolicyForm(PanelModelForm):
    class Meta:
        model = BackupPolicy
        fields = ("kept_days",)
        help_texts = {
            "kept_days": _(
                "Counted from the last night on which a router was found so. The newest backup of "
                "each router is never removed. Empty: all are kept for ever."
            )
        }


class AddressForm(PanelForm):
    """Addresses only: a name would be looked up by the router, slowly or never."""

    address = forms.GenericIPAddressField(label=_("Address"))

    def sentence(self) -> str:
        return " ".join(str(each) for each in self.errors.get("address", []))


class ArpFilter(PanelForm):
    """`exists`: is there a service with the address (WH-103)?"""

    q = forms.CharField(label=_("Address, MAC or customer"), max_length=60, required=False)
    exists = forms.ChoiceField(
        label=_("Does it exist in the system?"), choices=EXISTS, required=False
    )
    interface = forms.ChoiceField(label=_("Interface"), required=False)

    def __init__(self, *args: object, interfaces: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["interface"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Any interface")), *((name, name) for name in interfaces)]

    def passes(self, row: SeenNeighbour) -> bool:
        asked = self.cleaned_data if self.is_valid() else {}
        interface, words = asked.get("interface", ""), asked.get("q", "").strip().lower()
        if interface and row.seen.interface != interface:
            return False
        if words and words not in row.text.lower():
            return False
        return _stands(asked.get("exists", ""), row)


def _stands(exists: str, row: SeenNeighbour) -> bool:
    if exists == "differ":
        return row.match in (Match.OTHER_MAC, Match.NO_MAC)
    return not exists or row.held == (exists == "yes")
