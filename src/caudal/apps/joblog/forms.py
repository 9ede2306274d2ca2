"""Forms of the job log: its filters, and where the demo's clock goes."""

from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.clock.models import JobRun
from caudal.apps.clock.schedule import Daily, Frequent, daily_jobs, frequent_jobs
from caudal.web.forms import PanelForm

STEPS = {
    "hour": (timedelta(hours=1), _("1 hour")),
    "day": (timedelta(days=1), _("1 day")),
    "week": (timedelta(days=7), _("7 days")),
    "month": (timedelta(days=30), _("30 days")),
}


class FilterForm(forms.Form):
    job = forms.ChoiceField(label=_("Job"), required=False)
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", pgettext_lazy("masculine", "All")), *JobRun.Status.choices],
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        jobs: list[Daily | Frequent] = [*daily_jobs(), *frequent_jobs()]
        known = [(job.name, job.label) for job in jobs]
        field = self.fields["job"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *known]


class MoveForm(PanelForm):
    to = forms.DateTimeField(
        label=_("Date and time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    step = forms.ChoiceField(
        label=_("Step"),
        required=False,
        choices=[(key, text) for key, (span, text) in STEPS.items()],
    )

    def target(self, now: datetime) -> datetime | None:
        """The instant asked for: a step from now, else the date and time typed."""
        step = self.cleaned_data.get("step")
        if step:
            return now + STEPS[step][0]
        typed: datetime | None = self.cleaned_data.get("to")
        return typed
