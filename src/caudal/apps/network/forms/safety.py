"""Forms of the brakes and of the blocking rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.web.forms import PanelForm


class SafetyForm(PanelForm):
    """The ceiling of cuts in one hour, over all routers."""

    cuts_per_hour = forms.IntegerField(
        label=_("Most cuts in one hour"),
        min_value=1,
        required=False,
        help_text=_("Empty: 100, or a tenth of the active services if that is more."),
    )
