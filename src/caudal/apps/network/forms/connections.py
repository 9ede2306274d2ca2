"""Forms of a connection: how a service is given, and where."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Technology
from caudal.apps.network.models import Connection, Pool, Router
from caudal.web.forms import PanelForm, Section

TECHNOLOGIES = [
    (value, label) for value, label in Technology.choices if value != Technology.UNMANAGED
]


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


class ConnectionForm(PanelForm):
    """What can change on the same router. An empty password keeps the one it has."""

    username = forms.CharField(label=_("User on the router"), max_length=80)
    password = forms.CharField(
        label=_("PPPoE password"),
        max_length=80,
        required=False,
        help_text=_("Empty: the one it has."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
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

    sections = [
        Section("", ["username", "password", "pool", "address", "local_address", "mac", "bind_mac"])
    ]

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.values_of(connection))
        super().__init__(*args, **kwargs)
        self._offer(connection.router)
        if connection.technology != Technology.PPPOE:
            for name in ("password", "local_address", "bind_mac"):
                del self.fields[name]

    @staticmethod
    def values_of(connection: Connection) -> dict[str, Any]:
        names = ("username", "pool", "address", "local_address", "mac", "bind_mac")
        return {name: getattr(connection, name) for name in names}

    def changes(self) -> dict[str, Any]:
        """What the action is given."""
        found = dict(self.cleaned_data)
        if not found.get("password"):
            found.pop("password", None)
        return found

    def _offer(self, router: Router) -> None:
        pool = self.fields["pool"]
        assert isinstance(pool, forms.ModelChoiceField)
        pool.queryset = Pool.objects.filter(router=router).select_related("router")
        pool.widget.attrs |= offer_addresses()


class MoveForm(PanelForm):
    """Another router or technology; the address is chosen anew."""

    router = forms.ModelChoiceField(Router.objects.none(), label=_("Router"))
    technology = forms.ChoiceField(label=_("Technology"), choices=TECHNOLOGIES)
    pool = PoolChoice(
        Pool.objects.none(), label=_("Address pool"), required=False, empty_label=_("Any address")
    )
    address = forms.CharField(
        label=_("Customer’s IP address"),
        max_length=45,
        required=False,
        widget=PickAddress,
        help_text=_("Empty with a pool: its first free one."),
    )

    sections = [Section("", ["router", "technology", "pool", "address"])]

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        now = {"router": connection.router, "technology": connection.technology}
        kwargs.setdefault("initial", now)
        super().__init__(*args, **kwargs)
        self._offer()

    def _offer(self) -> None:
        for name, rows in (
            ("router", Router.objects.all()),
            ("pool", Pool.objects.select_related("router")),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.fields["pool"].widget.attrs |= offer_addresses()

    def changes(self) -> dict[str, Any]:
        """What the action is given: without pool and address he keeps the address he has."""
        found = dict(self.cleaned_data)
        if not found["address"] and not found["pool"]:
            del found["address"]
        return found
