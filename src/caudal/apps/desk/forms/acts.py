"""Forms of what is done to a customer or a service; each asks only what its action needs."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer, Service, SuspensionReason
from caudal.apps.desk.forms.causes import CancelCauseFields, SuspendCauseFields
from caudal.apps.desk.forms.customer import date_input
from caudal.apps.desk.forms.service import ServiceFields
from caudal.apps.dunning.actions import live_promise
from caudal.apps.network.credentials import random_password
from caudal.web.forms import PanelForm, Section, refreshing


class DayField(forms.DateField):
    """A day with the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=date_input(), **kwargs)


class SuspendForm(SuspendCauseFields):
    """Suspending for debt is the cut's own act; people suspend for other reasons."""


class LiftForm(PanelForm):
    """Which of the open reasons end; the service browses again when none is left."""

    reasons = forms.MultipleChoiceField(
        label=_("Reasons that end"), widget=forms.CheckboxSelectMultiple
    )
    promise = forms.ChoiceField(
        label=_("His promise to pay"),
        choices=[
            ("drop", _("Drop it: what is overdue today does not cut him again")),
            ("keep", _("Keep it: he is cut again on its control days if he does not pay")),
        ],
        widget=forms.RadioSelect,
    )
    """PRM-5: asked for where a promise is live."""
    note = forms.CharField(label=_("Note"), max_length=250, required=False)

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = service.suspensions.filter(closed_at=None).order_by("opened_at")
        live = live_promise(service.customer)
        if live is None or all(row.reason != SuspensionReason.UNPAID for row in rows):
            del self.fields["promise"]
            if any(row.reason == SuspensionReason.UNPAID for row in rows):
                self.fields["reasons"].help_text = _(
                    "What is overdue today does not cut him again; what falls overdue later does."
                )
        else:
            until = date_format(live.until, "SHORT_DATE_FORMAT")
            self.fields["promise"].help_text = _("He promised to pay by %(day)s.") % {"day": until}
        choices = [(row.reason, row.get_reason_display()) for row in rows]
        reasons: Any = self.fields["reasons"]
        reasons.choices = choices
        self.initial.setdefault("reasons", [reason for reason, _label in choices])

    @property
    def drops_promise(self) -> bool | None:
        """None where there is none to drop."""
        return {"drop": True, "keep": False}.get(self.cleaned_data.get("promise", ""))


class StartForm(PanelForm):
    """For activating a pending service and for a customer who comes back."""

    started_on = DayField(label=_("First billed day"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("started_on", today)


class NewServiceForm(ServiceFields):
    """One more service of a customer."""

    started_on = DayField(label=_("First billed day"))

    def __init__(self, *args: Any, customer: Customer, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "started_on": today,
            "password": random_password(),
            **self.initial,
        }
        self.offer_service(customer.zone)
        for name in ("plan", "router", "technology"):
            refreshing(self.fields[name])
        self.sections = [
            Section("", [("plan", 6), ("price", 6), ("started_on", 6), ("service_state", 6)]),
            self.connection_section(),
        ]


class ArchiveForm(CancelCauseFields):
    """His services end, and for this reason."""


class CodeForm(PanelForm):
    code = forms.CharField(label=_("New code"), max_length=20)


class NoteForm(PanelForm):
    text = forms.CharField(
        label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
