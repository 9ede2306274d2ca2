"""Editing a customer, in tabs."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.actions import check_edit
from caudal.apps.customers.contacts import ContactData
from caudal.apps.customers.models import Contact, Customer
from caudal.apps.desk.forms.customer import CustomerFields, initial_of
from caudal.apps.desk.forms.layout import TABS, tab_fields
from caudal.web.forms import BoundSection


class EditForm(CustomerFields):
    """All tabs are one form: whatever tab is open, everything is saved together."""

    payment_day = forms.IntegerField(
        label=_("Payment day"),
        min_value=1,
        max_value=31,
        help_text=_("Another day than his zone's gives him dates of his own."),
    )

    own = tuple(name for name in tab_fields() if name != "payment_day")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        customer: Customer,
        payment_day: int,
        **kwargs: Any,
    ) -> None:
        self.customer = customer
        initial = {**initial_of(customer), "payment_day": payment_day}
        country = customer.company.country
        super().__init__(data, country=country, initial=initial, **kwargs)
        self.ask_name()
        companies: Any = self.fields["company"]
        companies.required, companies.empty_label = True, None
        self.sections = [section for tab in TABS for section in tab.sections]

    def tabs(self) -> list[tuple[str, Any, list[BoundSection], bool]]:
        """Key, title, sections and whether something in it is wrong."""
        bound = iter(self.bound_sections())
        shown = []
        for tab in TABS:
            sections = [next(bound) for _each in tab.sections]
            wrong = any(field.errors for part in sections for field, _w in part.cells)
            shown.append((tab.key, tab.title, sections, wrong))
        return shown

    def clean(self) -> dict[str, Any]:
        super().clean()
        try:
            check_edit(customer=self.customer, data=self.customer_data())
        except ValidationError as error:
            self.add_field_errors(error)
        return self.cleaned_data

    def contacts(self) -> list[ContactData] | None:  # type: ignore[override]
        """None where neither box changed; a kind that did not change stays as it is."""
        changed = {"phones", "emails"} & set(self.changed_data)
        if not changed:
            return None
        kept_kind = {"phones": Contact.Kind.EMAIL, "emails": Contact.Kind.PHONE}
        rows = [row for row in super().contacts()]
        if len(changed) == 1:
            kind = kept_kind[changed.pop()]
            rows = [row for row in rows if row.kind != kind]
            rows += [
                ContactData(row.kind, row.value, row.purpose, row.label)
                for row in self.customer.contacts.filter(kind=kind)
            ]
        return rows
