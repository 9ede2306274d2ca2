"""The filters of the customers list, in tabs, and the chips that show those in force."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.forms import BoundField
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Company, Technology
from caudal.apps.customers.fields import fields_for
from caudal.apps.customers.filters import ANY, Condition, CustomerFilter
from caudal.apps.customers.models import (
    Cause,
    Customer,
    PersonKind,
    Service,
    Suspension,
    SuspensionReason,
    Tag,
)
from caudal.apps.desk.list.custom import filters_of, is_custom
from caudal.apps.desk.said import MeaningField, gone_for, held_for
from caudal.apps.ledger.models import Balance
from caudal.apps.network.models import Connection, Pool, Router, Site
from caudal.apps.staff.models import Branch, User
from caudal.apps.staff.scope import offer_visible
from caudal.core.areas import Area, read_area
from caudal.store.money import money
from caudal.web.decimals import TypedDecimal

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
Text = str | Promise
Make = Callable[[], forms.Field]
VOLATILE = ("cursor", "new", "list")
"""What an address holds besides filters, and a chip's link does not."""


@dataclass(frozen=True)
class Chip:
    """One filter in force; `without` is the query string that takes it away."""

    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Tab:
    """Filters that stand together; `in_force` is how many of them narrow the list."""

    key: str
    label: Text
    fields: list[BoundField]
    in_force: int


TABS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "customer": (_("Customer"), (
        "zone", "branch", "city", "neighbourhood", "tag", "not_tag", "person_kind", "collector",
        "salesperson", "contract", "position", "registered_from", "registered_to", "archived",
        "area")),
    "service": (_("Service"), (
        "state", "reason", "held_for", "plan", "medium", "started_from", "started_to", "left_for",
        "cancelled_from", "cancelled_to", "suspended_from", "suspended_to", "served")),
    "billing": (_("Billing"), (
        "debt", "owes_from", "unpaid_from", "payment_day", "company", "invoiced", "cut",
        "notified", "own_dates")),
    "payment": (_("Payment methods"), ("payment_method", "electronic_code", "card", "mailed")),
    "network": (_("Network"), (
        "router", "site", "technology", "sync", "online", "pool", "address")),
}  # fmt: skip


_LIVE = {"connection__released_at": None, "connection__isnull": False}
ONE_SERVICE: dict[str, Callable[[Any], Q]] = {
    "state": lambda state: Q(state=state),
    "reason": lambda reason: Q(suspensions__reason=reason, suspensions__closed_at=None),
    "held_for": held_for,
    "plan": lambda plan: Q(plan=plan),
    "technology": lambda technology: Q(plan__technology=technology),
    "started_from": lambda day: Q(started_on__gte=day),
    "started_to": lambda day: Q(started_on__lte=day),
    "left_for": gone_for,
    "cancelled_from": lambda day: Q(cancelled_on__gte=day),
    "cancelled_to": lambda day: Q(cancelled_on__lte=day),
    "suspended_from": lambda day: Q(suspensions__opened_on__gte=day),
    "suspended_to": lambda day: Q(suspensions__opened_on__lte=day),
    "router": lambda router: Q(connection__router=router, **_LIVE),
    "site": lambda site: Q(connection__router__site=site, **_LIVE),
    "pool": lambda pool: Q(connection__pool=pool, **_LIVE),
}
"""Filter -> what it asks of a service, and of one and the same suspension of it: asked together
they are one question to the database."""


class DeskFilter(CustomerFilter):
    """Every one holds at once with the others and with the search.

    Only the fields that the address names are made, unless `whole` asks for all of them: a list
    is shown a thousand times as often as its filters.
    """

    router = forms.ModelChoiceField(
        Router.objects.all(), label=_("Router"), required=False, empty_label=_("Any")
    )
    debt = forms.ChoiceField(
        label=_("Debt"),
        required=False,
        choices=[ANY, ("yes", _("With debt")), ("no", _("Without debt"))],
    )

    def __init__(
        self, data: Mapping[str, Any], *, user: User | None = None, whole: bool = False
    ) -> None:
        """Of the operator's own fields those that `user` sees; without him what everybody sees."""
        super().__init__(data)
        for name, make in FIELDS.items():
            if whole or data.get(name):
                self.fields[name] = make()
        self.custom: dict[str, Condition] = {}
        if whole or any(is_custom(name) for name in data):
            for name, (field, condition) in filters_of(fields_for(user)).items():
                if whole or data.get(name):
                    self.fields[name], self.custom[name] = field, condition
        if user is not None:
            offer_visible(user, self)
        if whole and not Branch.objects.exists():
            del self.fields["branch"]

    def conditions(self) -> dict[str, Condition]:
        return {**super().conditions(), **_CONDITIONS, **self.custom}

    def narrow_by(self, customers: QuerySet[Customer], given: dict[str, Any]) -> QuerySet[Customer]:
        """As every list; what filters say of a service, one and the same service must fulfil."""
        asked = given.keys() & ONE_SERVICE.keys()
        if len(asked) < 2:
            return super().narrow_by(customers, given)
        wanted = Q()
        for name in asked:
            wanted &= ONE_SERVICE[name](given[name])
        served = Service.objects.filter(wanted).order_by().values("customer")
        others = {name: value for name, value in given.items() if name not in asked}
        return super().narrow_by(customers, others).filter(pk__in=served)

    def tabs(self) -> list[Tab]:
        """The fields as the screen shows them."""
        given = self.given()
        shown = TABS | ({"custom": (_("Custom fields"), tuple(self.custom))} if self.custom else {})
        return [
            Tab(
                key,
                label,
                [self[name] for name in names if name in self.fields],
                sum(name in given for name in names),
            )
            for key, (label, names) in shown.items()
        ]

    def chips(self, query: QueryDict) -> list[Chip]:
        """The filters in force, the search apart, each removable by itself."""
        return [
            Chip(str(self.fields[name].label), self._shown(name, value), without(query, name))
            for name, value in self.given().items()
            if name != "q"
        ]

    def _shown(self, name: str, value: Any) -> str:
        field: Any = self.fields[name]
        if isinstance(value, date):
            return date_format(value, "SHORT_DATE_FORMAT")
        if isinstance(field, MeaningField):
            return field.shown(value)
        if isinstance(value, str) and hasattr(field, "choices"):
            return str(dict(field.choices)[value])
        return str(value)


def without(query: QueryDict, name: str) -> str:
    """The same address without that filter, from its first page."""
    rest = query.copy()
    for gone in (name, *VOLATILE):
        rest.pop(gone, None)
    return rest.urlencode()


def _text(label: Any) -> Make:
    return lambda: forms.CharField(label=label, required=False, max_length=120)


def _count(label: Any) -> Make:
    return lambda: forms.IntegerField(label=label, required=False, min_value=1, max_value=500)


def _choice(label: Any, choices: Sequence[Any]) -> Make:
    return lambda: forms.ChoiceField(label=label, required=False, choices=[ANY, *choices])


def _row(label: Any, rows: Callable[[], "QuerySet[Any]"]) -> Make:
    return lambda: forms.ModelChoiceField(rows(), label=label, required=False, empty_label=_("Any"))


def _day(label: Any) -> Make:
    return lambda: forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _amount(label: Any) -> Make:
    return lambda: TypedDecimal(
        label=label, required=False, min_value=0, max_digits=12, decimal_places=2
    )


class AreaField(forms.CharField):
    """A part of the map, as `core.areas` reads it; only links of the map fill it in."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        area = read_area(text) if text else None
        if text and area is None:
            raise forms.ValidationError(_("This is no part of the map."))
        return area


def _within(area: Area) -> Q:
    return Q(
        latitude__gte=area.south, latitude__lte=area.north,
        longitude__gte=area.west, longitude__lte=area.east,
    )  # fmt: skip


FIELDS: dict[str, Make] = {
    "city": _text(_("City")),
    "neighbourhood": _text(_("Neighbourhood")),
    "tag": _row(_("Tag"), Tag.objects.all),
    "not_tag": _row(_("Without the tag"), Tag.objects.all),
    "person_kind": _choice(_("Person"), PersonKind.choices),
    "salesperson": _row(_("Salesperson"), User.objects.all),
    "contract": _choice(_("Contract signed"), YES_NO),
    "position": _choice(_("With a position on the map"), YES_NO),
    "registered_from": _day(_("Registered from")),
    "registered_to": _day(_("Registered until")),
    "reason": _choice(_("Why it is suspended"), SuspensionReason.choices),
    "held_for": lambda: MeaningField(_("Reason of the suspension by hand"), Cause.Use.SUSPEND),
    "medium": _choice(_("Connection type"), Customer.Medium.choices),
    "started_from": _day(_("Service since")),
    "started_to": _day(_("Service since, at the latest")),
    "left_for": lambda: MeaningField(_("Why he left"), Cause.Use.CANCEL),
    "cancelled_from": _day(_("Cancelled from")),
    "cancelled_to": _day(_("Cancelled until")),
    "suspended_from": _day(_("Suspended from")),
    "suspended_to": _day(_("Suspended until")),
    "served": _choice(_("Has a service that is not cancelled"), YES_NO),
    "owes_from": _amount(_("Owes at least")),
    "unpaid_from": _count(_("Unpaid invoices, at least")),
    "payment_day": _count(_("Payment day")),
    "company": _row(_("Company that invoices"), Company.objects.all),
    "invoiced": _choice(_("Is invoiced"), YES_NO),
    "cut": _choice(_("May be cut"), YES_NO),
    "notified": _choice(_("May be notified"), YES_NO),
    "own_dates": _choice(_("Billing dates of his own"), YES_NO),
    "payment_method": _text(_("Payment method")),
    "electronic_code": _choice(_("Has an electronic payment code"), YES_NO),
    "card": _choice(_("Has an RFID card"), YES_NO),
    "mailed": _choice(_("Gets his invoices by e-mail"), YES_NO),
    "site": _row(_("Site"), Site.objects.all),
    "technology": _choice(_("Technology"), Technology.choices),
    "sync": _choice(_("Router state"), Connection.Sync.choices),
    "online": _choice(_("Online now"), YES_NO),
    "pool": _row(_("Address pool"), lambda: Pool.objects.select_related("router")),
    "address": _choice(_("Has an IP address"), YES_NO),
    "area": lambda: AreaField(label=_("Part of the map"), required=False),
}


def _service(*asked: Q, **which: Any) -> Exists:
    return Exists(Service.objects.filter(*asked, customer=OuterRef("pk"), **which))


def _connection(**which: Any) -> Exists:
    live = Connection.objects.live().filter(**which)
    return Exists(live.filter(service__customer=OuterRef("pk")))


def _tagged(tag: Tag) -> Exists:
    rows = Customer.tags.through._default_manager.filter(tag=tag)
    return Exists(rows.filter(customer=OuterRef("pk")))


def _sync(state: str) -> Exists:
    live = Connection.objects.live()
    if state == Connection.Sync.PENDING:
        rows = live.waiting()
    else:
        rows = live.filter(sync=state).exclude(pk__in=live.untried().values("pk"))
    return Exists(rows.filter(service__customer=OuterRef("pk")))


def _with_reason(reason: str) -> Exists:
    rows = Suspension.objects.filter(reason=reason, closed_at=None)
    return Exists(rows.filter(service__customer=OuterRef("pk")))


def _with_debt(which: str) -> Q:
    owes = Q(Exists(Balance.objects.filter(customer=OuterRef("pk"), amount__gt=money())))
    return owes if which == "yes" else ~owes


def _with_unpaid(least: int) -> Exists:
    unpaid = Invoice.objects.filter(customer=OuterRef("pk"), state__in=("open", "partial"))
    counted = unpaid.order_by().values("customer").annotate(many=Count("pk"))
    return Exists(counted.filter(many__gte=least))


def _which(condition: Q | Exists) -> Condition:
    """What a choice of yes and no asks, by what yes means."""
    return lambda answer: Q(condition) if answer == "yes" else ~Q(condition)


_CONDITIONS: Mapping[str, Condition] = {
    "router": lambda router: _connection(router=router),
    "debt": _with_debt,
    "city": lambda text: Q(city__icontains=text),
    "neighbourhood": lambda text: Q(neighbourhood__icontains=text),
    "payment_method": lambda text: Q(payment_method__icontains=text),
    "owes_from": lambda least: Exists(
        Balance.objects.filter(customer=OuterRef("pk"), amount__gte=money(least))
    ),
    "unpaid_from": _with_unpaid,
    "payment_day": lambda day: (
        Q(own_calendar__payment_day=day) | Q(own_calendar=None, zone__payment_day=day)
    ),
    "person_kind": lambda kind: Q(person_kind=kind),
    "contract": _which(Q(contract_signed=True)),
    "position": _which(Q(latitude__isnull=False)),
    "area": _within,
    "reason": _with_reason,
    "held_for": lambda key: _service(held_for(key)),
    "left_for": lambda key: _service(gone_for(key)),
    "medium": lambda medium: Q(medium=medium),
    "served": _which(Exists(Service.objects.filter(customer=OuterRef("pk")).exclude(
        state="cancelled"))),
    "invoiced": _which(Q(is_invoiced=True)),
    "cut": _which(Q(may_be_cut=True)),
    "notified": _which(Q(may_be_notified=True)),
    "own_dates": _which(Q(own_calendar__isnull=False)),
    "electronic_code": _which(~Q(electronic_payment_code="")),
    "card": _which(~Q(rfid_card="")),
    "mailed": _which(Q(mail_invoices=True)),
    "technology": lambda technology: _service(plan__technology=technology),
    "sync": _sync,
    "online": _which(_connection(online_since__isnull=False)),
    "address": _which(_connection(address__isnull=False)),
    "tag": lambda tag: _tagged(tag),
    "not_tag": lambda tag: ~Q(_tagged(tag)),
    "salesperson": lambda person: Q(salesperson=person),
    "company": lambda company: Q(company=company),
    "site": lambda site: _connection(router__site=site),
    "pool": lambda pool: _connection(pool=pool),
    "registered_from": lambda day: Q(registered_on__gte=day),
    "registered_to": lambda day: Q(registered_on__lte=day),
    "started_from": lambda day: _service(started_on__gte=day),
    "started_to": lambda day: _service(started_on__lte=day),
    "cancelled_from": lambda day: _service(cancelled_on__gte=day),
    "cancelled_to": lambda day: _service(cancelled_on__lte=day),
    "suspended_from": lambda day: _service(suspensions__opened_on__gte=day),
    "suspended_to": lambda day: _service(suspensions__opened_on__lte=day),
}  # fmt: skip
