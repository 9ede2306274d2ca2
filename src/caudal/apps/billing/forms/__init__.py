"""Forms of billing: invoices by hand and their editing, voiding, debit and credit notes."""

from caudal.apps.billing.forms.fields import DayInput, amount_field
from caudal.apps.billing.forms.invoices import EditForm, IssueForm
from caudal.apps.billing.forms.lines import LineForm, LineFormSet
from caudal.apps.billing.forms.notes import AdjustForm, ReasonForm

__all__ = [
    "AdjustForm",
    "DayInput",
    "EditForm",
    "IssueForm",
    "LineForm",
    "LineFormSet",
    "ReasonForm",
    "amount_field",
]
