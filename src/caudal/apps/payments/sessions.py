"""Cash sessions: a drawer is counted, worked with, and closed blind (CSH-2, I21)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from caudal.apps.ledger.actions import account_for, post
from caudal.apps.ledger.models import Account, Transaction
from caudal.apps.ledger.reads import account_balance
from caudal.apps.payments.models import CashBox, CashSession, Method, Movement
from caudal.apps.payments.tills import Move, Tills
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.core.money import ZERO, minor_digits, require_not_negative, require_scale, written
from caudal.store.money import total

OF_CUSTOMERS = [
    Movement.Kind.PAYMENT,
    Movement.Kind.REVERSAL,
    Movement.Kind.EDIT,
    Movement.Kind.REFUND,
    Movement.Kind.REJECTION,
]
"""Movements of customers' money; the others carry it about."""


@transaction.atomic
def open_session(
    *, actor: Actor, now: datetime, on: date, box: CashBox, operator: User, counted: Decimal
) -> CashSession:
    """`operator` counts the drawer and answers for it from here on.

    Where the books say something else, the difference is booked: the first count of a drawer is
    money put in, a later one was over or short while nobody answered for it. Raises RuleError
    "not-a-drawer", "session-open", or for a count that is not money.
    """
    if box.kind != CashBox.Kind.CASH or not box.is_active:
        raise RuleError("not-a-drawer", field="box", cash_box=str(box))
    _require_count(box, counted)
    box = _locked(box)
    if CashSession.objects.filter(box=box, closed_at=None).exists():
        raise RuleError("session-open", field="box", cash_box=str(box))
    is_first = _is_first(box)
    difference = counted - account_balance(box.account)
    tills = Tills({}, operator)
    _book_difference(box, difference, Movement.Kind.FLOAT, tills, on, now, actor, is_first)
    session = CashSession.objects.create(
        box=box,
        operator=operator,
        opened_at=now,
        opened_with=counted,
        opening_difference=ZERO if is_first else difference,
    )
    after = {"opened_with": written(counted, box.account.currency), "operator": str(operator)}
    record(actor, "cash.open", session, now=now, after=after)
    return session


def differs(box: CashBox, counted: Decimal) -> bool:
    """Whether opening with that count would book a difference that somebody answers for."""
    return not _is_first(box) and counted != account_balance(box.account)


@transaction.atomic
def close_session(
    *,
    actor: Actor,
    now: datetime,
    on: date,
    session: CashSession,
    counted_cash: Decimal,
    counted: Mapping[str, Decimal] | None = None,
    denominations: Mapping[str, int] | None = None,
    note: str = "",
) -> CashSession:
    """Close it with what was counted before anything was shown; over or short is booked.

    `counted` is what was counted of the other forms, by method. Afterwards the drawer holds in the
    books what it was counted to hold, and the session never changes again. Raises RuleError
    "session-closed", "session-of-another" for whoever does not supervise, or for a count that is
    not money.
    """
    box = _locked(session.box)
    session = CashSession.objects.select_related("operator", "box").get(pk=session.pk)
    _require_count(box, counted_cash)
    _require_may_close(session, actor)
    expected = expected_cash(session)
    others = expected_of_methods(session)
    difference = counted_cash - expected
    tills = Tills({box.pk: session}, actor.user)
    _book_difference(box, difference, Movement.Kind.DIFFERENCE, tills, on, now, actor)
    session.closed_at, session.closed_by = now, actor.user
    session.counted_cash, session.expected_cash = counted_cash, expected
    session.difference = difference
    currency = box.account.currency
    session.counted = _plain(counted or {}, currency)
    session.expected = _plain(others, currency)
    session.denominations = dict(denominations or {})
    session.note = note[:250]
    session.save()
    after = {
        "counted": written(counted_cash, currency),
        "difference": written(difference, currency),
    }
    record(actor, "cash.close", session, now=now, after=after, note=note)
    return session


def expected_cash(session: CashSession) -> Decimal:
    """What the drawer should hold: what it was opened with and what moved in it since."""
    moved: Decimal = session.movements.filter(box=session.box_id).aggregate(sum=total("amount"))[
        "sum"
    ]
    return session.opened_with + moved


def expected_of_methods(session: CashSession) -> dict[str, Decimal]:
    """Method -> what customers paid by it to its operator that does not lie in the drawer."""
    rows = session.movements.filter(kind__in=OF_CUSTOMERS).exclude(box=session.box_id).order_by()
    sums = rows.values_list("method").annotate(sum=total("amount"))
    return {method: amount for method, amount in sums if amount}


def _is_first(box: CashBox) -> bool:
    return not box.movements.exists()


def _locked(box: CashBox) -> CashBox:
    rows = CashBox.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("account", "company").get(pk=box.pk)


def _require_count(box: CashBox, counted: Decimal) -> None:
    require_not_negative(require_scale(counted, minor_digits(box.account.currency)))


def _require_may_close(session: CashSession, actor: Actor) -> None:
    if not session.is_open:
        raise RuleError("session-closed", session=str(session))
    person = actor.user
    if person is None or person.pk == session.operator_id or person.may(Verb.SUPERVISE_CASH):
        return
    raise RuleError("session-of-another", cash_box=str(session.box))


def _book_difference(
    box: CashBox,
    difference: Decimal,
    kind: Movement.Kind,
    tills: Tills,
    on: date,
    now: datetime,
    actor: Actor,
    is_fund: bool = False,
) -> None:
    if not difference:
        return
    currency = box.account.currency
    other = (Account.Kind.FUND, "fund") if is_fund else (Account.Kind.DIFFERENCE, "difference")
    booked = post(
        company=box.company,
        currency=currency,
        kind=Transaction.Kind.DIFFERENCE,
        on=on,
        now=now,
        actor=actor,
        legs=[
            (box.account, None, difference),
            (account_for(box.company, *other, currency), None, -difference),
        ],
        memo=str(box),
        document=f"box:{box.pk}",
    )
    tills.note(booked, [Move(box, Method.CASH, difference, kind)], now=now)


def _plain(amounts: Mapping[str, Decimal], currency: str) -> dict[str, str]:
    return {method: written(amount, currency) for method, amount in sorted(amounts.items())}
