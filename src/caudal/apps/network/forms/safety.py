"""Forms of the brakes and of the blocking rules."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.network.models import CutRules
from caudal.web.forms import PanelForm, PanelModelForm, Section


class SafetyForm(PanelForm):
    """The ceiling of cuts in one hour, over all routers."""

    cuts_per_hour = forms.IntegerField(
        label=_("Most cuts in one hour"),
        min_value=1,
        required=False,
        help_text=_("Empty: 100, or a tenth of the active services if that is more."),
    )


class CutRulesForm(PanelModelForm):
    """What the firewall of one router does with customers who are cut."""

    class Meta:
        model = CutRules
        fields = ("wan_list", "wan_interfaces", "notice_address", "notice_port", "allowed")
        widgets = {"allowed": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "wan_interfaces": _("Such as ether1; needed only where the list has none yet."),
            "notice_address": _("Empty: customers who are cut see no explanation."),
            "allowed": _(
                "The portal and the payment page: addresses, networks or names, one a line."
            ),
        }

    sections = [
        Section(
            "", ["wan_list", "wan_interfaces", "notice_address", "notice_port", ("allowed", 12)]
        )
    ]

    def clean_allowed(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["allowed"].splitlines()]
        for line in lines:
            if any(sign in line for sign in " ,;@?#"):
                raise ValidationError(_("One address or name a line, without anything else."))
        return "\n".join(line for line in lines if line)
