"""How dates, amounts and people are written on documents."""

from datetime import date
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from caudal.apps.customers.models import Customer
from caudal.apps.documents.sheets import Fact
from caudal.core.errors import RuleError
from caudal.core.words import amount_in_words


def day(value: date | None) -> str:
    return "" if value is None else formats.date_format(value, "SHORT_DATE_FORMAT")


def in_words(amount: Decimal, currency: str) -> str:
    """The amount in Spanish words; a currency without words is printed in figures alone."""
    try:
        return amount_in_words(amount, currency)
    except RuleError:
        return ""


def party_facts(customer: Customer) -> list[Fact]:
    """Who he is now; an issued invoice has its own facts, as they were."""
    document = f"{customer.document_type} {customer.document_number}".strip()
    return [
        Fact(_("Customer code"), customer.code),
        Fact(_("Document"), customer.tax_number or document),
        Fact(_("Address"), customer.billing_address()),
    ]


def file_name(kind: str, label: str) -> str:
    """A name that every system takes: letters, digits and dashes."""
    kept = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in label)
    return f"{kind}-{kept}.pdf"
