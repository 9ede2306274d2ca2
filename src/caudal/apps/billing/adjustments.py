"""Debit and credit notes made by hand (DX, CX): the balance moves at once, invoices later (ADJ)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from django.db import transaction

from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.models import Adjustment, Credit
from caudal.apps.billing.settling import open_credit
from caudal.apps.catalog.actions import take_number
from caudal.apps.catalog.models import Series
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.actions import RECEIVABLE, account_for, post
from caudal.apps.ledger.models import Account, Transaction
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.money import minor_digits, require_positive, require_scale

SERIES = {
    Adjustment.Kind.DEBIT: Series.Kind.DEBIT_NOTE,
    Adjustment.Kind.CREDIT: Series.Kind.CREDIT_NOTE,
}


@transaction.atomic
def adjust(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    amount: Decimal,
    currency: str,
    on: date,
    reason: str,
) -> Adjustment:
    """Owe more (`amount` > 0, DX) or less (< 0, CX). No tax, no fiscal document (ADJ-4).

    Only the next service invoice settles it (ADJ-1, ADJ-2). Raises RuleError for zero, or for
    more decimals than the currency has.
    """
    (customer,) = lock_customers([customer.pk])
    size = require_size(amount, currency)
    kind = Adjustment.Kind.DEBIT if amount > 0 else Adjustment.Kind.CREDIT
    prefix, number = take_number(customer.company, SERIES[kind])
    key = uuid4()
    row = Adjustment.objects.create(
        customer=customer,
        company=customer.company,
        currency=currency,
        kind=kind,
        prefix=prefix,
        number=number,
        amount=size,
        on=on,
        reason=reason[:200],
        created_by=actor.name,
        transaction_id=key,
        credit=_credit(customer, currency, on, size) if amount < 0 else None,
    )
    _post(row, amount, now, actor)
    record(actor, "billing.adjust", row, now=now, customer_id=customer.pk, note=reason)
    return row


def require_size(amount: Decimal, currency: str) -> Decimal:
    """How much a note of `amount` is for. Raises RuleError where `adjust` would."""
    return require_positive(require_scale(abs(amount), minor_digits(currency)))


def _credit(customer: Customer, currency: str, on: date, amount: Decimal) -> Credit:
    return open_credit(
        customer_id=customer.pk,
        company_id=customer.company_id,
        currency=currency,
        origin=Credit.Origin.ADJUSTMENT,
        on=on,
        amount=amount,
    )


def _post(row: Adjustment, amount: Decimal, now: datetime, actor: Actor) -> None:
    company = row.company
    receivable = account_for(company, *RECEIVABLE, row.currency)
    notes = account_for(company, Account.Kind.ADJUSTMENT, "adjustments", row.currency)
    post(
        id=row.transaction_id,
        company=company,
        currency=row.currency,
        kind=Transaction.Kind.ADJUSTMENT,
        on=row.on,
        now=now,
        actor=actor,
        legs=[(receivable, row.customer, amount), (notes, None, -amount)],
        memo=f"{row} {row.reason}",
        document=f"adjustment:{row.pk}",
    )
