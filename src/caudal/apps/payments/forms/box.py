"""Forms of cash boxes, of their sessions, and of money that moves between them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company
from caudal.apps.payments.models import CashBox
from caudal.apps.staff.models import Branch, User
from caudal.web.forms import PanelForm, PanelModelForm

KINDS = [choice for choice in CashBox.Kind.choices if choice[0] != CashBox.Kind.CHEQUES]


class NewBoxForm(PanelForm):
    """A place for money."""

    company: Any = forms.ModelChoiceField(
        Company.objects.filter(is_active=True), label=_("Company"), empty_label=None
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    operator: Any = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        label=_("Whose drawer it is"),
        required=False,
        empty_label=_("Everybody's"),
    )
    branch: Any = forms.ModelChoiceField(
        Branch.objects.all(), label=_("Branch"), required=False, empty_label=_("All branches")
    )
    needs_session = forms.BooleanField(
        label=_("Its money moves only in an open session"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        same = CashBox.objects.filter(company=cleaned.get("company"), name=cleaned.get("name"))
        if same.exists():
            self.add_error("name", _("This company has a cash box of that name."))
        return cleaned


class BoxForm(PanelModelForm):
    """Its name, and whether it is in use."""

    class Meta:
        model = CashBox
        fields = ["name", "operator", "branch", "needs_session", "is_active"]
        labels = {
            "operator": _("Whose drawer it is"),
            "needs_session": _("Its money moves only in an open session"),
        }
