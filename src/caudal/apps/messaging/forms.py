"""Forms of messages: filters of the list, and the text of a template."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.messaging.models import Delivery, Template
from caudal.apps.messaging.occasions import Occasion
from caudal.apps.messaging.render import readable
from caudal.web.forms import PanelForm, PanelModelForm


class FilterForm(PanelForm):
    search = forms.CharField(
        required=False,
        label=_("Address or subject"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    status = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[("", pgettext_lazy("messages", "All")), *Delivery.Status.choices],
    )
    occasion = forms.ChoiceField(
        required=False, label=_("Occasion"), choices=[("", _("All")), *Occasion.choices]
    )


class TemplateForm(PanelModelForm):
    """Both texts must read as Liquid; a fault is told with its line."""

    class Meta:
        model = Template
        fields = ["subject", "body", "is_active"]
        widgets = {"body": forms.Textarea(attrs={"rows": 14, "spellcheck": "true"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("subject", "body"):
            self.fields[name].validators.append(readable)
