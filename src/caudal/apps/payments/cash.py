"""Money that moves without a customer: hand-overs between boxes, expenses, money put in."""

from datetime import date, datetime
from decimal import Decimal

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from caudal.apps.ledger.actions import account_for, post
from caudal.apps.ledger.models import Account, Transaction
from caudal.apps.payments.models import CashBox, Method, Movement
from caudal.apps.payments.parts import require_usable
from caudal.apps.payments.tills import Move, Tills, require_held
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.staff.models import User
from caudal.core.errors import RuleError
from caudal.core.money import minor_digits, require_positive, require_scale, written


class Cause(models.TextChoices):
    """Why money comes or goes; each has its account and its direction."""

    EXPENSE = "expense", _("Expense")
    WITHDRAWAL = "withdrawal", _("Money taken out")
    DEPOSIT = "deposit", _("Money put in")


ACCOUNTS = {
    Cause.EXPENSE: (Account.Kind.EXPENSE, "expenses"),
    Cause.WITHDRAWAL: (Account.Kind.FUND, "fund"),
    Cause.DEPOSIT: (Account.Kind.FUND, "fund"),
}


@transaction.atomic
def move_cash(
    *,
    actor: Actor,
    now: datetime,
    on: date,
    box: CashBox,
    cause: str,
    amount: Decimal,
    note: str,
    operator: User | None,
) -> Transaction:
    """Money into or out of a box with no customer behind it; `amount` > 0 either way.

    Raises RuleError for an amount that is not money, "cheque-is-paper", "not-enough-in-box",
    those of `Tills`.
    """
    why = Cause(cause)
    if box.kind == CashBox.Kind.CHEQUES:
        raise RuleError("cheque-is-paper", field="box")
    require_positive(require_scale(amount, minor_digits(box.account.currency)))
    tills = Tills.of([box], operator)
    signed = amount if why is Cause.DEPOSIT else -amount
    if signed < 0:
        require_held(box, amount)
    currency = box.account.currency
    booked = post(
        company=box.company,
        currency=currency,
        kind=Transaction.Kind.CASH,
        on=on,
        now=now,
        actor=actor,
        legs=[
            (box.account, None, signed),
            (account_for(box.company, *ACCOUNTS[why], currency), None, -signed),
        ],
        memo=f"{why.label}: {note}",
        document=f"box:{box.pk}",
    )
    kind = Movement.Kind.IN if signed > 0 else Movement.Kind.OUT
    tills.note(booked, [Move(box, _method(box), signed, kind)], now=now, note=note)
    after = {"amount": written(signed, currency), "cause": why.value}
    record(actor, "cash.move", box, now=now, after=after, note=note)
    return booked


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    now: datetime,
    on: date,
    source: CashBox,
    target: CashBox,
    amount: Decimal,
    note: str = "",
    operator: User | None,
) -> Transaction:
    """Carry money from one box to another of the company: to the safe, to the bank, to the till.

    Raises RuleError "same-box", "not-enough-in-box", "cash-box-not-usable", those of `Tills`.
    """
    require_positive(require_scale(amount, minor_digits(source.account.currency)))
    if source.pk == target.pk:
        raise RuleError("same-box", field="target")
    if CashBox.Kind.CHEQUES in (source.kind, target.kind):
        raise RuleError("cheque-is-paper", field="target")
    require_usable(target, source.company, source.account.currency)
    tills = Tills.of([source], operator, receiving=target)
    require_held(source, amount)
    moves = [
        Move(source, _method(source), -amount, Movement.Kind.TRANSFER),
        Move(target, _method(source), amount, Movement.Kind.TRANSFER),
    ]
    booked = post(
        company=source.company,
        currency=source.account.currency,
        kind=Transaction.Kind.TRANSFER,
        on=on,
        now=now,
        actor=actor,
        legs=[(move.box.account, None, move.amount) for move in reversed(moves)],
        memo=f"{source} → {target}" + (f": {note}" if note else ""),
        document=f"box:{source.pk}",
    )
    tills.note(booked, moves, now=now)
    after = {"amount": written(amount, source.account.currency), "target": str(target)}
    record(actor, "cash.hand_over", source, now=now, after=after, note=note)
    return booked


def _method(box: CashBox) -> str:
    return Method.CASH.value if box.kind == CashBox.Kind.CASH else Method.TRANSFER.value
