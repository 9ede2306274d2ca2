"""Giving money back (PAY-7): of the balance in favour, or of a payment that had settled."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from caudal.apps.billing.actions import (
    give_again,
    lock_customers,
    settle,
    settle_free_credit,
    take_back,
)
from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.models import Credit
from caudal.apps.catalog.actions import take_number
from caudal.apps.catalog.models import Series
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.actions import RECEIVABLE, account_for, post
from caudal.apps.ledger.models import Transaction
from caudal.apps.payments.models import CashBox, Movement, Payment, Refund, RefundSource
from caudal.apps.payments.parts import require_usable
from caudal.apps.payments.proposals import require_seen
from caudal.apps.payments.tills import Move, Tills, boxes_of, require_held
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.staff.models import User
from caudal.core.civil import local_date, zone_named
from caudal.core.errors import RuleError
from caudal.core.money import ZERO, minor_digits, require_positive, require_scale, written

Source = tuple[Credit, Decimal]


def refund(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    amount: Decimal,
    currency: str,
    method: str,
    cash_box: CashBox,
    reason: str,
    operator: User | None,
    payment: Payment | None = None,
    reference: str = "",
    gateway: str = "",
    external_id: str = "",
) -> Refund:
    """Give `amount` back out of a box. With `payment` it undoes that much of what it had settled.

    Without one it comes out of the balance in favour, the oldest first. The same
    (gateway, external_id) is one refund for ever. Raises RuleError for amounts that are not money,
    "more-than-credit", "already-deleted", "not-enough-in-box" (a drawer gives no more than it
    holds), "cash-box-not-usable", those of `Tills`, "external-id-taken".
    """
    require_positive(require_scale(amount, minor_digits(currency)))
    key = {"gateway": gateway, "external_id": external_id}
    row = Refund(
        customer=customer,
        company=payment.company if payment else customer.company,
        payment=payment,
        amount=amount,
        currency=currency,
        method=method,
        cash_box=cash_box,
        reference=reference,
        reason=reason[:200],
        refunded_at=now,
        operator=operator,
        **key,
    )
    try:
        with transaction.atomic():
            lock_customers([customer.pk])
            return _known(row) or _write(row, now, actor)
    except IntegrityError:
        known = _known(row)
        if known is None:
            raise
        return known


@transaction.atomic
def delete_refund(
    *, actor: Actor, now: datetime, today: date, refund: Refund, reason: str
) -> Refund:
    """It was never given: a linked reversal dated `today`; the money settles again.

    Raises RuleError "refund-already-deleted" or those of `Tills`.
    """
    lock_customers([refund.customer_id])
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    if refund.deleted_at is not None:
        raise RuleError("refund-already-deleted", refund=str(refund))
    undo_refund(refund, actor=actor, now=now, today=today, reason=reason)
    if refund.payment is not None:
        settle(Credit.objects.get(payment=refund.payment), now=now)
    settle_free_credit(customer_id=refund.customer_id, now=now)
    return refund


def undo_refund(refund: Refund, *, actor: Actor, now: datetime, today: date, reason: str) -> None:
    """Book the opposite of a refund; its money is in favour again, and nothing has used it yet."""
    tills = Tills.of(boxes_of([refund.transaction]), actor.user)
    tills.undo(refund.transaction, on=today, now=now, actor=actor, payment=refund.payment)
    for source in refund.sources.select_related("credit"):
        give_again(source.credit, source.amount)
    refund.deleted_at, refund.deleted_by = now, actor.name
    refund.delete_reason = reason[:200]
    refund.save(update_fields=["deleted_at", "deleted_by", "delete_reason"])
    _record(actor, "payments.delete_refund", refund, now, reason)


def refunds_of(payment: Payment) -> list[Refund]:
    """The live ones that gave back money of this payment, named for it or not; last one first."""
    rows = Refund.objects.filter(deleted_at=None, sources__credit=payment.credit_id)
    return list(rows.select_related("transaction", "payment", "customer").order_by("-pk"))


def refundable(customer: Customer, currency: str) -> Decimal:
    """The balance in favour that could be given back."""
    return sum((credit.remaining for credit in _free(customer, currency)), ZERO)


def refundable_of(payment: Payment) -> Decimal:
    """What of a payment has not been given back yet."""
    if payment.deleted_at is not None:
        return ZERO
    return payment.credit.amount - payment.credit.returned


def _write(row: Refund, now: datetime, actor: Actor) -> Refund:
    require_usable(row.cash_box, row.company, row.currency)
    if row.operator is not None:
        require_seen(row.operator, [row.cash_box])
    sources = _sources(row)
    tills = Tills.of([row.cash_box], row.operator)
    require_held(row.cash_box, row.amount)
    row.prefix, row.number = take_number(row.company, Series.Kind.REFUND)
    row.transaction_id = uuid4()
    row.save(force_insert=True)
    RefundSource.objects.bulk_create(
        RefundSource(refund=row, credit=credit, amount=amount) for credit, amount in sources
    )
    _book(row, tills, now, actor)
    for credit, amount in sources:
        take_back(credit, amount, now=now)
    settle_free_credit(customer_id=row.customer_id, now=now)
    _record(actor, "payments.refund", row, now, row.reason)
    return row


def _book(row: Refund, tills: Tills, now: datetime, actor: Actor) -> None:
    receivable = account_for(row.company, *RECEIVABLE, row.currency)
    booked = post(
        id=row.transaction_id,
        company=row.company,
        currency=row.currency,
        kind=Transaction.Kind.REFUND,
        on=local_date(now, zone_named(time_zone_of(row.customer.zone))),
        now=now,
        actor=actor,
        legs=[
            (receivable, row.customer, row.amount),
            (row.cash_box.account, None, -row.amount),
        ],
        memo=f"{row} {row.reason}",
        document=f"refund:{row.pk}",
    )
    move = Move(row.cash_box, row.method, -row.amount, Movement.Kind.REFUND)
    tills.note(booked, [move], now=now, payment=row.payment, note=str(row.customer))


def _sources(row: Refund) -> list[Source]:
    if row.payment is not None:
        payment = Payment.objects.select_related("credit").get(pk=row.payment.pk)
        if payment.deleted_at is not None:
            raise RuleError("already-deleted", payment=str(payment))
        if (payment.customer_id, payment.currency) != (row.customer_id, row.currency):
            raise RuleError("payment-of-another-customer", payment=str(payment))
        _require(row.amount <= refundable_of(payment))
        return [(payment.credit, row.amount)]
    return _oldest_first(_free(row.customer, row.currency), row.amount)


def _oldest_first(credits: Iterable[Credit], amount: Decimal) -> list[Source]:
    sources, left = [], amount
    for credit in credits:
        taken = min(credit.remaining, left)
        if taken > ZERO:
            sources.append((credit, taken))
            left -= taken
    _require(left == ZERO)
    return sources


def _free(customer: Customer, currency: str) -> list[Credit]:
    rows = Credit.objects.filter(
        customer=customer, company=customer.company_id, currency=currency, remaining__gt=ZERO
    )
    return list(rows.order_by("on", "id"))


def _require(enough: bool) -> None:
    if not enough:
        raise RuleError("more-than-credit", field="amount")


def _known(row: Refund) -> Refund | None:
    if not row.external_id:
        return None
    known = Refund.objects.filter(gateway=row.gateway, external_id=row.external_id).first()
    if known is not None and (known.customer_id, known.amount) != (row.customer_id, row.amount):
        raise RuleError("external-id-taken", payment=str(known))
    return known


def _record(actor: Actor, act: str, row: Refund, now: datetime, note: str) -> None:
    values: dict[str, Any] = {"amount": written(row.amount, row.currency), "method": row.method}
    record(actor, act, row, now=now, customer_id=row.customer_id, after=values, note=note)
