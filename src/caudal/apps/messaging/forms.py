"""Forms of messages: filters of the list, and the text of a template."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.messaging.models import Delivery, Template
from caudal.apps.messaging.occasions import Occasion
from caudal.apps.messaging.render import TemplateError, check
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

    def clean_subject(self) -> str:
        return self._readable("subject")

    def clean_body(self) -> str:
        return self._readable("body")

    def _readable(self, name: str) -> str:
        text: Any = self.cleaned_data[name]
        try:
            check(text)
        except TemplateError as error:
            words = _("Line %(line)s: %(reason)s")
            raise forms.ValidationError(
                words, params={"line": error.line, "reason": error.reason}, code="liquid"
            ) from error
        return str(text)
