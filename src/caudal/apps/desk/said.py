"""Filters by what people said: why somebody left, and why he is suspended by hand.

A value is the key of a meaning, as reports count them: one of the operator's reasons, a text that
no reason is for, or nothing at all.
"""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.causes import HAND_OF_SERVICE, NONE, texts_meaning
from caudal.apps.customers.filters import ANY
from caudal.apps.customers.models import Cause, ServiceState

TEXT = "text-"
"""How the key of a text begins that no reason is for."""


class MeaningField(forms.ChoiceField):
    """One of the reasons of a use, archived ones last; links of reports name texts as well."""

    def __init__(self, label: Any, use: str) -> None:
        self.use = use
        super().__init__(label=label, required=False, choices=self._offered)

    def valid_value(self, value: str) -> bool:
        return value.startswith(TEXT) or super().valid_value(value)

    def shown(self, value: str) -> str:
        """In words."""
        if value.startswith(TEXT):
            return capfirst(value.removeprefix(TEXT))
        choices: Any = self.choices
        return str(dict(choices)[value])

    def _offered(self) -> list[tuple[str, Any]]:
        rows = Cause.objects.filter(use=self.use).order_by("position", "id")
        mine = sorted(rows, key=lambda row: row.archived_at is not None)
        named = [(f"cause-{row.pk}", row.name) for row in mine]
        return [ANY, *named, (NONE, _("Without a reason"))]


def gone_for(key: str) -> Q:
    """Services that are cancelled for what this key means."""
    said = texts_meaning(Cause.Use.CANCEL, key)
    return Q(state=ServiceState.CANCELLED, cancel_reason__in=said)


def held_for(key: str) -> Q:
    """Services that somebody suspended for what this key means, and that still are."""
    said = texts_meaning(Cause.Use.SUSPEND, key)
    return HAND_OF_SERVICE & Q(suspensions__note__in=said, suspensions__closed_at=None)
