"""Forms of routers, pools and sites."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.network.models import Pool, Router, Site
from caudal.apps.network.sync import kinds
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
            "blocked_list",
            "is_active",
            "alarm_after_hours",
        )
        widgets = {
            "zones": forms.CheckboxSelectMultiple,
            "password": forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            "username": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "port": _("8728, with TLS 8729."),
            "zones": _("In which zones this router is offered when a customer is registered."),
            "is_active": _("Off: nothing is read or written, and changes wait."),
            "blocked_list": _("The list that the router's cut rule looks at."),
            "host": _("IP address or name at which this server reaches the router."),
        }

    sections = [
        Section(_("Router"), ["name", "site", ("driver", 4), ("host", 5), ("port", 3)]),
        Section(_("Access"), ["username", "password", ("tls", 12)]),
        Section(_("Service"), [("zones", 12), "blocked_list", "alarm_after_hours", "is_active"]),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = kinds()
        if self.instance.pk and self.instance.driver not in dict(choices):
            choices.append((self.instance.driver, self.instance.driver))
        driver = self.fields["driver"]
        assert isinstance(driver, forms.ChoiceField)
        driver.choices = choices
        if self.instance.pk:
            self.fields["password"].help_text = _("Empty: the one it has.")

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
