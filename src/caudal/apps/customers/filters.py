"""How lists and the API narrow customers down."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Customer, Service, ServiceState, Zone
from caudal.apps.customers.search import matching
from caudal.apps.staff.models import Branch, User

ANY = ("", _("Any"))
Condition = Callable[[Any], Q | Exists]


class CustomerFilter(forms.Form):
    """Every filter holds at once with the others and with the search (IC-5, IC-6).

    A value that makes no sense is as if it was not given: a list never fails for its address.
    """

    q = forms.CharField(label=_("Search"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[ANY, *ServiceState.choices]
    )
    zone = forms.ModelChoiceField(
        Zone.objects.all(), label=_("Zone"), required=False, empty_label=_("Any")
    )
    branch = forms.ModelChoiceField(
        Branch.objects.all(), label=_("Branch"), required=False, empty_label=_("Any")
    )
    plan = forms.ModelChoiceField(
        Plan.objects.all(), label=_("Plan"), required=False, empty_label=_("Any")
    )
    collector = forms.ModelChoiceField(
        User.objects.all(), label=_("Collector"), required=False, empty_label=_("Any")
    )
    archived = forms.ChoiceField(
        label=_("Archived"),
        required=False,
        choices=[("", _("No")), ("yes", _("Only archived")), ("all", _("Archived too"))],
    )

    def conditions(self) -> dict[str, Condition]:
        """Field -> what its value asks of a customer."""
        return {
            "q": matching,
            "state": lambda state: _having(state=state),
            "zone": lambda zone: Q(zone=zone),
            "branch": lambda branch: Q(zone__branch=branch),
            "plan": lambda plan: _having(plan=plan),
            "collector": lambda collector: Q(collector=collector),
            "archived": lambda which: Q(archived_at__isnull=False) if which == "yes" else Q(),
        }

    def given(self) -> dict[str, Any]:
        """The values in force, by field."""
        self.is_valid()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value or isinstance(value, Decimal)  # "until 0" is a question too
        }

    def narrow(self, customers: QuerySet[Customer]) -> QuerySet[Customer]:
        """The queryset narrowed down; archived customers stay hidden unless asked for."""
        return self.narrow_by(customers, self.given())

    def narrow_by(self, customers: QuerySet[Customer], given: dict[str, Any]) -> QuerySet[Customer]:
        """The same by these values."""
        if "archived" not in given:
            customers = customers.filter(archived_at=None)
        conditions = self.conditions()
        for name, value in given.items():
            customers = customers.filter(conditions[name](value))
        return customers


def _having(**service: Any) -> Exists:
    return Exists(Service.objects.filter(customer=OuterRef("pk"), **service))
