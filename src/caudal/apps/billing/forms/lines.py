"""The lines of an invoice as rows of a form: added, changed and taken away while one types."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.editing import EditedLine
from caudal.apps.billing.forms.fields import amount_field
from caudal.apps.billing.issuing import ManualLine
from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Product

PREFIX = "line"
MOST_LINES = 500


class LineForm(forms.Form):
    """One line: a product of the catalog, or a text and a price; below zero is a discount."""

    position = forms.IntegerField(required=False, widget=forms.HiddenInput)
    product = forms.ModelChoiceField(
        Product.objects.filter(is_active=True), label=_("Product"), required=False,
        empty_label=_("Free text"),
    )  # fmt: skip
    text = forms.CharField(label=_("Description"), required=False, max_length=250)
    quantity = amount_field(_("Quantity"), min_value=Decimal("0.01"), decimal_places=4)
    price = amount_field(_("Price"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        product = cleaned.get("product")
        if product is not None:
            cleaned["text"] = cleaned.get("text") or product.description or product.name
            if cleaned.get("price") is None:
                cleaned["price"] = product.price
        if cleaned.get("text") and cleaned.get("price") is None and "price" not in self.errors:
            self.add_error("price", _("Give the price."))
        if cleaned.get("price") is not None and not cleaned.get("text"):
            self.add_error("text", _("Say what it is for."))
        cleaned["quantity"] = cleaned.get("quantity") or Decimal(1)
        return cleaned


class Lines(BaseFormSet):  # type: ignore[type-arg]
    """All rows; empty and deleted ones count for nothing."""

    def _given(self) -> Iterator[dict[str, Any]]:
        for form in self.forms:
            typed = getattr(form, "cleaned_data", {})
            if typed.get("text") and typed.get("price") is not None and not typed.get("DELETE"):
                yield typed

    def manual(self) -> list[ManualLine]:
        return [
            ManualLine(row["text"], row["price"], row["quantity"], row["product"])
            for row in self._given()
        ]

    def edited(self) -> list[EditedLine]:
        return [
            EditedLine(row["text"], row["price"], row["quantity"], row["position"], row["product"])
            for row in self._given()
        ]


LineFormSet = formset_factory(
    LineForm, formset=Lines, extra=0, can_delete=True, absolute_max=MOST_LINES, max_num=MOST_LINES
)


def lines_form(data: Any, rows: list[dict[str, Any]]) -> Any:
    """The rows that were sent; a sender who knows of no rows has sent none."""
    if data is not None and f"{PREFIX}-TOTAL_FORMS" not in data:
        data = {f"{PREFIX}-TOTAL_FORMS": "0", f"{PREFIX}-INITIAL_FORMS": "0"}
    return LineFormSet(data, prefix=PREFIX, initial=rows)


def rows_of(invoice: Invoice) -> list[dict[str, Any]]:
    """The invoice's lines as the form shows them."""
    return [
        {
            "position": line.position,
            "product": line.product_id,
            "text": line.description,
            "quantity": line.quantity.normalize(),
            "price": line.unit_price.quantize(Decimal("0.01")),
        }
        for line in invoice.lines.all()
    ]
