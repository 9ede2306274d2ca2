"""Fields that the forms of billing share."""

from typing import Any

from django import forms

from caudal.web.decimals import TypedDecimal


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


def amount_field(label: Any, **options: Any) -> TypedDecimal:
    options = {"required": False, "max_digits": 12, "decimal_places": 2, **options}
    return TypedDecimal(label=label, **options)
