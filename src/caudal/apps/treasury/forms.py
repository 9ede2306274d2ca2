"""Forms of the treasury: bank accounts, files, gateways, reports, and money given by hand."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.payments.models import CashBox, Method
from caudal.apps.treasury.collect import Kind
from caudal.apps.treasury.models import BankAccount, Gateway
from caudal.apps.treasury.words import COLUMNS, KINDS
from caudal.web.decimals import TypedDecimal
from caudal.web.forms import PanelForm, Section, YesOrNo

RESERVED = frozenset({"bank", "reported", "api", "cash", "collection"})
"""`Payment.gateway` of other sources: a gateway of that name could take their payments."""
REPORTABLE = [
    choice
    for choice in Method.choices
    if choice[0] in (Method.TRANSFER, Method.DEPOSIT, Method.CASH, Method.CARD, Method.OTHER)
]


def _boxes() -> "QuerySet[CashBox]":
    usable = CashBox.objects.filter(is_active=True).exclude(kind=CashBox.Kind.CHEQUES)
    return usable.select_related("company", "account")


class AccountForm(PanelForm):
    """An account whose statements are read."""

    company: Any = forms.ModelChoiceField(
        Company.objects.filter(is_active=True), label=_("Company"), empty_label=None
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    number = forms.CharField(label=_("Account number"), max_length=40, required=False)
    cash_box: Any = forms.ModelChoiceField(
        CashBox.objects.none(),
        label=_("Cash box"),
        help_text=_("Where the money of its lines is booked."),
    )
    restores = forms.BooleanField(
        label=_("A payment restores the service"), required=False, initial=True
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, account: BankAccount | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        box: Any = self.fields["cash_box"]
        box.queryset = _boxes()
        if account is None:
            del self.fields["is_active"]
        else:
            del self.fields["company"]
            box.queryset = _boxes().filter(company=account.company)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        box, company = cleaned.get("cash_box"), cleaned.get("company")
        if box and company and box.company_id != company.pk:
            self.add_error("cash_box", _("That cash box is of another company."))
        same = BankAccount.objects.filter(company=company, name=cleaned.get("name"))
        if company and same.exists():
            self.add_error("name", _("This company has a bank account of that name."))
        return cleaned


class StatementForm(PanelForm):
    """A bank's file."""

    account: Any = forms.ModelChoiceField(
        BankAccount.objects.filter(is_active=True), label=_("Bank account"), empty_label=None
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, Excel, OFX or camt.053, as the bank gives it. Twice adds nothing."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xls,.ods,.ofx,.qfx,.xml"}),
    )


class ColumnsForm(PanelForm):
    """What each column of a table means."""

    def __init__(
        self, *args: Any, header: list[str], chosen: dict[str, str], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.header = header
        choices = [("", _("Leave it out")), *COLUMNS.items()]
        for place, name in enumerate(header):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=chosen.get(name, "")
            )
        self.sections = (Section("", [(f"column_{n}", 4) for n in range(len(header))]),)

    def columns(self) -> dict[str, str]:
        """Header name -> Column, "" for what is left out."""
        return {
            name: self.cleaned_data.get(f"column_{place}", "")
            for place, name in enumerate(self.header)
        }


class GatewayForm(PanelForm):
    """Our own settings of a gateway, and those that its integration asks for."""

    slug = forms.SlugField(
        label=_("Short name"),
        max_length=30,
        help_text=_("Part of the address for its notices; it never changes."),
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    cash_box: Any = forms.ModelChoiceField(
        CashBox.objects.none(),
        label=_("Cash box"),
        help_text=_("Where its money is booked. It also says which company is paid."),
    )
    restores = forms.BooleanField(
        label=_("A payment restores the service"), required=False, initial=True
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(
        self, *args: Any, made: Kind, gateway: Gateway | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.made = made
        box: Any = self.fields["cash_box"]
        box.queryset = _boxes()
        if gateway is not None:
            del self.fields["slug"]
            box.queryset = _boxes().filter(company=gateway.company)
        for field in fields(made.config):
            self.fields[f"set_{field.name}"] = _setting(made, field, gateway)
        own: list[str | tuple[str, int]] = [
            "slug",
            "name",
            ("cash_box", 12),
            "restores",
            "is_active",
        ]
        asked = [f"set_{field.name}" for field in fields(made.config)]
        self.sections = (Section("", own), Section(KINDS.get(made.slug, made.title), asked))

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].lower()
        if slug in RESERVED or Gateway.objects.filter(slug=slug).exists():
            raise ValidationError(_("That name is taken."))
        return slug

    def settings(self) -> dict[str, Any]:
        return {name: value for name, value in self._asked() if name not in self.made.secret}

    def secrets(self) -> dict[str, str]:
        return {name: str(value) for name, value in self._asked() if name in self.made.secret}

    def _asked(self) -> list[tuple[str, Any]]:
        return [
            (field.name, self.cleaned_data[f"set_{field.name}"])
            for field in fields(self.made.config)
        ]


SETTINGS = {
    "secret": _("Secret that signs the notices"),
    "window_s": _("Seconds after which a notice is too old"),
    "link_template": _("Address of payment links"),
    "access_token": _("Access token"),
    "signing_key": _("Secret key of the notices"),
    "base_url": _("Address of the API"),
    "timeout_s": _("Seconds to wait for an answer"),
}


def _setting(made: Kind, field: Any, gateway: Gateway | None) -> forms.Field:
    label = SETTINGS.get(field.name, field.name)
    kept = (gateway.settings if gateway else {}).get(field.name, field.default)
    if field.name in made.secret:
        return forms.CharField(
            label=label,
            required=gateway is None,
            max_length=500,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            help_text=_("Left empty it stays as it is.") if gateway else "",
        )
    if field.type in (int, "int"):
        return forms.IntegerField(label=label, min_value=1, max_value=86_400, initial=kept)
    return forms.CharField(label=label, required=False, max_length=300, initial=kept)


class ReportForm(PanelForm):
    """A payment as somebody tells it. The hidden key makes a form sent twice one report."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    amount = TypedDecimal(
        label=_("Amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    paid_on = forms.DateField(
        label=_("Date of payment"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    method = forms.ChoiceField(label=_("Form of payment"), choices=REPORTABLE)
    reference = forms.CharField(
        label=_("Reference"),
        required=False,
        max_length=80,
        help_text=_("Number of the transfer or of the deposit slip."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=250)
    proof = forms.FileField(
        label=_("Photo or PDF of the proof"),
        required=False,
        help_text=_("JPEG, PNG, WebP or PDF, up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,.pdf"}),
    )
    sections = (
        Section("", ["amount", "paid_on", "method", "reference", ("note", 12), ("proof", 12)]),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["paid_on"].initial = today
        self.fields["key"].initial = uuid4().hex

    def report(self) -> dict[str, Any]:
        """The arguments of `report_payment`."""
        file = self.cleaned_data.pop("proof", None)
        proof = file.read(6 * 1024 * 1024) if file else b""
        return {**self.cleaned_data, "proof": proof}


class ApproveForm(PanelForm):
    """Where the money is, and whether the service comes back."""

    cash_box: Any = forms.ModelChoiceField(
        CashBox.objects.none(), label=_("Cash box"), empty_label=None
    )
    restore = YesOrNo(
        label=_("Service"), yes=_("Register and activate"), no=_("Only register"), initial="yes"
    )

    def __init__(self, *args: Any, customer: Customer, may_choose: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        box: Any = self.fields["cash_box"]
        company = customer.company
        box.queryset = _boxes().filter(company=company, account__currency=company.currency)
        if not may_choose:
            del self.fields["restore"]


class ReasonForm(PanelForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class SharesForm(PanelForm):
    """Whose a line's money is, by customer codes, each with his part."""

    ROWS = 6

    def __init__(self, *args: Any, customers: "QuerySet[Customer]", **options: Any) -> None:
        super().__init__(*args, **options)
        self.customers = customers
        cells: list[tuple[str, int]] = []
        for n in range(self.ROWS):
            self.fields[f"code_{n}"] = forms.CharField(
                label=_("Customer code"), required=False, max_length=20
            )
            self.fields[f"amount_{n}"] = TypedDecimal(
                label=_("Amount"),
                required=False,
                min_value=Decimal("0.01"),
                max_digits=12,
                decimal_places=2,
            )
            cells += [(f"code_{n}", 6), (f"amount_{n}", 6)]
        self.sections = (Section("", cells),)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.shares: list[tuple[Customer, Decimal]] = []
        for n in range(self.ROWS):
            code, amount = cleaned.get(f"code_{n}", ""), cleaned.get(f"amount_{n}")
            if not code and amount is None:
                continue
            customer = self.customers.filter(code=code).first()
            if customer is None:
                self.add_error(f"code_{n}", _("Nobody has that code."))
            elif amount is None:
                self.add_error(f"amount_{n}", _("Say how much."))
            else:
                self.shares.append((customer, amount))
        return cleaned
