"""What is asked before something goes wrong on a practice router."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.training.boxes import COMMANDS, WRONGS
from caudal.web.forms import PanelForm, Section


class SlowForm(PanelForm):
    latency_ms = forms.IntegerField(
        label=_("Delay of each answer (ms)"), min_value=0, max_value=10_000
    )
    cpu_ms = forms.IntegerField(
        label=_("Work per command (ms)"),
        min_value=0,
        max_value=1000,
        help_text=_("One command at a time, as a router's processor does them."),
    )
    sections = (Section("", ("latency_ms", "cpu_ms")),)


class FaultForm(PanelForm):
    wrong = forms.ChoiceField(label=_("What goes wrong"), choices=list(WRONGS.items()))
    command = forms.ChoiceField(label=_("Where"), choices=list(COMMANDS.items()))
    nth = forms.IntegerField(label=_("At which command"), min_value=1, max_value=10_000, initial=1)
    sections = (Section("", (("wrong", 12), ("command", 8), ("nth", 4))),)


class BackupForm(PanelForm):
    name = forms.CharField(label=_("Name of the backup"), max_length=40)


class RestoreForm(PanelForm):
    name = forms.ChoiceField(label=_("Backup"))

    def __init__(self, *args: Any, backups: list[dict[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(each["name"], f"{each['name']} ({each['at']})") for each in backups]
        self.fields["name"].choices = shown  # type: ignore[attr-defined]


class EditsForm(PanelForm):
    count = forms.IntegerField(label=_("How many rows"), min_value=1, max_value=200, initial=3)


class SwapForm(PanelForm):
    empty = forms.BooleanField(label=_("It comes empty, as from the shop"), required=False)


class SkewForm(PanelForm):
    hours = forms.IntegerField(
        label=_("Hours"),
        min_value=-8760,
        max_value=8760,
        initial=-24,
        help_text=_("Below zero it goes back."),
    )
