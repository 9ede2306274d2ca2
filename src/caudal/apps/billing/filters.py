"""How the list of invoices is narrowed, by what its address says."""

from datetime import date

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Invoice
from caudal.apps.billing.models.invoice import InvoiceQuerySet
from caudal.apps.customers.models import Zone
from caudal.core.text import fold

STATES = (
    ("", _("All")),
    ("unpaid", _("To be paid")),
    ("overdue", _("Overdue")),
    ("paid", _("Paid")),
    ("void", _("Void")),
)


class InvoiceFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *Invoice.Kind.choices], required=False
    )
    zone = forms.ModelChoiceField(
        Zone.objects.all(), label=_("Zone"), required=False, empty_label=_("All")
    )
    month = forms.DateField(
        label=_("Month of emission"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )

    def narrow(self, rows: InvoiceQuerySet, today: date) -> InvoiceQuerySet:
        """The invoices that fit; a filter that makes no sense is as if not given."""
        wanted = self.cleaned_data if self.is_valid() else {}
        rows = _in_state(rows, wanted.get("state", ""), today)
        if wanted.get("kind"):
            rows = rows.filter(kind=wanted["kind"])
        if wanted.get("zone"):
            rows = rows.filter(customer__zone=wanted["zone"])
        if month := wanted.get("month"):
            rows = rows.filter(emission__year=month.year, emission__month=month.month)
        return rows.filter(_about(wanted.get("q", "").strip()))


def _in_state(rows: InvoiceQuerySet, state: str, today: date) -> InvoiceQuerySet:
    if state == "unpaid":
        return rows.unpaid()
    if state == "overdue":
        return rows.unpaid().filter(due__lt=today)
    return rows.filter(state=state) if state else rows


def _about(words: str) -> Q:
    """A number as printed, or words of the customer: name, code, phone, document."""
    if not words:
        return Q()
    found = Q()
    for word in fold(words).split():
        found &= Q(customer__search_text__contains=word)
    digits = words[len(words.rstrip("0123456789")) :]
    if digits and len(digits) < 19:
        prefix = words.removesuffix(digits)
        found |= Q(number=int(digits), prefix__iexact=prefix) if prefix else Q(number=int(digits))
    return found
