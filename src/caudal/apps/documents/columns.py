"""The columns that documents with a table can show."""

from django.utils.translation import gettext as _

from caudal.apps.documents.sheets import Column
from caudal.apps.documents.styles import Kind


def invoice_columns() -> list[Column]:
    """What the table of an invoice can show."""
    return [
        Column("description", _("Description")),
        Column("period", _("Period"), usual=False),
        Column("quantity", _("Quantity"), is_number=True),
        Column("price", _("Price"), is_number=True),
        Column("net", _("Net"), is_number=True, usual=False),
        Column("tax", _("Tax"), is_number=True, usual=False),
        Column("amount", _("Amount"), is_number=True),
    ]


def statement_columns() -> list[Column]:
    return [
        Column("date", _("Date")),
        Column("movement", _("Movement")),
        Column("charge", _("Charge"), is_number=True),
        Column("payment", _("Payment"), is_number=True),
        Column("balance", _("Balance"), is_number=True),
    ]


def columns_of(kind: str) -> list[Column]:
    """The columns among which the template screen lets choose."""
    if kind in (Kind.INVOICE, Kind.FREE_INVOICE, Kind.TICKET):
        return invoice_columns()
    return statement_columns() if kind == Kind.STATEMENT else []
