"""Fields of a customer in forms: as in the table, with several phones and e-mails in one box."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company
from caudal.apps.customers.contacts import (
    ContactData,
    as_contacts,
    example_phone,
    read_emails,
    read_phones,
    show_phone,
)
from caudal.apps.customers.documents import choices_of
from caudal.apps.customers.models import Contact, Customer, PersonKind
from caudal.apps.staff.models import User
from caudal.core.positions import read_position
from caudal.web.forms import PanelForm

COUNTRY = "MX"
"""Where no company says otherwise yet."""
ROLES_THAT_COLLECT = "collector"


class CustomerFields(PanelForm):
    """What registration and editing have in common; subclasses name the `own` fields they show."""

    own: Iterable[str] = ()

    phones = forms.CharField(label=_("Phones"), max_length=500)
    emails = forms.CharField(label=_("E-mails"), max_length=1000, required=False)
    position = forms.CharField(label=_("Position"), max_length=2000, required=False)

    def __init__(self, *args: Any, country: str = COUNTRY, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        columns = fields_for_model(Customer, fields=list(self.own))
        self.fields.update({name: field for name, field in columns.items() if field})
        for name in {"phones", "emails", "position"} - set(self.own):
            del self.fields[name]
        self._adapt()

    def _adapt(self) -> None:
        """Options and hints that depend on the country and on who works here."""
        adapt = {
            "document_type": self._document_types,
            "phones": self._phone_hint,
            "collector": self._people,
            "salesperson": self._people,
            "position": self._position_hint,
            "company": self._companies,
            "antenna_password": self._one_line,
        }
        for name, change in adapt.items():
            if name in self.fields:
                change(self.fields[name])
        for name in ("contract_expires_on", "registered_on"):
            if name in self.fields:
                self.fields[name].widget = date_input()

    def _document_types(self, field: forms.Field) -> None:
        kept = self.initial.get("document_type")
        choices = [("", _("None")), *choices_of(self.country)]
        if kept and kept not in dict(choices):
            choices.append((kept, kept))
        self.fields["document_type"] = forms.ChoiceField(
            label=field.label, choices=choices, required=False
        )

    def _phone_hint(self, field: forms.Field) -> None:
        field.help_text = _("Several are separated by “;”. Example: %(example)s") % {
            "example": example_phone(self.country)
        }
        field.widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    def _position_hint(self, field: forms.Field) -> None:
        field.widget.attrs["placeholder"] = _("19.4326, -99.1332 or a map link")

    def _one_line(self, field: forms.Field) -> None:
        field.widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": "80"})

    def _people(self, field: forms.Field) -> None:
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(is_active=True).order_by("name")

    def _companies(self, field: forms.Field) -> None:
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Company.objects.filter(is_active=True)
        field.required = False
        field.empty_label = str(_("As its zone"))

    def ask_name(self) -> None:
        """One box is needed, unless the name is made of a natural person's four (WP-12)."""
        self.fields["name"].required = self["person_kind"].value() != PersonKind.NATURAL

    def clean_phones(self) -> str:
        return self._several("phones")

    def clean_emails(self) -> str:
        return self._several("emails")

    def clean_position(self) -> str:
        """Pasted coordinates or a link become latitude and longitude."""
        text: str = self.cleaned_data["position"]
        if text and read_position(text) is None:
            raise ValidationError(
                _("No position found: paste coordinates such as 19.4326, -99.1332 or a map link."),
                code="position",
            )
        return text

    def _several(self, name: str) -> str:
        """Check what was typed; `contacts()` makes the rows of it. What did not change passes."""
        if name in self.changed_data:
            setattr(self, f"_{name}", self._read(name))
        return str(self.cleaned_data[name])

    def _read(self, name: str) -> list[str]:
        text = self.cleaned_data[name]
        return read_phones(text, self.country) if name == "phones" else read_emails(text)

    def contacts(self) -> list[ContactData]:
        """The rows that phones and e-mails stand for; after the form was checked."""
        return as_contacts(getattr(self, "_phones", []), getattr(self, "_emails", []))

    def customer_data(self) -> dict[str, Any]:
        """What the actions of the customers room take, of the fields that were cleaned."""
        data = {name: self.cleaned_data[name] for name in self.own if name in self.cleaned_data}
        for name in ("phones", "emails"):
            data.pop(name, None)
        text = data.pop("position", "")
        if text and (point := read_position(text)):
            data |= {"latitude": point.latitude, "longitude": point.longitude}
        elif "position" in self.fields and not text:
            data |= {"latitude": None, "longitude": None}
        if "company" in data and data["company"] is None:
            del data["company"]
        if data.get("person_kind") == PersonKind.NATURAL:
            data["name"] = data.get("name") or ""
        return data

    def add_field_errors(self, error: ValidationError) -> None:
        """Put each error beside its field; those of fields that are not shown stand above.

        A field that has its own complaint already gets no second one.
        """
        for name, errors in error.error_dict.items():
            shown = {"latitude": "position", "longitude": "position"}.get(name, name)
            if shown not in self.errors:
                self.add_error(shown if shown in self.fields else None, errors)


def initial_of(customer: Customer) -> dict[str, Any]:
    """How the form shows an existing customer."""
    initial = {field.name: field.value_from_object(customer) for field in Customer._meta.fields}
    country = customer.company.country
    rows = list(customer.contacts.all())
    phones = [show_phone(row.value, country) for row in rows if row.kind == Contact.Kind.PHONE]
    initial["phones"] = "; ".join(phones)
    initial["emails"] = "; ".join(row.value for row in rows if row.kind == Contact.Kind.EMAIL)
    if customer.latitude is not None:
        initial["position"] = f"{customer.latitude}, {customer.longitude}"
    initial["taxes"] = list(customer.taxes.all()) if customer.pk else []
    return initial


def date_input() -> forms.DateInput:
    """The browser's own calendar, which wants dates as 2026-07-05."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def house_country() -> str:
    """Country of the first company in use: phones and documents are read as it writes them."""
    country = Company.objects.filter(is_active=True).values_list("country", flat=True).first()
    return country or COUNTRY
