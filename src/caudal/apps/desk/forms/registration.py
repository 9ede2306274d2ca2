"""The registration of a customer in one page, in the two sections that people know (IW-17)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.actions import Duplicate, draft_customer, find_duplicates
from caudal.apps.customers.models import Zone
from caudal.apps.desk.actions import FirstInvoice, Registration
from caudal.apps.desk.forms.customer import CustomerFields, house_country
from caudal.apps.desk.forms.extras import ExtraFields
from caudal.apps.desk.forms.layout import ADMINISTRATIVE, BILLING, PERSON_FIELDS, PERSONAL
from caudal.apps.desk.forms.service import ServiceFields
from caudal.apps.network.credentials import random_password
from caudal.web.forms import BoundSection

REFRESHES = ("zone", "plan", "router", "technology")
"""Fields on which other fields depend: choosing one asks for the second section again."""


class RegistrationForm(ExtraFields, ServiceFields, CustomerFields):
    """A customer with his first service, and what else he is sold (IW-10)."""

    own = PERSON_FIELDS

    form_key = forms.UUIDField(widget=forms.HiddenInput)
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
        self, data: Mapping[str, Any] | None = None, *, today: date, now: datetime, **kwargs: Any
    ) -> None:
        self.now = now
        zone = _zone_of(data, kwargs)
        country = zone.company.country if zone else house_country()
        super().__init__(data, country=country, **kwargs)
        self.initial = {**_defaults(today, zone), **self.initial}
        zones: Any = self.fields["zone"]
        zones.queryset = Zone.objects.filter(is_active=True).select_related("company")
        zones.empty_label = _("Choose a zone")
        self.offer_service(zone)
        self.offer_extras()
        for name in ("code", "company"):
            self.fields[name].required = False
        self.ask_name()
        self.fields["code"].widget.attrs["placeholder"] = _("The next one")
        self.sections = (
            *PERSONAL,
            BILLING,
            self.connection_section(),
            self.extras_section(),
            ADMINISTRATIVE,
        )
        for name in REFRESHES:
            self.fields[name].widget.attrs |= {"data-refresh": name}

    def parts(self) -> dict[str, list[BoundSection]]:
        """The sections as the page shows them: who he is, and what he gets."""
        bound = self.bound_sections()
        return {
            "personal": bound[:1],
            "more": bound[1:2],
            "technical": bound[2:4],
            "extras": [each for each in bound[4:5] if each.cells],
            "administrative": bound[5:],
        }

    def duplicates(self) -> list[Duplicate]:
        """Customers who share what is typed so far (IC-4)."""
        return find_duplicates(
            document=self["document_number"].value() or "",
            address=self["address"].value() or "",
            phone=self["phones"].value() or "",
            country=self.country,
        )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.check_extras(self.cleaned_data.get("plan"))
        try:
            draft_customer(now=self.now, data=self.customer_data())
        except ValidationError as error:
            self.add_field_errors(error)
        return self.cleaned_data

    def require_new(self) -> None:
        """Refuse what looks like a customer we have, until a person says it is not."""
        if self.cleaned_data.get("accept_duplicates") or not self.duplicates():
            return
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
