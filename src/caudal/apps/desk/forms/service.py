"""Fields of a new service in forms: plan, price and how a router gives it."""

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.customers.models import ServiceState, Zone
from caudal.apps.desk.actions import Access, NewService, pool_for
from caudal.apps.network.actions import free_addresses
from caudal.apps.network.actions.addresses import holder_of, require_inside
from caudal.apps.network.credentials import (
    normal_mac,
    plain_duid,
    plain_iaid,
    plain_password,
    plain_prefix,
    plain_username,
)
from caudal.apps.network.models import Pool, Router
from caudal.apps.network.reads import served_by
from caudal.apps.network.ways import fields_of
from caudal.core.addressing import canonical
from caudal.core.errors import RuleError
from caudal.web.decimals import TypedDecimal
from caudal.web.errors import explain
from caudal.web.forms import PanelForm, Section
from caudal.web.money import format_money

Row = TypeVar("Row", bound=Model)
OFFERED = 60
"""Free addresses shown to pick from; any other may be typed."""
FIELD_OF = {"address": "ip_address", "pool": "ip_address", "prefix": "ipv6_prefix"}
"""What the network room calls by another name; a form's own `prefix` is something else."""
_MORE = ("server", "interface", "prefix", "duid", "iaid", "bind_mac")
_ASKED = ("username", "password", "local_address", *_MORE)
_WIDTHS = {"duid": 4, "iaid": 2}
_TYPED = (
    "username",
    "password",
    "ip_address",
    "local_address",
    "mac",
    "server",
    "interface",
    "ipv6_prefix",
    "duid",
    "iaid",
)


class PlanField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Name and price as the trade says it: Básico 10Mb / $250.00 (IW-8)."""

    def label_from_instance(self, plan: Any) -> str:
        return f"{plan.name} / {format_money(plan.price, plan.currency)}"


class ServiceFields(PanelForm):
    """`zone` says which routers are offered; it may come from another field of the form."""

    plan = PlanField(Plan.objects.none(), label=_("Plan"), empty_label=_("Choose a plan"))
    price = TypedDecimal(
        label=_("Own price per month"),
        min_value=Decimal(0),
        max_digits=10,
        decimal_places=2,
        required=False,
        help_text=_("Empty: the plan's price."),
    )
    service_state = forms.ChoiceField(
        label=_("The service begins"),
        choices=[
            (ServiceState.ACTIVE.value, _("Active at once")),
            (ServiceState.PENDING.value, _("Pending installation")),
        ],
        initial=ServiceState.ACTIVE,
    )
    router = forms.ModelChoiceField(
        Router.objects.none(), label=_("Router"), required=False, empty_label=_("Not on a router")
    )
    ip_address = forms.CharField(label=_("IP address"), max_length=45, required=False)
    username = forms.CharField(label=_("User on the router"), max_length=80, required=False)
    password = forms.CharField(label=_("Password on the router"), max_length=80, required=False)
    local_address = forms.CharField(label=_("Local address"), max_length=45, required=False)
    technology = forms.ChoiceField(label=_("Technology"), required=False)
    server = forms.CharField(label=_("Server"), max_length=60, required=False)
    interface = forms.CharField(label=_("Interface of the router"), max_length=60, required=False)
    ipv6_prefix = forms.CharField(label=_("IPv6 prefix"), max_length=50, required=False)
    duid = forms.CharField(label=_("DUID"), max_length=80, required=False)
    iaid = forms.CharField(label=_("IAID"), max_length=12, required=False)
    bind_mac = forms.BooleanField(label=_("Only from this MAC address"), required=False)
    mac = forms.CharField(label=_("MAC address"), max_length=17, required=False)

    def offer_service(self, zone: Zone | None) -> None:
        """Plans and routers to choose from, and what follows from the chosen ones."""
        self._choices("plan").queryset = Plan.objects.filter(is_active=True)
        served = Router.objects.filter(zones=zone) if zone else Router.objects.all()
        self._choices("router").queryset = served.order_by("name")
        self.fields["username"].widget.attrs["placeholder"] = _("Made by itself")
        self.fields["mac"].widget.attrs["placeholder"] = "AA:BB:CC:DD:EE:FF"
        for name in _TYPED:
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        self._offer_technologies()
        if plan := self.chosen_plan():
            self.fields["price"].widget.attrs["placeholder"] = f"{plan.price:.2f}"
        if free := self.free_addresses():
            self.fields["ip_address"].widget.attrs["placeholder"] = free[0]
            self.fields["ip_address"].help_text = _("Empty: the first free one.")

    def _offer_technologies(self) -> None:
        """Those that the chosen router gives; empty is what the plan says."""
        given, plan = served_by(self.chosen_router()), self.chosen_plan()
        usual = plan.get_technology_display() if plan else _("the plan’s")
        empty = _("As the plan says (%(technology)s)") % {"technology": usual}
        ways = [(value, label) for value, label in Technology.choices if value in given]
        self._choices("technology").choices = [("", empty), *ways]
        router = self.chosen_router()
        self.fields["interface"].widget.attrs["placeholder"] = (
            router.lan_interface if router else ""
        )
        self.fields["server"].widget.attrs["placeholder"] = _("All servers")
        self.fields["ipv6_prefix"].widget.attrs["placeholder"] = "2001:db8:12:300::/56"

    def chosen_technology(self) -> str:
        plan = self.chosen_plan()
        usual = plan.technology if plan else Technology.PPPOE
        if usual == Technology.UNMANAGED:
            return str(usual)
        return str(self["technology"].value() or usual)

    def connection_section(self) -> Section:
        """The fields that the chosen technology knows."""
        known = fields_of(self.chosen_technology())
        asked = [FIELD_OF.get(name, name) for name in _ASKED if name in known]
        first = [("router", 6), ("technology", 6), ("ip_address", 6)] if known else []
        shown = [*first, *((name, _WIDTHS.get(name, 6)) for name in asked)]
        return Section(_("Connection"), [*shown, ("mac", 6), ("medium", 6)])

    def chosen_plan(self) -> Plan | None:
        return self.chosen("plan", Plan)

    def chosen_router(self) -> Router | None:
        return self.chosen("router", Router)

    def free_addresses(self) -> list[str]:
        """The first free addresses of the chosen router's pools."""
        router, plan = self.chosen_router(), self.chosen_plan()
        if router is None or (plan and plan.technology == Technology.UNMANAGED):
            return []
        found: list[str] = []
        for pool in router.pools.order_by("id"):
            found += free_addresses(pool, OFFERED - len(found))
        return found

    def chosen(self, name: str, model: type[Row]) -> Row | None:
        """The row that the field holds at this moment, valid or not yet checked."""
        try:
            row = self._choices(name).clean(self[name].value())
        except ValidationError:
            return None
        return row if isinstance(row, model) else None

    def clean_mac(self) -> str:
        return self._plain("mac", normal_mac)

    def clean_username(self) -> str:
        return self._plain("username", plain_username)

    def clean_password(self) -> str:
        return self._plain("password", plain_password)

    def clean_ipv6_prefix(self) -> str:
        return self._plain("ipv6_prefix", plain_prefix)

    def clean_duid(self) -> str:
        return self._plain("duid", plain_duid)

    def clean_iaid(self) -> str:
        return self._plain("iaid", plain_iaid)

    def clean_ip_address(self) -> str:
        return self._plain("ip_address", canonical)

    def clean_local_address(self) -> str:
        return self._plain("local_address", canonical)

    def clean(self) -> dict[str, Any]:
        super().clean()
        try:
            self._require_access()
        except RuleError as error:
            self.place(error)
        return self.cleaned_data

    def place(self, error: RuleError) -> None:
        """Put a refusal beside the field it is about."""
        field = getattr(error, "field", "") or str(error.params.get("field", ""))
        field = FIELD_OF.get(field, field)
        self.add_error(field if field in self.fields else None, explain(error))

    def new_service(self, started_on: date) -> NewService:
        """What `desk.actions` takes, after the form was checked."""
        data = self.cleaned_data
        return NewService(
            data["plan"], started_on, data["price"], data["service_state"], self._access()
        )

    def _access(self) -> Access | None:
        data = self.cleaned_data
        router, usual = data["router"], data["plan"].technology
        if router is None or usual == Technology.UNMANAGED:
            return None
        technology = data["technology"] or usual
        known = fields_of(technology)
        return Access(
            router,
            technology,
            username=data["username"],
            password=data["password"] if "password" in known else "",
            address=data["ip_address"],
            local_address=data["local_address"] if "local_address" in known else "",
            mac=data["mac"],
            more={name: data[FIELD_OF.get(name, name)] for name in _MORE if name in known},
        )

    def _require_access(self) -> None:
        """What the network room would refuse, said while the form is still being filled."""
        router, address = self.cleaned_data.get("router"), self.cleaned_data.get("ip_address")
        if router is None:
            return
        if address:
            _require_free_address(router, address)
        username = self.cleaned_data.get("username")
        if username and router.connections.live().filter(username=username).exists():
            self.add_error("username", _("That user exists on this router already."))

    def _choices(self, name: str) -> Any:
        return self.fields[name]

    def _plain(self, name: str, read: Any) -> str:
        text: str = self.cleaned_data[name]
        try:
            return str(read(text)) if text else ""
        except RuleError as error:
            raise ValidationError(explain(error), code=str(error.code)) from error


def _require_free_address(router: Router, address: str) -> None:
    pool: Pool | None = pool_for(router, address)
    if pool is not None:
        require_inside(address, pool)
    if holder := holder_of(router, address):
        raise ValidationError(
            {
                "ip_address": _("%(address)s is already in use: %(holder)s.")
                % {"address": address, "holder": holder.service.customer}
            }
        )
