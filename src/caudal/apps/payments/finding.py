"""Finding the customer who stands at the desk: by what he says, types or holds to the reader."""

from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from caudal.apps.customers.models import Customer
from caudal.apps.customers.search import matching
from caudal.apps.ledger.models import Balance
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.core.text import key
from caudal.store.money import MoneyField, money

SHOWN = 8


def found(user: User, typed: str) -> list[Customer]:
    """The first customers who fit, those who owe ahead, each with `owed`."""
    words = typed.strip()
    if not words:
        return []
    rows = _with_debt(user).filter(matching(words))
    return list(rows.order_by("-owed", "name", "pk")[:SHOWN])


def exactly(user: User, typed: str) -> Customer | None:
    """The one that a card, a code, a document or a payment code names; else the only one found."""
    words = typed.strip()
    if not words:
        return None
    code = words.zfill(6) if words.isdigit() else words
    for named in (
        Q(rfid_card=words),
        Q(code__iexact=words) | Q(code=code),
        Q(document_key=key(words)) & ~Q(document_key=""),
        Q(electronic_payment_code=words),
        matching(words),
    ):
        rows = list(_with_debt(user).filter(named)[:2])
        if len(rows) == 1:
            found: Customer = rows[0]
            return found
    return None


def _with_debt(user: User) -> Any:
    balance = Balance.objects.filter(
        customer=OuterRef("pk"),
        company=OuterRef("company"),
        currency=OuterRef("company__currency"),
    )
    owed = Subquery(balance.values("amount")[:1], output_field=MoneyField())
    rows = Customer.objects.filter(archived_at=None).select_related("company", "zone")
    return visible(user, rows).annotate(owed=Coalesce(owed, money()))
