"""Forms of devices, templates of checks and the rules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.customers.models import Customer, Service
from caudal.apps.monitoring.models import CheckTemplate, Device, Rules
from caudal.apps.network.models import Site
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.web.forms import PanelForm, PanelModelForm, Section


class DeviceForm(PanelModelForm):
    class Meta:
        model = Device
        fields = (
            "name", "kind", "address", "site", "parent", "router", "template", "community",
            "snmp_version", "snmp_port", "notes", "is_active",
        )  # fmt: skip
        widgets = {
            "community": forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            "notes": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "address": _("IP address or name at which this server reaches it."),
            "parent": _("When that one is down, this one raises no alarm of its own."),
            "router": _("If it is one of the routers that serve customers."),
            "template": _("Empty: it is not checked."),
        }

    sections = [
        Section(_("Device"), ["name", "kind", "address", "site"]),
        Section(_("Place in the network"), ["parent", "router"]),
        Section(
            _("Checks"),
            [("template", 12), ("community", 6), ("snmp_version", 3), ("snmp_port", 3)],
        ),
        Section(_("More"), [("notes", 12), ("is_active", 12)], is_open=False),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["community"].help_text = _("Empty: the one it has.")
            parent = self.fields["parent"]
            assert isinstance(parent, forms.ModelChoiceField)
            parent.queryset = Device.objects.exclude(pk=self.instance.pk)

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip()
        if any(sign in address for sign in "/ @?#"):
            raise ValidationError(_("Type only the address, such as 10.0.0.1 or radio.example."))
        return address


class TemplateForm(PanelModelForm):
    class Meta:
        model = CheckTemplate
        fields = (
            "name", "interval_s", "ping_count", "timeout_ms", "fail_checks", "fail_minutes",
            "recover_checks", "flaps", "flap_minutes", "settle_minutes", "profile", "read_s",
            "max_latency_ms", "max_loss", "min_signal", "raises_alarm", "opens_outage",
        )  # fmt: skip
        help_texts = {
            "fail_minutes": _("The alarm waits for both: the checks and the minutes."),
            "opens_outage": _("Where customers are behind the device."),
            "min_signal": _("Such as -75."),
        }

    sections = [
        Section(_("Checks"), ["name", ("interval_s", 6), ("ping_count", 6), ("timeout_ms", 6)]),
        Section(
            _("Alarm"),
            [
                "fail_checks",
                "fail_minutes",
                "recover_checks",
                ("raises_alarm", 12),
                ("opens_outage", 12),
            ],
        ),
        Section(
            _("Unstable devices"),
            [("flaps", 4), ("flap_minutes", 4), ("settle_minutes", 4)],
            text=_("Who falls so often has one alarm until he has answered for a while."),
        ),
        Section("SNMP", ["profile", "read_s"]),
        Section(
            _("Answers, but badly"),
            [("max_latency_ms", 4), ("max_loss", 4), ("min_signal", 4)],
            text=_("Such a device is shown in amber; it raises no alarm."),
        ),
    ]


class RulesForm(PanelModelForm):
    class Meta:
        model = Rules
        fields = (
            "alarm_emails", "grace_days", "credit_from_minutes", "credit_unit", "sample_days",
            "hour_days", "day_days",
        )  # fmt: skip
        widgets = {"alarm_emails": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "alarm_emails": _("One per line. Empty: the e-mail of each company."),
            "grace_days": _("So long after an outage nobody who was in it is cut or reminded."),
            "credit_from_minutes": _("Shorter outages are not credited."),
            "credit_unit": _("What was begun counts whole."),
        }

    sections = [
        Section(_("Alarms"), [("alarm_emails", 12)]),
        Section(_("Outages"), [("grace_days", 4), ("credit_from_minutes", 4), ("credit_unit", 4)]),
        Section(_("Measures"), [("sample_days", 4), ("hour_days", 4), ("day_days", 4)]),
    ]

    def clean_alarm_emails(self) -> str:
        text = str(self.cleaned_data["alarm_emails"])
        for line in filter(None, (line.strip() for line in text.splitlines())):
            validate_email(line)
        return text


class DeviceFilter(forms.Form):
    """What narrows the list of devices."""

    q = forms.CharField(label=_("Search"), required=False)
    site = forms.ModelChoiceField(
        Site.objects.all(),
        label=_("Site"),
        required=False,
        empty_label=pgettext_lazy("masculine", "All"),
    )
    health = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", pgettext_lazy("masculine", "All")), *Device.Health.choices],
    )


class CustomersForm(PanelForm):
    """Codes of customers, one per line or with commas; those of others are not known."""

    customers = forms.CharField(
        label=_("Codes of customers"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("One per line, or separated by commas."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_customers(self) -> list[Customer]:
        return customers_named(self.cleaned_data["customers"], self.user)

    def services(self) -> list[Service]:
        rows = Service.objects.filter(customer__in=self.cleaned_data["customers"])
        return list(rows.exclude(state="cancelled"))


def customers_named(text: str, user: User) -> list[Customer]:
    """The customers of these codes. Raises ValidationError with those that are not known."""
    codes = [code for code in text.replace(",", "\n").split() if code]
    found = {row.code: row for row in visible(user, Customer.objects.filter(code__in=codes))}
    missing = sorted(set(codes) - set(found))
    if missing:
        unknown = _("There is no customer with the code %(codes)s.")
        raise ValidationError(unknown, params={"codes": ", ".join(missing[:5])})
    return list(found.values())
