"""Numbers with decimals that are typed or sent: digits and one point, and nothing to guess.

Python reads `1_000`, `1e3` and the digits of every script; who typed that meant something else,
or did not mean to type it.
"""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from caudal.core.cells import is_plain

REFUSAL = _("Write it in digits, with a point before the decimals: 1250.50.")


class TypedDecimal(forms.DecimalField):
    """What a person types into a form."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip() and not is_plain(value.strip()):
            raise forms.ValidationError(REFUSAL, code="invalid")
        return super().to_python(value)


class SentDecimal(serializers.DecimalField):
    """What a program sends to the API, as text or as a number."""

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, str) and data.strip() and not is_plain(data.strip()):
            raise serializers.ValidationError(REFUSAL, code="invalid")
        return super().to_internal_value(data)


WITH_SENT_DECIMALS = {
    **serializers.ModelSerializer.serializer_field_mapping,
    models.DecimalField: SentDecimal,
}
"""`serializer_field_mapping` of a serializer that reads decimals of its model."""
