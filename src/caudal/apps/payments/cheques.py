"""The life of a cheque: deposited, cleared, or sent back by the bank (CSH-3)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from caudal.apps.billing.actions import adjust, lock_customers, settle_free_credit, take_back
from caudal.apps.ledger.actions import RECEIVABLE, account_for, post
from caudal.apps.ledger.models import Transaction
from caudal.apps.payments.corrections import finish, undo_payment
from caudal.apps.payments.models import CashBox, Cheque, Method, Movement, Payment
from caudal.apps.payments.papers import put, require_state
from caudal.apps.payments.parts import require_usable
from caudal.apps.payments.tills import Move, Tills
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.errors import RuleError
from caudal.core.money import ZERO, minor_digits, require_not_negative, require_scale

State = Cheque.State


@transaction.atomic
def deposit_cheques(
    *, actor: Actor, now: datetime, on: date, cheques: Sequence[Cheque], bank: CashBox
) -> None:
    """Take cheques of the portfolio to the bank: their money moves to its account.

    Raises RuleError "cheque-not-in-state", "deposit-too-early" before the date on the cheque,
    "not-a-bank" or "cash-box-not-usable".
    """
    if bank.kind != CashBox.Kind.BANK:
        raise RuleError("not-a-bank", field="bank")
    lock_customers(sorted({cheque.customer_id for cheque in cheques}))
    for cheque in _again(cheques):
        require_state(cheque, State.PORTFOLIO)
        require_usable(bank, cheque.company, cheque.currency)
        if cheque.deposit_on > on:
            raise RuleError("deposit-too-early", field="on", cheque=str(cheque))
        _carry(cheque, bank, on, now, actor)
        put(cheque, State.DEPOSITED, on=on, now=now, actor=actor, box=bank)
        _record(actor, "cheques.deposit", cheque, now)


@transaction.atomic
def clear_cheques(*, actor: Actor, now: datetime, on: date, cheques: Sequence[Cheque]) -> None:
    """The bank has paid them. Raises RuleError "cheque-not-in-state"."""
    lock_customers(sorted({cheque.customer_id for cheque in cheques}))
    for cheque in _again(cheques):
        require_state(cheque, State.DEPOSITED)
        put(cheque, State.CLEARED, on=on, now=now, actor=actor)
        _record(actor, "cheques.clear", cheque, now)


@transaction.atomic
def reject_cheque(
    *,
    actor: Actor,
    now: datetime,
    on: date,
    cheque: Cheque,
    reason: str,
    cost: Decimal = ZERO,
) -> Cheque:
    """The bank did not pay it: what it had settled is owed again (PAY-4), and a cost on top (DX).

    One that the bank had paid may come back as well: banks take cheques back days later. A payment
    that was this cheque alone is deleted; of a mixed one the other parts stay.
    Raises RuleError "cheque-not-in-state", those of `Tills`, or for a cost that is not money.
    """
    require_not_negative(require_scale(cost, minor_digits(cheque.currency)))
    payment = Payment.objects.select_related("credit", "customer", "company").get(
        parts__cheque=cheque
    )
    lock_customers([payment.customer_id])
    (cheque,) = _again([cheque])
    require_state(cheque, State.PORTFOLIO, State.DEPOSITED, State.CLEARED)
    if payment.parts.count() == 1:
        undo_payment(payment, actor=actor, now=now, today=on)
        finish(payment, actor=actor, now=now, reason=reason)
    else:
        _bounce(payment, cheque, on, now, actor)
    put(cheque, State.REJECTED, on=on, now=now, actor=actor, note=reason)
    if cost:
        adjust(
            actor=actor,
            now=now,
            customer=payment.customer,
            amount=cost,
            currency=cheque.currency,
            on=on,
            reason=reason,
        )
    _record(actor, "cheques.reject", cheque, now, reason)
    return cheque


def _again(cheques: Sequence[Cheque]) -> list[Cheque]:
    """As they are now that their customers are locked."""
    rows = Cheque.objects.filter(pk__in=[cheque.pk for cheque in cheques])
    return list(rows.select_related("company", "box__account", "part").order_by("pk"))


def _carry(cheque: Cheque, bank: CashBox, on: date, now: datetime, actor: Actor) -> None:
    payment = Payment.objects.get(parts__cheque=cheque)
    moves = [
        Move(cheque.box, Method.CHEQUE, -cheque.amount, Movement.Kind.CHEQUE),
        Move(bank, Method.CHEQUE, cheque.amount, Movement.Kind.CHEQUE),
    ]
    tills = Tills.of([], actor.user)
    booked = post(
        company=cheque.company,
        currency=cheque.currency,
        kind=Transaction.Kind.TRANSFER,
        on=on,
        now=now,
        actor=actor,
        legs=[(move.box.account, None, move.amount) for move in reversed(moves)],
        memo=f"{payment}: {cheque} → {bank}",
        document=f"payment:{payment.pk}",
    )
    tills.note(booked, moves, now=now, payment=payment)


def _bounce(payment: Payment, cheque: Cheque, on: date, now: datetime, actor: Actor) -> None:
    """Only this part of the payment goes: out of where the cheque is, back onto the customer."""
    tills = Tills.of([], actor.user)
    receivable = account_for(payment.company, *RECEIVABLE, payment.currency)
    booked = post(
        company=payment.company,
        currency=payment.currency,
        kind=Transaction.Kind.REJECTION,
        on=on,
        now=now,
        actor=actor,
        legs=[
            (receivable, payment.customer, cheque.amount),
            (cheque.box.account, None, -cheque.amount),
        ],
        memo=f"{payment}: {cheque}",
        document=f"payment:{payment.pk}",
    )
    move = Move(cheque.box, Method.CHEQUE, -cheque.amount, Movement.Kind.REJECTION)
    tills.note(booked, [move], now=now, payment=payment)
    take_back(payment.credit, cheque.amount, now=now)
    settle_free_credit(customer_id=payment.customer_id, now=now)


def _record(actor: Actor, act: str, cheque: Cheque, now: datetime, note: str = "") -> None:
    record(
        actor,
        act,
        cheque,
        now=now,
        customer_id=cheque.customer_id,
        after={"state": cheque.state},
        note=note,
    )
