"""Forms of cash sessions: the count at opening and the blind one at closing."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from caudal.apps.payments.denominations import worth
from caudal.apps.payments.models import CashBox, Method
from caudal.apps.payments.sessions import differs
from caudal.core.errors import RuleError
from caudal.web.decimals import TypedDecimal
from caudal.web.forms import PanelForm

COUNTED = (Method.CHEQUE, Method.CARD, Method.TRANSFER, Method.DEPOSIT, Method.OTHER)


class OpenForm(PanelForm):
    """Whose drawer, and what lies in it; a count that the books do not know is asked twice."""

    box: Any = forms.ModelChoiceField(CashBox.objects.none(), label=_("Cash box"), empty_label=None)
    counted = TypedDecimal(
        label=_("Money counted in the drawer"),
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        help_text=_("Count it; 0 when it is empty."),
    )
    counted_before = TypedDecimal(required=False, widget=forms.HiddenInput)
    """The count that was sent first, where the books hold another sum."""

    def __init__(self, *args: Any, boxes: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        box: Any = self.fields["box"]
        box.queryset = boxes

    def require_certain(self) -> dict[str, Any]:
        """What was typed; a count that the books do not know must be sent twice.

        Raises RuleError "count-differs" the first time, for it may be a slip of the finger.
        """
        typed = dict(self.cleaned_data)
        before, counted = typed.pop("counted_before"), typed["counted"]
        if counted != before and differs(typed["box"], counted):
            self.data = {**dict(self.data.items()), "counted_before": str(counted)}
            raise RuleError("count-differs", field="counted")
        return typed


class CloseForm(PanelForm):
    """The count: by notes and coins or in one sum, and what there is of the other forms."""

    cash = TypedDecimal(
        label=_("Cash counted"),
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text=_("Filled in by the notes and coins above, or type the sum."),
        widget=forms.NumberInput(attrs={"data-counted": "", "step": "0.01"}),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=250)

    def __init__(self, *args: Any, faces: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._faces = list(faces)
        for face in faces:
            widget = forms.NumberInput(attrs={"data-face": face, "min": "0", "step": "1"})
            self.fields[_face(face)] = forms.IntegerField(
                label=face, min_value=0, max_value=99_999, required=False, widget=widget
            )
        for method in COUNTED:
            self.fields[method.value] = TypedDecimal(
                label=method.label,
                min_value=Decimal(0),
                max_digits=12,
                decimal_places=2,
                required=False,
            )

    def faces(self) -> list[BoundField]:
        return [self[_face(face)] for face in self._faces]

    def methods(self) -> list[BoundField]:
        return [self[method.value] for method in COUNTED]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pieces = self.denominations()
        if pieces:
            sum_of_pieces, typed = worth(pieces), cleaned.get("cash")
            if typed is not None and typed != sum_of_pieces:
                self.add_error("cash", _("The notes and coins add up to another sum."))
            cleaned["cash"] = sum_of_pieces
        elif cleaned.get("cash") is None and "cash" not in self.errors:
            self.add_error("cash", _("Count the cash first; 0 when there is none."))
        return cleaned

    def denominations(self) -> dict[str, int]:
        """Face value -> how many."""
        typed = {face: self.cleaned_data.get(_face(face)) for face in self._faces}
        return {face: number for face, number in typed.items() if number}

    def counted(self) -> dict[str, Decimal]:
        """Method -> what was counted of it."""
        typed = {method.value: self.cleaned_data.get(method.value) for method in COUNTED}
        return {method: amount for method, amount in typed.items() if amount}


def _face(face: str) -> str:
    return f"face_{face.replace('.', '_')}"
