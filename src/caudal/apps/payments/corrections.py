"""Correcting payments: the form may be edited, the amount never; deleting is a reversal (PAY-4)."""

from datetime import date, datetime

from django.db import transaction

from caudal.apps.billing.actions import lock_customers, settle_free_credit, withdraw
from caudal.apps.ledger.actions import post, reverse
from caudal.apps.ledger.models import Transaction
from caudal.apps.payments.models import CashBox, Payment
from caudal.apps.payments.recharge import restore_calendar
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.errors import RuleError

EDITABLE = ["method", "reference", "comment", "cash_box_id"]


@transaction.atomic
def delete_payment(
    *, actor: Actor, now: datetime, today: date, payment: Payment, reason: str
) -> Payment:
    """Reverse the payment, dated `today`: what it settled is owed again, whoever it had reached.

    Other payments' money that is free pays what it would have paid without this one. Services
    stay as they are; the next cut job judges them. Raises RuleError "already-deleted".
    """
    payment = _locked(payment)
    document = f"payment:{payment.pk}"
    kinds = [Transaction.Kind.PAYMENT, Transaction.Kind.TRANSFER]
    booked = Transaction.objects.filter(document=document, kind__in=kinds, reversed_by=None)
    for posted in booked.order_by("-sequence"):
        reverse(posted, on=today, now=now, actor=actor)
    withdraw(payment.credit, now=now)
    restore_calendar(payment)
    payment.deleted_at, payment.deleted_by = now, actor.name
    payment.delete_reason = reason[:200]
    payment.save(update_fields=["deleted_at", "deleted_by", "delete_reason"])
    settle_free_credit(customer_id=payment.customer_id, now=now)
    record(
        actor,
        "payments.delete",
        payment,
        now=now,
        customer_id=payment.customer_id,
        before={"amount": f"{payment.amount:f}"},
        after={},
        note=reason,
    )
    return payment


@transaction.atomic
def edit_payment(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    payment: Payment,
    method: str,
    cash_box: CashBox,
    reference: str,
    comment: str = "",
) -> Payment:
    """Change how it came in (PAY-5). Another cash box moves the money there, dated `today`."""
    payment = _locked(payment)
    before = snapshot(payment, EDITABLE)
    if cash_box.pk != payment.cash_box_id:
        _move_money(payment, cash_box, today, now, actor)
    payment.method, payment.cash_box = method, cash_box
    payment.reference, payment.comment = reference, comment
    payment.save(update_fields=["method", "cash_box", "reference", "comment"])
    record(
        actor,
        "payments.edit",
        payment,
        now=now,
        customer_id=payment.customer_id,
        before=before,
        after=snapshot(payment, EDITABLE),
    )
    return payment


def _locked(payment: Payment) -> Payment:
    lock_customers([payment.customer_id])
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if payment.deleted_at is not None:
        raise RuleError("already-deleted", payment=str(payment))
    return payment


def _move_money(
    payment: Payment, cash_box: CashBox, today: date, now: datetime, actor: Actor
) -> None:
    old = payment.cash_box
    usable = cash_box.is_active and cash_box.company_id == old.company_id
    if not usable or cash_box.account.currency != payment.currency:
        raise RuleError("cash-box-not-usable", field="cash_box", cash_box=str(cash_box))
    post(
        company=payment.company,
        currency=payment.currency,
        kind=Transaction.Kind.TRANSFER,
        on=today,
        now=now,
        actor=actor,
        legs=[(cash_box.account, None, payment.amount), (old.account, None, -payment.amount)],
        memo=f"{payment}: {old} → {cash_box}",
        document=f"payment:{payment.pk}",
    )
