"""Collection files: what agencies such as Rapipago may take money for, one row per customer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import F, Min, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.models import Balance
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.store.money import MoneyField, money, total


class Part(StrEnum):
    """What a column of the file holds."""

    PAYMENT_CODE = "payment_code"
    CODE = "code"
    NAME = "name"
    DOCUMENT = "document"
    AMOUNT = "amount"
    CURRENCY = "currency"
    DUE = "due"


PARTS: dict[str, str | Promise] = {
    Part.PAYMENT_CODE: _("Electronic payment code"),
    Part.CODE: _("Customer code"),
    Part.NAME: _("Name"),
    Part.DOCUMENT: _("Document"),
    Part.AMOUNT: _("Amount"),
    Part.CURRENCY: _("Currency"),
    Part.DUE: _("Oldest due date"),
}
USUAL = (Part.PAYMENT_CODE, Part.NAME, Part.AMOUNT, Part.DUE)


@dataclass(frozen=True, slots=True)
class Debt:
    """What one customer may be asked for."""

    payment_code: str
    code: str
    name: str
    document: str
    amount: Decimal
    currency: str
    due: date

    def cells(self, parts: Sequence[str]) -> list[object]:
        return [getattr(self, part) for part in parts]


def debts(user: User, company: Company) -> Iterator[Debt]:
    """Customers with unpaid service invoices, but gratis ones, those who left, and those who owe
    nothing after all: never more than the whole debt (EXM-1, GEN-5, P34)."""
    for row in _rows(user, company).values(*_NEEDED).iterator(chunk_size=1000):
        yield Debt(
            payment_code=row["electronic_payment_code"] or row["code"],
            code=row["code"],
            name=row["name"],
            document=row["document_number"],
            amount=min(row["asked"], row["owed"]).quantize(Decimal("0.01")),
            currency=company.currency,
            due=row["oldest"],
        )


_NEEDED = ("electronic_payment_code", "code", "name", "document_number", "asked", "owed", "oldest")


def _rows(user: User, company: Company) -> "QuerySet[Customer]":
    unpaid = Invoice.objects.unpaid().service().filter(company=company, currency=company.currency)
    mine = unpaid.filter(customer=OuterRef("pk")).order_by().values("customer")
    balance = Balance.objects.filter(
        customer=OuterRef("pk"), company=company, currency=company.currency
    )
    found = visible(user, Customer.objects.all()).filter(
        company=company, is_invoiced=True, archived_at=None
    )
    return (
        found.annotate(
            asked=Subquery(
                mine.annotate(sum=total("remaining")).values("sum"), output_field=MoneyField()
            ),
            oldest=Subquery(mine.annotate(first=Min("due")).values("first")),
            owed=Subquery(balance.values("amount")[:1], output_field=MoneyField()),
        )
        .filter(asked__gt=money(), owed__gt=money())
        .order_by(F("code").asc(), "pk")
    )
