"""Forms of who a customer is to us: his name, what he is spared, how he enters the portal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer, PersonKind
from caudal.apps.network.credentials import random_password
from caudal.web.forms import PanelForm, Section

PARTS = ("first_name", "second_name", "first_surname", "second_surname")


class RenameForm(PanelForm):
    """One box, or the four of a natural person (WP-12)."""

    name = forms.CharField(label=_("Name"), max_length=200)
    first_name = forms.CharField(label=_("First name"), max_length=60, required=False)
    second_name = forms.CharField(label=_("Second name"), max_length=60, required=False)
    first_surname = forms.CharField(label=_("First surname"), max_length=60, required=False)
    second_surname = forms.CharField(label=_("Second surname"), max_length=60, required=False)
    nickname = forms.CharField(label=_("Trade name or nickname"), max_length=200, required=False)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gone = ("name",) if customer.person_kind == PersonKind.NATURAL else PARTS
        for name in gone:
            del self.fields[name]
        self.initial = {name: getattr(customer, name) for name in self.fields}


class SwitchesForm(PanelForm):
    """What he is spared (WH-105, IC-68..72); "free" is all three at once."""

    free = forms.BooleanField(
        label=_("Free: never invoiced, cut or told"),
        required=False,
        help_text=_("What is done by hand is still possible."),
    )
    is_invoiced = forms.BooleanField(label=_("Is invoiced"), required=False)
    may_be_cut = forms.BooleanField(
        label=_("May be cut for debt"),
        required=False,
        help_text=_("Switched off for public offices and companies that pay later."),
    )
    may_be_notified = forms.BooleanField(label=_("Is told of invoices and debt"), required=False)
    notice_from_day = forms.IntegerField(
        label=_("Told from this day of the month"), min_value=1, max_value=31, required=False
    )
    notice_to_day = forms.IntegerField(
        label=_("until this day"),
        min_value=1,
        max_value=31,
        required=False,
        help_text=_("Empty: the days of the company."),
    )
    sections = (
        Section("", [("free", 12)]),
        Section("", ["is_invoiced", "may_be_cut", ("may_be_notified", 12)]),
        Section("", ["notice_from_day", "notice_to_day"]),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in self.fields if name != "free"]
        self.initial = {name: getattr(customer, name) for name in names}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.pop("free", False):
            given |= {"is_invoiced": False, "may_be_cut": False, "may_be_notified": False}
        days = [given.get("notice_from_day"), given.get("notice_to_day")]
        if any(days) and not all(days):
            name = "notice_to_day" if days[0] else "notice_from_day"
            self.add_error(name, _("Give both days, or none."))
        return given


class PortalForm(PanelForm):
    """A new password for the portal; a blank one is made at random and shown once."""

    portal_user = forms.CharField(
        label=_("User"),
        max_length=80,
        required=False,
        help_text=_("Empty: he enters with his code or his e-mail."),
    )
    password = forms.CharField(
        label=_("New password"),
        min_length=8,
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Empty: one at random, which is shown once."),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"portal_user": customer.portal_user}

    @property
    def chosen(self) -> str:
        return self.cleaned_data["password"] or random_password()
