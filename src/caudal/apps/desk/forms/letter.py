"""The form of an e-mail to one customer."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Customer
from caudal.apps.desk.letters import addresses_of, invoices_of, templates_for
from caudal.apps.messaging.models import Template
from caudal.apps.messaging.render import readable
from caudal.web.forms import PanelForm, Section, refreshing


class LetterForm(PanelForm):
    """Choosing a template fills subject and text, which may be changed before they go out."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    template = forms.ChoiceField(label=_("Begin with"), required=False)
    to = forms.ChoiceField(label=pgettext_lazy("recipient", "To"))
    invoice = forms.ChoiceField(label=_("Invoice it speaks of"), required=False)
    attach = forms.BooleanField(label=_("Attach that invoice as PDF"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=200, validators=[readable])
    body = forms.CharField(
        label=_("Text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 12}),
        validators=[readable],
    )

    def __init__(self, data: Any = None, *, customer: Customer, typed: Any = None) -> None:
        self.customer = customer
        self.invoices = {str(row.pk): row for row in invoices_of(customer)}
        self.templates = {str(row.pk): row for row in templates_for(list(self.invoices.values()))}
        super().__init__(data, initial=self._begun(typed))
        self._offer("to", [(each, each) for each in addresses_of(customer)])
        self._offer(
            "invoice", [("", _("None")), *((k, _name(v)) for k, v in self.invoices.items())]
        )
        blank = [("", _("An empty letter"))]
        self._offer("template", [*blank, *((key, str(row)) for key, row in self.templates.items())])
        refreshing(self.fields["template"])
        self.sections = [
            Section("", ["template", "to", "invoice", "attach"]),
            Section("", [("subject", 12), ("body", 12)]),
        ]

    def chosen_invoice(self) -> Invoice | None:
        return self.invoices.get(self.cleaned_data.get("invoice", ""))

    def _begun(self, typed: dict[str, Any] | None) -> dict[str, Any]:
        """What was typed so far; a template that was just chosen takes the place of the text."""
        first = next(iter(self.invoices), "")
        if typed is None:
            return {"key": uuid4(), "invoice": first}
        row: Template | None = self.templates.get(typed.get("template", ""))
        return typed if row is None else {**typed, "subject": row.subject, "body": row.body}

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices


def _name(invoice: Invoice) -> str:
    return f"{invoice.label} · {invoice.due:%d/%m/%Y} · {invoice.get_state_display()}"
