"""Editing a customer, in tabs."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.actions import check_edit
from caudal.apps.customers.contacts import ContactData
from caudal.apps.customers.fields import fields_for, values_of
from caudal.apps.customers.models import Customer
from caudal.apps.desk.forms.custom import CustomFieldsPart
from caudal.apps.desk.forms.customer import CustomerFields, initial_of, stored_of
from caudal.apps.desk.forms.layout import Tab, tab_fields, tabs_for
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import offer_visible
from caudal.web.forms import BoundSection


class EditForm(CustomFieldsPart, CustomerFields):
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
        typed: Mapping[str, Any] | None = None,
        user: User | None = None,
        **kwargs: Any,
    ) -> None:
        """`typed` is what the page holds so far, where only a part of it is asked for again."""
        self.customer = customer
        initial = {**initial_of(customer), "payment_day": payment_day, **(typed or {})}
        country = customer.company.country
        super().__init__(data, country=country, initial=initial, **kwargs)
        if user is not None:
            offer_visible(user, self)
        self.ask_name()
        held = stored_of(customer)
        for name in ("phones", "emails"):
            self.contact_field(name).held = held
        companies: Any = self.fields["company"]
        companies.required, companies.empty_label = True, None
        self.offer_custom(fields_for(user), values_of([customer.pk]).get(customer.pk))
        own = Tab("custom", _("More fields"), (self.custom_section(),))
        self.shown_tabs = [*tabs_for(self.chosen_kind()), *([own] if self.custom else [])]
        self.sections = [section for tab in self.shown_tabs for section in tab.sections]

    def tabs(self) -> list[tuple[str, Any, list[BoundSection], bool]]:
        """Key, title, sections and whether something in it is wrong."""
        bound = iter(self.bound_sections())
        shown = []
        for tab in self.shown_tabs:
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
        """None where no box changed."""
        changed = {"phones", "emails"} & set(self.changed_data)
        return super().contacts() if changed else None
