"""Fields of a customer in forms: as in the table, with several phones and e-mails."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.models import fields_for_model
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company
from caudal.apps.customers.contacts import ContactData, example_phone
from caudal.apps.customers.documents import choices_of, recognise, type_of
from caudal.apps.customers.models import Contact, Customer, PersonKind, Tag, Zone
from caudal.apps.desk.forms.contacts import ContactsField, shown_contact, shown_contacts
from caudal.apps.desk.places import UNREAD, centre_of
from caudal.apps.staff.models import User
from caudal.core.positions import Position, read_position, why_unread
from caudal.web.forms import PanelForm

COUNTRY = "MX"
"""Where no company says otherwise yet."""
COMPLETED = ("postal_code", "neighbourhood", "city", "legal_postal_code", "legal_city")
"""Boxes in which localities are suggested."""
NAME_PARTS = {"first_name", "second_name", "first_surname", "second_surname"}


class CustomerFields(PanelForm):
    """What registration and editing have in common; subclasses name the `own` fields they show."""

    own: Iterable[str] = ()

    phones = ContactsField(kind=Contact.Kind.PHONE, label=_("Phones"))
    emails = ContactsField(kind=Contact.Kind.EMAIL, label=_("E-mails"), required=False)
    position = forms.CharField(label=_("Position"), max_length=2000, required=False)

    def __init__(self, *args: Any, country: str = COUNTRY, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        columns = fields_for_model(Customer, fields=list(self.own))
        self.fields.update({name: field for name, field in columns.items() if field})
        for name in {"phones", "emails", "position"} - set(self.own):
            del self.fields[name]
        self._adapt()

    def identity(self) -> dict[str, str]:
        """What tells one person from another, as typed so far."""
        phones = "; ".join(row.value for row in self["phones"].value() or [])
        texts = {name: str(self[name].value() or "") for name in ("document_number", "address")}
        return {"document": texts["document_number"], "address": texts["address"], "phone": phones}

    def contact_field(self, name: str) -> ContactsField:
        field = self.fields[name]
        assert isinstance(field, ContactsField)
        return field

    def chosen_kind(self) -> str:
        """What kind of person the form is filled in for at this moment (WP-11..13)."""
        return str(self["person_kind"].value() or PersonKind.OTHER)

    def _adapt(self) -> None:
        """Options and hints that depend on the country and on who works here."""
        adapt = {
            "person_kind": self._person_kinds,
            "document_type": self._document_types,
            "document_number": self._document_hint,
            "phones": self._read_phones,
            "emails": self._read_emails,
            "collector": self._people,
            "salesperson": self._people,
            "position": self._position_hint,
            **dict.fromkeys(COMPLETED, _suggested),
            "company": self._companies,
            "antenna_password": self._one_line,
            "tags": self._tags,
        }
        for name, change in adapt.items():
            if name in self.fields:
                change(self.fields[name])
        for name in ("contract_expires_on", "registered_on"):
            if name in self.fields:
                self.fields[name].widget = date_input()

    def _person_kinds(self, field: forms.Field) -> None:
        field.widget.attrs |= {"data-refresh": "person", "data-refresh-target": "#person-fields"}

    def _document_types(self, field: forms.Field) -> None:
        kept = self.initial.get("document_type")
        choices = [("", _("By the number")), *choices_of(self.country, self.chosen_kind())]
        if kept and kept not in dict(choices):
            choices.append((kept, kept))
        self.fields["document_type"] = forms.ChoiceField(
            label=field.label, choices=choices, required=False
        )

    def _document_hint(self, field: forms.Field) -> None:
        example = type_of(self.country, str(self["document_type"].value() or "")).example
        field.widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "placeholder": example,
        }

    def _read_phones(self, field: forms.Field) -> None:
        field.help_text = _("Example: %(example)s") % {"example": example_phone(self.country)}
        self._read_contacts("phones")

    def _read_emails(self, field: forms.Field) -> None:
        self._read_contacts("emails")

    def _read_contacts(self, name: str) -> None:
        """What was typed so far may come back as the page sent it."""
        field = self.contact_field(name)
        field.country = self.country
        if isinstance(self.initial.get(name), str):
            self.initial[name] = field.widget.value_from_datadict(self.initial, {}, name)

    def _position_hint(self, field: forms.Field) -> None:
        field.widget.attrs["placeholder"] = _("19.4326, -99.1332 or a map link")

    def _one_line(self, field: forms.Field) -> None:
        field.widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": "80"})

    def _tags(self, field: forms.Field) -> None:
        """Those in use and those that he has; no box at all where there are none."""
        assert isinstance(field, forms.ModelMultipleChoiceField)
        had = self.initial.get("tags")
        kept = [tag.pk for tag in had] if isinstance(had, list) else []
        field.queryset = Tag.objects.filter(Q(archived_at=None) | Q(pk__in=kept))
        field.widget = forms.CheckboxSelectMultiple()
        field.widget.choices = field.choices
        if not field.queryset.exists():
            del self.fields["tags"]

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
        kind, name = self.chosen_kind(), self.fields["name"]
        name.required = kind != PersonKind.NATURAL
        if kind == PersonKind.LEGAL:
            name.label, self.fields["nickname"].label = _("Company name"), _("Trade name")

    def clean_document_number(self) -> str:
        """A new number says which document it is, or is so told."""
        number: str = self.cleaned_data["document_number"]
        told = self.cleaned_data.get("document_type") or "document_number" not in self.changed_data
        if number and not told and not recognise(self.country, number, self.chosen_kind()):
            raise ValidationError(_("Choose which document this is."), code="document_type")
        return number

    def clean_position(self) -> str:
        """Pasted coordinates, a code or a link become latitude and longitude."""
        text: str = self.cleaned_data["position"]
        if text and self.point() is None:
            raise ValidationError(str(UNREAD[why_unread(text)]), code="position")
        return text

    def point(self) -> Position | None:
        """Where the box of the position points at this moment."""
        text = str(self["position"].value() or "")
        return read_position(text, centre_of(self.chosen_zone()) if "+" in text else None)

    def chosen_zone(self) -> Zone | None:
        typed = str(self["zone"].value() or "")
        return Zone.objects.filter(pk=typed).first() if typed.isdecimal() else None

    def address_parts(self) -> list[str]:
        """The address as typed so far, from the street up."""
        names = ("address", "neighbourhood", "city", "state", "postal_code")
        return [str(self[name].value() or "") for name in names]

    def contacts(self) -> list[ContactData]:
        """The rows that phones and e-mails stand for; after the form was checked."""
        return [*self.cleaned_data.get("phones", []), *self.cleaned_data.get("emails", [])]

    def customer_data(self) -> dict[str, Any]:
        """What the actions of the customers room take, of the fields that were cleaned."""
        data = {name: self.cleaned_data[name] for name in self.own if name in self.cleaned_data}
        if data.get("person_kind") != PersonKind.NATURAL:
            # Boxes that are not shown say nothing about what is stored.
            data = {name: value for name, value in data.items() if name not in NAME_PARTS}
        for name in ("phones", "emails"):
            data.pop(name, None)
        text = data.pop("position", "")
        if text and (point := self.point()):
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
    shown = shown_contacts(list(customer.contacts.all()), country)
    initial |= {"phones": shown["phone"], "emails": shown["email"]}
    if customer.latitude is not None:
        initial["position"] = f"{customer.latitude}, {customer.longitude}"
    initial["taxes"] = list(customer.taxes.all()) if customer.pk else []
    initial["tags"] = list(customer.tags.all()) if customer.pk else []
    return initial


def stored_of(customer: Customer) -> dict[str, str]:
    """What a box shows -> the phone or e-mail that is stored."""
    country = customer.company.country
    return {shown_contact(row, country): row.value for row in customer.contacts.all()}


def _suggested(field: forms.Field) -> None:
    field.widget.attrs |= {
        "data-suggest": reverse_lazy("desk:suggest_localities"),
        "autocomplete": "off",
    }


def date_input() -> forms.DateInput:
    """The browser's own calendar, which wants dates as 2026-07-05."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def house_country() -> str:
    """Country of the first company in use: phones and documents are read as it writes them."""
    country = Company.objects.filter(is_active=True).values_list("country", flat=True).first()
    return country or COUNTRY
