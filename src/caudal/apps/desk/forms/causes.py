"""Choosing one of the operator's reasons in a form, or saying another one in one's own words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.causes import causes_for, said
from caudal.apps.customers.models import Cause, CauseRules, SuspensionReason
from caudal.web.forms import PanelForm

OTHER = "other"
LONGEST = 200
BY_HAND = SuspensionReason.MANUAL.value


class CancelCauseFields(PanelForm):
    """Mixin: `reason` is what was chosen and added, as one text. A program may send it alone."""

    cause = forms.ChoiceField(label=_("Reason"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, required=False)
    is_required = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_required = CauseRules.current().requires(Cause.Use.CANCEL)
        self.names = {str(each.pk): each.name for each in causes_for(Cause.Use.CANCEL)}
        if not self.names:
            del self.fields["cause"]
            self.fields["reason"].required = self.is_required
            return
        cause: Any = self.fields["cause"]
        cause.choices = [("", _("Choose…")), *self.names.items(), (OTHER, _("Another one"))]
        self.fields["reason"].label = _("Details, or another reason")
        if self.is_required:
            cause.help_text = _("It is needed: choose one, or write another one below.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        cause, text = given.pop("cause", ""), given.get("reason", "")
        if not self.names:
            return given
        if cause == OTHER and not text:
            self.add_error("reason", _("Write the reason."))
        elif self.is_required and not cause and not text:
            self.add_error("cause", _("Choose a reason."))
        given["reason"] = said(self.names.get(cause, ""), text)[:LONGEST]
        return given


class SuspendCauseFields(PanelForm):
    """Mixin: "by hand" is each of the operator's reasons, or none of them; `note` tells which."""

    reason = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(
        label=_("Note"),
        max_length=250,
        required=False,
        help_text=_("It is shown where somebody asks why."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {f"{BY_HAND}:{each.pk}": each.name for each in causes_for(Cause.Use.SUSPEND)}
        by_hand = _("By hand, for another reason") if self.names else _("By hand")
        reason: Any = self.fields["reason"]
        reason.choices = [
            *self.names.items(),
            (BY_HAND, by_hand),
            (SuspensionReason.HOLD.value, _("At the customer's request (hold)")),
            (SuspensionReason.ABUSE.value, _("Abuse")),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen, note = given.get("reason", ""), given.get("note", "")
        if chosen == BY_HAND and not note and CauseRules.current().requires(Cause.Use.SUSPEND):
            self.add_error("note", _("Write the reason."))
        if chosen in self.names:
            given |= {"reason": BY_HAND, "note": said(self.names[chosen], note)[:250]}
        return given


class CauseForm(PanelForm):
    """A reason of the list."""

    name = forms.CharField(label=_("Name"), max_length=80)


class CauseRulesForm(PanelForm):
    cancel_required = forms.BooleanField(label=_("A cancellation needs a reason"), required=False)
    suspend_required = forms.BooleanField(
        label=_("A suspension by hand needs a reason"), required=False
    )
