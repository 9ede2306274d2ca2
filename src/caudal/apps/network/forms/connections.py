"""Forms of a connection: how a service is given, and where."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Technology
from caudal.apps.customers.models import Zone
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.network.reads import served_by
from caudal.apps.network.ways import ALWAYS_BOUND, SIGNED_IN, fields_of
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import offer_visible, visible
from caudal.web.forms import PanelForm, Section, refreshing

RENAMED = {"prefix": "ipv6_prefix"}
"""A form's own `prefix` is something else."""
_HALVES = [
    "username", "password", "pool", "address", "local_address", "mac", "bind_mac", "interface",
    "server", "prefix", "pool6", "duid", "iaid",
]  # fmt: skip


class PickAddress(forms.TextInput):
    """A text field that offers the free addresses of the pool chosen beside it."""

    def __init__(self) -> None:
        super().__init__(attrs={"list": "free-addresses", "autocomplete": "off"})


class PoolChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, pool: Any) -> str:
        return f"{pool.router} · {pool.name} · {pool.network}"


def offer_addresses() -> dict[str, str]:
    """What makes a choice of pools fill the list of free addresses.

    It says itself what to send and where to put the answer: the fields around it ask for more,
    and a password must not travel in an address.
    """
    return {
        "hx-get": reverse("network:free_addresses"),
        "hx-include": "this",
        "hx-target": "#free-addresses",
        "hx-swap": "innerHTML",
        "hx-trigger": "change, load",
    }


def _plain_text() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


class WayForm(PanelForm):
    """Every field that a technology may ask for; what it does not know is taken away."""

    username = forms.CharField(label=_("User on the router"), max_length=80)
    password = forms.CharField(
        label=_("Password on the router"),
        max_length=80,
        required=False,
        help_text=_("Empty: the one it has."),
        widget=_plain_text(),
    )
    pool = PoolChoice(
        Pool.objects.none(), label=_("Address pool"), required=False, empty_label=_("Any address")
    )
    address = forms.CharField(
        label=_("Customer’s IP address"), max_length=45, required=False, widget=PickAddress
    )
    local_address = forms.CharField(
        label=_("Local address"),
        max_length=45,
        required=False,
        help_text=_("Empty: the pool's gateway."),
    )
    mac = forms.CharField(label=_("MAC address"), max_length=20, required=False)
    bind_mac = forms.BooleanField(
        label=_("Only from this MAC address"),
        required=False,
        help_text=_("Another device of the customer will not be able to connect."),
    )
    interface = forms.CharField(
        label=_("Interface of the router"),
        max_length=60,
        required=False,
        widget=_plain_text(),
        help_text=_("Where the device is seen. Empty: the router's LAN interface."),
    )
    server = forms.CharField(
        label=_("Server"),
        max_length=60,
        required=False,
        widget=_plain_text(),
        help_text=_("Name of the HotSpot or DHCP server. Empty: all of the router."),
    )
    ipv6_prefix = forms.CharField(
        label=_("IPv6 prefix"),
        max_length=50,
        required=False,
        widget=_plain_text(),
        help_text=_("Such as 2001:db8:12:300::/56."),
    )
    pool6 = PoolChoice(
        Pool.objects.none(), label=_("IPv6 pool"), required=False, empty_label=_("None")
    )
    duid = forms.CharField(
        label=_("DUID"),
        max_length=80,
        required=False,
        widget=_plain_text(),
        help_text=_("Who asks for the prefix over DHCPv6."),
    )
    iaid = forms.CharField(label=_("IAID"), max_length=12, required=False, widget=_plain_text())

    def narrow(self, technology: str, router: Router | None) -> None:
        """Only what the technology knows; pools of the router alone."""
        known = fields_of(technology)
        for name in _HALVES:
            if name not in known:
                del self.fields[RENAMED.get(name, name)]
        self.fields["mac"].required = technology in ALWAYS_BOUND
        self._offer_pools(router)

    def _offer_pools(self, router: Router | None) -> None:
        pools = Pool.objects.select_related("router")
        for name in {"pool", "pool6"} & self.fields.keys():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            mine = pools.filter(router=router) if router else pools
            six = mine.filter(network__contains=":")
            field.queryset = six if name == "pool6" else mine
        self.fields["pool"].widget.attrs |= offer_addresses()

    def given(self) -> dict[str, Any]:
        """What was filled in, by the names of the connection. No password keeps the one it has."""
        own = {field: name for name, field in RENAMED.items()}
        found = {own.get(name, name): value for name, value in self.cleaned_data.items()}
        if not found.get("password"):
            found.pop("password", None)
        return found


class ConnectionForm(WayForm):
    """What can change on the same router, in the same technology."""

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _values_of(connection))
        super().__init__(*args, **kwargs)
        self.narrow(connection.technology, connection.router)
        self.sections = [Section("", _present(self))]

    def changes(self) -> dict[str, Any]:
        """What the action is given."""
        return self.given()


class MoveForm(WayForm):
    """Another zone, router or technology in one act; without an address he keeps his own."""

    router = forms.ModelChoiceField(Router.objects.none(), label=_("Router"))
    technology = forms.ChoiceField(label=_("Technology"))
    zone = forms.ModelChoiceField(Zone.objects.none(), label=_("Zone"), required=False)

    def __init__(self, *args: Any, connection: Connection, user: User, **kwargs: Any) -> None:
        """`user` is offered the zones and routers that he sees."""
        begins = _values_of(connection) | {
            "router": connection.router_id,
            "technology": connection.technology,
            "zone": connection.service.customer.zone_id,
            "pool": None,
            "address": "",
        }
        kwargs["initial"] = begins | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self._offer_places(user)
        routers = visible(user, Router.objects.all())
        router = routers.filter(pk=_number(self["router"].value())).first()
        self._offer_technologies(router)
        technology = str(self["technology"].value())
        self.narrow(technology, router)
        for name in ("router", "technology"):
            refreshing(self.fields[name])
        if "username" in self.fields:
            self.fields["username"].required = False
        if technology in SIGNED_IN:
            self.fields["password"].help_text = _("Empty: the one it has, or a new one.")
        self.fields["address"].help_text = _(
            "Empty with a pool: its first free one. Empty without: the one he has."
        )
        self.sections = [
            Section("", [("zone", 4), ("router", 4), ("technology", 4)]),
            Section(_("Connection"), _present(self)),
        ]

    def _offer_places(self, user: User) -> None:
        for name, rows in (
            ("router", Router.objects.all()),
            ("zone", Zone.objects.filter(is_active=True)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        offer_visible(user, self)

    def _offer_technologies(self, router: Router | None) -> None:
        given = served_by(router)
        field = self.fields["technology"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(value, label) for value, label in Technology.choices if value in given]

    def changes(self) -> dict[str, Any]:
        """What the action is given: without pool and address he keeps the address he has."""
        found = self.given()
        if not found["address"] and not found["pool"]:
            del found["address"]
        if not found.get("username"):
            found.pop("username", None)
        return found


def _present(form: WayForm) -> list[str | tuple[str, int]]:
    names = [RENAMED.get(name, name) for name in _HALVES]
    return [name for name in names if name in form.fields]


def _values_of(connection: Connection) -> dict[str, Any]:
    names = [name for name in _HALVES if name != "password"]
    return {RENAMED.get(name, name): getattr(connection, name) for name in names}


def _number(value: Any) -> int:
    """A row's number, 0 where it is none."""
    return int(value) if str(value).isdecimal() else 0
