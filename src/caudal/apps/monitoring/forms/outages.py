"""Forms of outages: what fails, since when, and when it was over."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer, Zone
from caudal.apps.monitoring.forms.devices import customers_named
from caudal.apps.monitoring.models import Device
from caudal.apps.network.models import Router, Site
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import offer_visible
from caudal.web.forms import PanelForm, Section

PARTS = ("site", "device", "router", "zone", "customer")


def _instant() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _several(rows: Any, label: Any) -> "forms.ModelMultipleChoiceField[Any]":
    return forms.ModelMultipleChoiceField(
        rows, label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


class PartsForm(PanelForm):
    """What fails; at least one thing, which the action asks for."""

    site = _several(Site.objects.all(), _("Sites"))
    device = _several(Device.objects.filter(is_active=True), _("Devices"))
    router = _several(Router.objects.all(), _("Routers"))
    zone = _several(Zone.objects.all(), _("Zones"))
    customer = forms.CharField(
        label=_("Codes of customers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text=_("One per line, or separated by commas."),
    )

    sections = [Section(_("What fails"), ["site", "device", "router", "zone", ("customer", 12)])]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        offer_visible(user, self)

    def clean_customer(self) -> list[Customer]:
        return customers_named(self.cleaned_data["customer"], self.user)

    def parts(self) -> dict[str, list[Any]]:
        return {part: list(self.cleaned_data[part]) for part in PARTS}


class TimesForm(PanelForm):
    """What is known of an outage; the end is asked only where it is over."""

    title = forms.CharField(
        label=_("What fails, in a few words"),
        max_length=160,
        help_text=_("Customers read it: such as North tower."),
    )
    started_at = forms.DateTimeField(label=_("Since"), widget=_instant())
    ended_at = forms.DateTimeField(label=_("Until"), widget=_instant())
    grace_days = forms.IntegerField(
        label=_("Days of grace"),
        min_value=0,
        max_value=60,
        help_text=_("So long after it ends nobody is cut, charged for being late or reminded."),
    )
    cause = forms.CharField(
        label=_("Cause"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    sections = [
        Section(
            _("Outage"),
            [("title", 12), ("started_at", 4), ("ended_at", 4), ("grace_days", 4), ("cause", 12)],
        )
    ]

    def __init__(self, *args: Any, is_over: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_over:
            del self.fields["ended_at"]


class OutageForm(PartsForm, TimesForm):
    sections = [*TimesForm.sections, *PartsForm.sections]


class EndForm(PanelForm):
    ended_at = forms.DateTimeField(label=_("It works again since"), widget=_instant())


class DecisionForm(forms.Form):
    """Which proposals, or all of them."""

    chosen = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, keys: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["chosen"]
        assert isinstance(chosen, forms.TypedMultipleChoiceField)
        chosen.choices = [(key, key) for key in keys]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "all" not in self.data and not given.get("chosen"):
            raise ValidationError(_("Choose at least one."))
        return given

    @property
    def only(self) -> list[int] | None:
        return None if "all" in self.data else self.cleaned_data["chosen"]
