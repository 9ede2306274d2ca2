"""Whose open session a movement joins, and the movements themselves."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Self

from caudal.apps.ledger.actions import reverse
from caudal.apps.ledger.models import Transaction
from caudal.apps.ledger.reads import account_balance
from caudal.apps.payments.models import CashBox, CashSession, Method, Movement, Payment
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError


class Move(NamedTuple):
    """Money into (> 0) or out of (< 0) a box."""

    box: CashBox
    method: str
    amount: Decimal
    kind: Movement.Kind


class Tills:
    """The open sessions of some boxes and of who acts, held so that none closes meanwhile.

    Take it after the customer's lock and before anything is booked.
    """

    def __init__(self, sessions: dict[int, CashSession], operator: User | None) -> None:
        self._by_box = sessions
        self.operator = operator

    @classmethod
    def of(
        cls, boxes: Iterable[CashBox], operator: User | None, receiving: CashBox | None = None
    ) -> Self:
        """Raises RuleError "session-needed" or "session-of-another" (CSH-2).

        `receiving` is a box that is handed money by whoever has it: it may be somebody else's.
        """
        touched = {box.pk: box for box in boxes if box.kind == CashBox.Kind.CASH}
        held = set(touched) | ({receiving.pk} if receiving else set())
        if operator is not None:
            mine = CashSession.objects.filter(closed_at=None, operator=operator)
            held |= set(mine.values_list("box_id", flat=True))
        # Not FOR UPDATE: rows that name a box hold a share of it, and two of them would deadlock.
        rows = CashBox.objects.select_for_update(no_key=True).filter(pk__in=held)
        locked = list(rows.order_by("pk").values_list("pk", flat=True))
        sessions = {
            session.box_id: session
            for session in CashSession.objects.filter(closed_at=None, box__in=locked)
        }
        tills = cls(sessions, operator)
        for box in touched.values():
            tills._require(box)
        if receiving is not None:
            tills._require_open(receiving)
        return tills

    def session_of(self, box: CashBox) -> CashSession | None:
        """The drawer's own; for money that lies in none, that of who takes it."""
        if box.kind == CashBox.Kind.CASH:
            return self._by_box.get(box.pk)
        mine = [each for each in self._by_box.values() if self._is_mine(each)]
        return max(mine, key=lambda each: each.pk, default=None)

    def note(
        self,
        booked: Transaction,
        moves: Iterable[Move],
        *,
        now: datetime,
        payment: Payment | None = None,
        note: str = "",
    ) -> None:
        """Write what a transaction moved in the boxes, in their sessions."""
        Movement.objects.bulk_create(
            Movement(
                box=move.box,
                session=self.session_of(move.box),
                transaction=booked,
                kind=move.kind,
                method=move.method,
                amount=move.amount,
                at=now,
                operator=self.operator,
                payment=payment,
                note=(note or booked.memo)[:200],
            )
            for move in moves
        )

    def undo(
        self,
        booked: Transaction,
        *,
        on: date,
        now: datetime,
        actor: Actor,
        kind: Movement.Kind = Movement.Kind.REVERSAL,
        payment: Payment | None = None,
    ) -> Transaction:
        """Book the opposite of a transaction, and of what it moved in the boxes."""
        back = reverse(booked, on=on, now=now, actor=actor)
        moved = booked.movements.select_related("box").order_by("id")
        moves = [Move(row.box, row.method, -row.amount, kind) for row in moved]
        self.note(back, moves, now=now, payment=payment)
        return back

    def _is_mine(self, session: CashSession) -> bool:
        return self.operator is not None and session.operator_id == self.operator.pk

    def _require(self, box: CashBox) -> None:
        self._require_open(box)
        session = self._by_box.get(box.pk)
        if not box.needs_session or session is None or self._is_mine(session):
            return
        if self.operator is not None and not self.operator.may(Verb.SUPERVISE_CASH):
            raise RuleError("session-of-another", field="cash_box", cash_box=str(box))

    def _require_open(self, box: CashBox) -> None:
        if box.needs_session and box.pk not in self._by_box:
            raise RuleError("session-needed", field="cash_box", cash_box=str(box))


def boxes_of(booked: Iterable[Transaction]) -> list[CashBox]:
    """The boxes whose money the transactions moved."""
    return list(CashBox.objects.filter(movements__transaction__in=list(booked)).distinct())


def require_held(box: CashBox, amount: Decimal) -> None:
    """No drawer gives what it does not hold; a bank account may. The box is locked."""
    if box.kind == CashBox.Kind.CASH and account_balance(box.account) < amount:
        raise RuleError("not-enough-in-box", field="amount", cash_box=str(box))


KINDS_OF_METHOD = {
    Method.CASH: [CashBox.Kind.CASH],
    Method.TRANSFER: [CashBox.Kind.BANK],
    Method.DEPOSIT: [CashBox.Kind.BANK],
    Method.CARD: [CashBox.Kind.BANK, CashBox.Kind.GATEWAY],
    Method.GATEWAY: [CashBox.Kind.GATEWAY],
    Method.CHEQUE: [CashBox.Kind.CHEQUES],
    Method.OTHER: [CashBox.Kind.CASH, CashBox.Kind.BANK, CashBox.Kind.GATEWAY],
}
"""Where money that came so lies: what screens offer, the first kind proposed."""
