"""The form of a zone: where it is, who invoices, when."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Zone
from caudal.apps.network.models import Router
from caudal.web.forms import PanelModelForm, Section


class ZoneForm(PanelModelForm):
    timezone = forms.ChoiceField(label=_("Time zone"), required=False)
    routers = forms.ModelMultipleChoiceField(
        Router.objects.all(),
        label=_("Routers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Offered when a customer of this zone is registered."),
    )

    class Meta:
        model = Zone
        fields = (
            "name",
            "company",
            "branch",
            "city",
            "timezone",
            "is_active",
            "mode",
            "payment_day",
            "create_style",
            "create_value",
            "notice_style",
            "notice_value",
            "cut_style",
            "cut_value",
            "cut_after",
        )
        labels = {
            "create_value": _("Days, or day of the month"),
            "notice_value": _("Days, or day of the month"),
            "cut_value": _("Days, or day of the month"),
        }
        help_texts = {"notice_value": _("Empty: no notice.")}

    sections = [
        Section(_("Zone"), ["name", "company", "branch", "city", "timezone", "is_active"]),
        Section(
            _("Dates of its invoices"),
            [
                "mode",
                "payment_day",
                "create_style",
                "create_value",
                "notice_style",
                "notice_value",
                "cut_style",
                "cut_value",
                ("cut_after", 6),
            ],
        ),
        Section(_("Network"), [("routers", 12)]),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choice("timezone").choices = [("", _("The installation's")), *_offered()]
        company = self.fields["company"]
        assert isinstance(company, forms.ModelChoiceField)
        company.queryset = Company.objects.filter(is_active=True)
        self._choice("branch").empty_label = _("All branches")  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["routers"].initial = self.instance.routers.all()

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field


def time_zones() -> set[str]:
    """Names that a zone may have; none of those that stand for an offset alone."""
    return {name for name in available_timezones() if "/" in name and name[:3] != "Etc"}


def _offered() -> list[tuple[str, str]]:
    """America first: that is where its users live."""
    names = sorted(time_zones(), key=lambda name: (not name.startswith("America/"), name))
    return [(name, name.replace("_", " ")) for name in names]
