"""Correcting payments: the form may be edited, the amount never; deleting is a reversal (PAY-4)."""

from datetime import date, datetime

from django.db import transaction

from caudal.apps.billing.actions import lock_customers, settle_free_credit, withdraw
from caudal.apps.ledger.actions import post
from caudal.apps.ledger.models import Transaction
from caudal.apps.payments.models import CashBox, Cheque, Method, Movement, Payment, PaymentPart
from caudal.apps.payments.papers import put
from caudal.apps.payments.parts import method_of, require_usable
from caudal.apps.payments.recharge import restore_calendar
from caudal.apps.payments.refunds import refunds_of, undo_refund
from caudal.apps.payments.tills import Move, Tills, boxes_of
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.errors import RuleError
from caudal.core.money import written

EDITABLE = ["method", "reference", "comment", "cash_box_id"]
PART = ["method", "reference", "cash_box_id"]
BOOKED = [
    Transaction.Kind.PAYMENT,
    Transaction.Kind.TRANSFER,
    Transaction.Kind.REJECTION,
]
"""What was booked in the name of a payment, and goes back with it."""


@transaction.atomic
def delete_payment(
    *, actor: Actor, now: datetime, today: date, payment: Payment, reason: str
) -> Payment:
    """Reverse the payment, dated `today`: what it settled is owed again, whoever it had reached.

    Its refunds go back with it, and its cheques to the customer. The money leaves today's sessions,
    not those in which it came. Other payments' money that is free pays what it would have paid
    without this one. Services stay as they are; the next cut job judges them. Raises RuleError
    "already-deleted", "cheque-cleared", or those of `Tills`.
    """
    payment = locked(payment)
    cheques = Cheque.objects.filter(part__payment=payment)
    if cheques.filter(state=Cheque.State.CLEARED).exists():
        raise RuleError("cheque-cleared", payment=str(payment))
    undo_payment(payment, actor=actor, now=now, today=today)
    for cheque in cheques.exclude(state=Cheque.State.REJECTED):
        put(cheque, Cheque.State.RETURNED, on=today, now=now, actor=actor, note=reason)
    finish(payment, actor=actor, now=now, reason=reason)
    return payment


def undo_payment(payment: Payment, *, actor: Actor, now: datetime, today: date) -> None:
    """Book the opposite of all that was booked in its name, and let nothing be settled by it."""
    booked = list(
        Transaction.objects.filter(
            document=f"payment:{payment.pk}", kind__in=BOOKED, reversed_by=None
        ).order_by("-sequence")
    )
    tills = Tills.of(boxes_of(booked), actor.user)
    for posted in booked:
        tills.undo(posted, on=today, now=now, actor=actor, payment=payment)
    for each in refunds_of(payment):
        undo_refund(each, actor=actor, now=now, today=today, reason=str(payment))
    payment.credit.refresh_from_db()
    withdraw(payment.credit, now=now)
    restore_calendar(payment)


def finish(payment: Payment, *, actor: Actor, now: datetime, reason: str) -> None:
    """Mark it deleted, and let free money pay what is open now."""
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
        before={"amount": written(payment.amount, payment.currency)},
        after={},
        note=reason,
    )


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
    """Change how a payment of one part came in, and its comment (PAY-5)."""
    payment = locked(payment)
    before = snapshot(payment, EDITABLE)
    if payment.parts.count() > 1:
        raise RuleError("payment-of-parts", payment=str(payment))
    _change(payment.parts.get(), method, cash_box, reference, actor, now, today)
    payment.refresh_from_db()
    payment.comment = comment
    payment.save(update_fields=["comment"])
    _record(payment, before, snapshot(payment, EDITABLE), actor, now)
    return payment


@transaction.atomic
def edit_part(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    part: PaymentPart,
    method: str,
    cash_box: CashBox,
    reference: str,
) -> PaymentPart:
    """Change how one part came in (PAY-5). Another cash box moves the money there, dated `today`.

    Raises RuleError "already-deleted", "cheque-is-paper", "cash-box-not-usable", those of `Tills`.
    """
    payment = locked(part.payment)
    part = payment.parts.get(pk=part.pk)
    before = snapshot(part, PART)
    _change(part, method, cash_box, reference, actor, now, today)
    _record(payment, before, snapshot(part, PART), actor, now)
    return part


def locked(payment: Payment) -> Payment:
    """The payment as it is now, with its customer locked. Raises RuleError "already-deleted"."""
    lock_customers([payment.customer_id])
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if payment.deleted_at is not None:
        raise RuleError("already-deleted", payment=str(payment))
    return payment


def _change(
    part: PaymentPart,
    method: str,
    cash_box: CashBox,
    reference: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    payment = part.payment
    is_paper = Method.CHEQUE in (part.method, method)
    if is_paper and (method, cash_box.pk) != (part.method, part.cash_box_id):
        # A cheque is a paper with a life of its own: it is deposited, or the payment deleted.
        raise RuleError("cheque-is-paper", field="method")
    if cash_box.pk != part.cash_box_id or method != part.method:
        _move_money(part, method, cash_box, today, now, actor)
    part.method, part.cash_box, part.reference = method, cash_box, reference
    part.save(update_fields=["method", "cash_box", "reference"])
    parts = list(payment.parts.select_related("cash_box"))
    payment.method, payment.cash_box = method_of(parts), parts[0].cash_box
    if len(parts) == 1:
        payment.reference = reference
    payment.save(update_fields=["method", "cash_box", "reference"])


def _move_money(
    part: PaymentPart, method: str, cash_box: CashBox, today: date, now: datetime, actor: Actor
) -> None:
    """Out of the one box or form and into the other, in today's sessions.

    Within one box only the form changes: the drawer's count is the same, the report is not.
    """
    payment, old = part.payment, part.cash_box
    require_usable(cash_box, payment.company, payment.currency)
    tills = Tills.of([old, cash_box], actor.user)
    moves = [
        Move(old, part.method, -part.amount, Movement.Kind.EDIT),
        Move(cash_box, method, part.amount, Movement.Kind.EDIT),
    ]
    if old.pk == cash_box.pk:
        tills.note(payment.transaction, moves, now=now, payment=payment, note=str(payment))
        return
    booked = post(
        company=payment.company,
        currency=payment.currency,
        kind=Transaction.Kind.TRANSFER,
        on=today,
        now=now,
        actor=actor,
        legs=[(move.box.account, None, move.amount) for move in reversed(moves)],
        memo=f"{payment}: {old} → {cash_box}",
        document=f"payment:{payment.pk}",
    )
    tills.note(booked, moves, now=now, payment=payment)


def _record(
    payment: Payment,
    before: dict[str, object],
    after: dict[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    record(
        actor,
        "payments.edit",
        payment,
        now=now,
        customer_id=payment.customer_id,
        before=before,
        after=after,
    )
