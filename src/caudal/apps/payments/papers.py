"""Where cheques stand: each step leaves its date and who took it."""

from datetime import date, datetime

from caudal.apps.payments.models import CashBox, Cheque, ChequeEvent
from caudal.apps.staff.actor import Actor
from caudal.core.errors import RuleError


def put(
    cheque: Cheque,
    state: Cheque.State,
    *,
    on: date,
    now: datetime,
    actor: Actor,
    note: str = "",
    box: CashBox | None = None,
) -> None:
    """Bring a cheque to a state, and to a box, and write it into its history."""
    cheque.state = state
    cheque.box = box or cheque.box
    cheque.save(update_fields=["state", "box"])
    ChequeEvent.objects.create(
        cheque=cheque, state=state, on=on, at=now, by=actor.name, note=note[:200]
    )


def require_state(cheque: Cheque, *states: Cheque.State) -> None:
    """Raises RuleError "cheque-not-in-state" where it stands elsewhere."""
    if cheque.state not in states:
        raise RuleError(
            "cheque-not-in-state", cheque=str(cheque), state=str(cheque.get_state_display())
        )
