"""The registration of a customer in one page, in the two sections that people know (IW-17)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.actions import draft_customer
from caudal.apps.customers.fields import fields_for
from caudal.apps.customers.models import Zone
from caudal.apps.desk.actions import FirstInvoice, Registration
from caudal.apps.desk.alike import Typed
from caudal.apps.desk.forms.custom import CustomFieldsPart
from caudal.apps.desk.forms.customer import CustomerFields, house_country
from caudal.apps.desk.forms.extras import ExtraFields
from caudal.apps.desk.forms.layout import (
    ADDRESS,
    ADMINISTRATIVE,
    BILLING,
    PERSON_FIELDS,
    PLACE,
    WHERE,
    legal,
    person,
    who,
)
from caudal.apps.desk.forms.service import ServiceFields
from caudal.apps.network.credentials import random_password
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.web.forms import BoundSection, Section

REFRESHES = ("zone", "plan", "router", "technology")
"""Fields on which the second section depends: choosing one asks for it again."""


class RegistrationForm(CustomFieldsPart, ExtraFields, ServiceFields, CustomerFields):
    """A customer with his first service, and what else he is sold (IW-10)."""

    own = PERSON_FIELDS

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    shown_country = forms.CharField(required=False, widget=forms.HiddenInput)
    payment_day = forms.IntegerField(label=_("Payment day"), min_value=1, max_value=31)
    first_invoice = forms.ChoiceField(
        label=_("First invoice"), choices=FirstInvoice, initial=FirstInvoice.NONE
    )
    is_free = forms.BooleanField(
        label=_("Free customer: never invoiced, noticed nor cut"), required=False
    )
    accept_duplicates = forms.BooleanField(
        label=_("Register anyway: it is not the same customer"), required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        today: date,
        now: datetime,
        user: User | None = None,
        **kwargs: Any,
    ) -> None:
        """`user` is asked for the operator's fields that he sees; without him for everybody's."""
        self.now = now
        zone = _zone_of(data, kwargs)
        country = zone.company.country if zone else house_country()
        super().__init__(data, country=country, **kwargs)
        self.initial = {**_defaults(today, zone), **self.initial}
        zones: Any = self.fields["zone"]
        every = Zone.objects.filter(is_active=True).select_related("company")
        zones.queryset = visible(user, every) if user else every
        zones.empty_label = _("Choose a zone")
        self.offer_service(zone)
        self.offer_extras()
        self.offer_custom([each for each in fields_for(user) if each.at_registration])
        for name in ("code", "company"):
            self.fields[name].required = False
        self.ask_name()
        self.fields["code"].widget.attrs["placeholder"] = _("The next one")
        self.initial["shown_country"] = self.country
        self.layout = self._layout()
        self.sections = [section for part in self.layout.values() for section in part]
        for name in REFRESHES:
            self.fields[name].widget.attrs |= {"data-refresh": name}

    def _layout(self) -> dict[str, list[Section]]:
        """Where each section stands on the page."""
        kind = self.chosen_kind()
        extras = self.extras_section()
        return {
            "who": [who(kind)],
            "where": [WHERE],
            "place": [replace(PLACE, is_open=bool(self["position"].value()))],
            "more": [ADDRESS, legal(kind), person(kind)],
            "technical": [BILLING, self.connection_section()],
            "extras": [extras] if extras.fields else [],
            "custom": [self.custom_section()] if self.custom else [],
            "administrative": [ADMINISTRATIVE],
        }

    def parts(self) -> dict[str, list[BoundSection]]:
        """The sections as the page shows them: who he is, and what he gets."""
        bound = iter(self.bound_sections())
        return {key: [next(bound) for _each in part] for key, part in self.layout.items()}

    def typed(self) -> Typed:
        """What is compared with the customers that exist (IC-4), valid or not."""
        return self.identity() | {"mac": str(self["mac"].value() or "")}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.check_extras(self.cleaned_data.get("plan"))
        try:
            draft_customer(now=self.now, data=self.customer_data())
        except ValidationError as error:
            self.add_field_errors(error)
        if "zone" in self.errors and not self.cleaned_data.get("company"):
            # It comes with the zone: who has not chosen one has nothing else to mend.
            self.errors.pop("company", None)
        return self.cleaned_data

    def require_new(self, found: bool) -> None:
        """Refuse what looks like a customer we have, until a person says it is not."""
        if found and not self.cleaned_data.get("accept_duplicates"):
            self.add_error(
                None, _("He looks like a customer that exists: look at the list and decide.")
            )

    def customer_data(self) -> dict[str, Any]:
        data = super().customer_data()
        if self.cleaned_data.get("is_free"):
            data |= {"is_invoiced": False, "may_be_cut": False, "may_be_notified": False}
        return data

    def registration(self) -> Registration:
        """All of it, for the action; after the form was checked."""
        data = self.cleaned_data
        return Registration(
            key=data["form_key"],
            data=self.customer_data(),
            contacts=self.contacts(),
            payment_day=data["payment_day"],
            service=self.new_service(data["registered_on"]),
            first_invoice=data["first_invoice"],
            sales=self.sales(),
            fields=self.custom_values(),
        )


def with_zone_defaults(data: Any, changed: str) -> Any:
    """What was posted (a QueryDict), after the zone or the router was chosen: what they bring."""
    data = data.copy()
    zone = Zone.objects.filter(pk=_number(data.get("zone")), is_active=True).first()
    if changed == "zone" and zone is not None:
        data["payment_day"] = str(zone.payment_day)
        routers = [str(pk) for pk in zone.routers.values_list("pk", flat=True)]
        if data.get("router") not in routers:
            data["router"] = routers[0] if len(routers) == 1 else ""
            data["ip_address"] = ""
    elif changed == "router":
        data["ip_address"] = ""
    return data


def _zone_of(data: Mapping[str, Any] | None, kwargs: dict[str, Any]) -> Zone | None:
    asked = (data if data is not None else kwargs.get("initial") or {}).get("zone")
    zones = Zone.objects.filter(is_active=True).select_related("company")
    if asked:
        return zones.filter(pk=_number(asked)).first()
    only = list(zones[:2]) if data is None else []
    return only[0] if len(only) == 1 else None


def _defaults(today: date, zone: Zone | None) -> dict[str, Any]:
    defaults: dict[str, Any] = {
        "form_key": uuid4(),
        "registered_on": today,
        "password": random_password(),
        "is_invoiced": True,
        "may_be_cut": True,
        "may_be_notified": True,
        "person_kind": "other",
    }
    if zone is not None:
        routers = list(zone.routers.all()[:2])
        defaults |= {"zone": zone.pk, "payment_day": zone.payment_day}
        defaults |= {"router": routers[0].pk} if len(routers) == 1 else {}
    return defaults


def _number(text: Any) -> int:
    return int(text) if str(text).isdecimal() else 0
