"""Forms of the second factor, of branches and of what is asked before grave acts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.staff import critical
from caudal.apps.staff.models import Branch
from caudal.web.forms import PanelForm, PanelModelForm


class CodeForm(PanelForm):
    """The code that the phone shows, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "none"}
        ),
        error_messages={"required": _("Write the code.")},
    )


class BranchForm(PanelModelForm):
    class Meta:
        model = Branch
        fields = ("name", "address", "phone")


class SecurityForm(PanelForm):
    """Before which acts the password is asked again."""

    asked_again = forms.MultipleChoiceField(
        label=_("Ask for the password again before"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    minutes = forms.IntegerField(
        label=_("Good for so many minutes"), min_value=1, max_value=480, initial=10
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_again"].choices = critical.known()  # type: ignore[attr-defined]
