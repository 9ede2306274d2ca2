"""Forms of routers, pools and sites."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.utils.translation import gettext_lazy as _

from caudal.apps.network.models import Pool, Router, Site
from caudal.apps.network.sync import kinds
from caudal.apps.network.sync.settings import USUAL_PORTS
from caudal.apps.network.sync.wanted import RADIUS
from caudal.web.decimals import TypedDecimal
from caudal.web.forms import PanelForm, PanelModelForm, Section


class RouterForm(PanelModelForm):
    """Without the driver's secret settings a router cannot be reached: all are asked here."""

    driver = forms.ChoiceField(label=_("Kind"))

    class Meta:
        model = Router
        fields = (
            "name",
            "site",
            "zones",
            "driver",
            "host",
            "port",
            "tls",
            "username",
            "password",
            "private_key",
            "ssh_port",
            "host_key",
            "lan_interface",
            "only_customers",
            "pcq_queues",
            "blocked_list",
            "is_active",
            "alarm_after_hours",
        )
        widgets = {
            "zones": forms.CheckboxSelectMultiple,
            "password": forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            "username": forms.TextInput(attrs={"autocomplete": "off"}),
            "private_key": forms.Textarea(
                attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}
            ),
        }
        help_texts = {
            "port": _("RouterOS: 8728, with TLS 8729. Linux: 22. RADIUS: 3799."),
            "private_key": _(
                "The text of the key's file, without passphrase. Instead of a password."
            ),
            "host_key": _(
                "Empty: the key that answers next is remembered, and no other one taken."
            ),
            "ssh_port": _("Of RouterOS. Empty: SSH is not tried."),
            "lan_interface": _(
                "Interfaces towards the customers, by commas. Empty on Linux: all that have an "
                "address, but those of the default route."
            ),
            "pcq_queues": _(
                "The PCQ plans of this router: marks divide among customers of any network; a "
                "queue per network needs each plan in its own."
            ),
            "only_customers": _("Linux: an address that belongs to no customer does not browse."),
            "zones": _("In which zones this router is offered when a customer is registered."),
            "is_active": _("Off: nothing is read or written, and changes wait."),
            "blocked_list": _("The list that the router's cut rule looks at."),
            "host": _("IP address or name at which this server reaches the router."),
        }

    sections = [
        Section(_("Router"), ["name", "site", ("driver", 4), ("host", 5), ("port", 3)]),
        Section(_("Access"), ["username", "password", ("tls", 12)]),
        Section(
            "SSH",
            [("private_key", 12), ("host_key", 8), ("ssh_port", 4)],
            _(
                "Linux routers are reached by it, with their own port above. RouterOS 6 hands over "
                "backups above 4 KiB only by it, with the same user and password."
            ),
            is_open=False,
        ),
        Section(
            _("Service"),
            [
                ("zones", 12),
                "lan_interface",
                "pcq_queues",
                "blocked_list",
                "alarm_after_hours",
                "only_customers",
                "is_active",
            ],
        ),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = kinds()
        if self.instance.pk and self.instance.driver not in dict(choices):
            choices.append((self.instance.driver, self.instance.driver))
        self.fields["pcq_queues"].required = False
        self.fields["username"].required = False  # see clean
        driver = self.fields["driver"]
        assert isinstance(driver, forms.ChoiceField)
        driver.choices = choices
        self.initial.pop("private_key", None)  # what is secret is not shown again
        if self.instance.pk:
            self.fields["password"].help_text = _("Empty: the one it has.")
            if self.instance.private_key:
                self.fields["private_key"].help_text = _("Empty: the one it has.")

    def clean_private_key(self) -> str:
        """As files end; browsers send lines that end otherwise."""
        key = str(self.cleaned_data["private_key"]).replace("\r\n", "\n").strip()
        return f"{key}\n" if key else ""

    def clean(self) -> dict[str, Any]:
        """The port of another kind of router is left over from before the kind was chosen."""
        cleaned = super().clean() or self.cleaned_data
        usual = USUAL_PORTS.get(cleaned.get("driver", ""))
        others = set(USUAL_PORTS.values()) - {usual}
        if usual and cleaned.get("port") in others:
            cleaned["port"] = usual
        if cleaned.get("driver") == RADIUS:
            self._check_radius(cleaned)
        elif not cleaned.get("username"):
            self.add_error("username", self.fields["username"].error_messages["required"])
        return cleaned

    def _check_radius(self, cleaned: dict[str, Any]) -> None:
        """It has no user; who asks is known by his address and the secret that both share."""
        try:
            validate_ipv46_address(cleaned.get("host") or "")
        except ValidationError:
            self.add_error("host", _("With RADIUS: the IP address that the router asks from."))
        if not cleaned.get("password") and not self.instance.password:
            self.add_error("password", _("With RADIUS: the secret that both share."))

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"]).strip()
        if any(sign in host for sign in "/ @?#"):
            raise ValidationError(_("Type only the address, such as 10.0.0.1 or router.example."))
        return host


class PoolForm(PanelModelForm):
    class Meta:
        model = Pool
        fields = ("router", "name", "network", "gateway", "first", "last", "excluded")
        widgets = {"excluded": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "network": _("Such as 10.20.0.0/22."),
            "gateway": _("The router's address in it; it is never given to customers."),
            "first": _("Empty: from the beginning of the network."),
            "excluded": _("Addresses or ranges such as 10.20.0.10-10.20.0.20, one per line."),
        }

    sections = [
        Section("", ["router", "name", "network", "gateway", "first", "last", ("excluded", 12)])
    ]


class SiteForm(PanelModelForm):
    class Meta:
        model = Site
        field_classes = {"latitude": TypedDecimal, "longitude": TypedDecimal}
        fields = ("name", "latitude", "longitude", "radius_m", "contact", "contact_phone", "notes")
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}

    sections = [
        Section(
            "",
            [
                "name",
                "radius_m",
                "latitude",
                "longitude",
                "contact",
                "contact_phone",
                ("notes", 12),
            ],
        )
    ]


class CountForm(PanelForm):
    """The typed count that releases the brake."""

    count = forms.IntegerField(
        label=_("Number of customers"),
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
