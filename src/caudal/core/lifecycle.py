"""The states of a service and the acts that lead from one to the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from caudal.core.errors import ErrorCode, RuleError


class ServiceState(StrEnum):
    """Active only while no suspension reason is open."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class SuspensionReason(StrEnum):
    """Why a service is held; several may be open at once."""

    UNPAID = "unpaid"
    BY_HAND = "manual"
    ON_REQUEST = "hold"
    ABUSE = "abuse"


class ServiceAct(StrEnum):
    """What can be done to a service's state; there is no editing of it."""

    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESTORE = "restore"
    CANCEL = "cancel"
    RETURN = "return"


class LiftCause(StrEnum):
    """What lifts suspension reasons."""

    PAYMENT = "payment"
    OPERATOR = "operator"
    END_OF_REQUEST = "end-of-request"


# SUSPEND on a suspended service opens one more reason. RETURN brings a cancelled customer back
# to be installed again. RESTORE ends active only if it lifts the last open reason.
TRANSITIONS: Mapping[tuple[ServiceState, ServiceAct], frozenset[ServiceState]] = {
    (ServiceState.PENDING, ServiceAct.ACTIVATE): frozenset({ServiceState.ACTIVE}),
    (ServiceState.PENDING, ServiceAct.CANCEL): frozenset({ServiceState.CANCELLED}),
    (ServiceState.ACTIVE, ServiceAct.SUSPEND): frozenset({ServiceState.SUSPENDED}),
    (ServiceState.ACTIVE, ServiceAct.CANCEL): frozenset({ServiceState.CANCELLED}),
    (ServiceState.SUSPENDED, ServiceAct.SUSPEND): frozenset({ServiceState.SUSPENDED}),
    (ServiceState.SUSPENDED, ServiceAct.RESTORE): frozenset(
        {ServiceState.ACTIVE, ServiceState.SUSPENDED}
    ),
    (ServiceState.SUSPENDED, ServiceAct.CANCEL): frozenset({ServiceState.CANCELLED}),
    (ServiceState.CANCELLED, ServiceAct.RETURN): frozenset({ServiceState.PENDING}),
}

# A payment speaks for the debt alone; an operator may lift anything he names.
LIFTS: Mapping[LiftCause, frozenset[SuspensionReason]] = {
    LiftCause.PAYMENT: frozenset({SuspensionReason.UNPAID}),
    LiftCause.END_OF_REQUEST: frozenset({SuspensionReason.ON_REQUEST}),
    LiftCause.OPERATOR: frozenset(SuspensionReason),
}


@dataclass(frozen=True, slots=True)
class Lift:
    """Reasons that close and reasons that stay open, and the state that follows."""

    lifted: frozenset[SuspensionReason]
    open: frozenset[SuspensionReason]
    state: ServiceState


def state_of(
    open_reasons: Iterable[SuspensionReason],
    activated_on: date | None,
    cancelled_on: date | None = None,
) -> ServiceState:
    """The state that the rows of a service amount to."""
    if cancelled_on is not None:
        return ServiceState.CANCELLED
    if activated_on is None:
        return ServiceState.PENDING
    return ServiceState.SUSPENDED if any(True for _ in open_reasons) else ServiceState.ACTIVE


def require_allowed(state: ServiceState, act: ServiceAct) -> None:
    """Refuse an act that the state does not know."""
    if (state, act) not in TRANSITIONS:
        raise RuleError(ErrorCode.NOT_ALLOWED_IN_STATE, state=str(state), act=str(act))


def suspend(
    state: ServiceState, open_reasons: Iterable[SuspensionReason], reason: SuspensionReason
) -> frozenset[SuspensionReason]:
    """The reasons open after suspending for one more; the same one cannot be open twice."""
    require_allowed(state, ServiceAct.SUSPEND)
    before = frozenset(open_reasons)
    if reason in before:
        raise RuleError(ErrorCode.REASON_ALREADY_OPEN, reason=str(reason))
    return before | {reason}


def lift(
    open_reasons: Iterable[SuspensionReason],
    cause: LiftCause,
    named: Iterable[SuspensionReason] | None = None,
) -> Lift:
    """What a cause lifts of a suspended service's reasons; an operator may name some of them.

    Raises RuleError when a named reason is not open. A payment that finds nothing to lift lifts
    nothing and leaves the service as it was.
    """
    before = frozenset(open_reasons)
    wanted = LIFTS[cause] if named is None else LIFTS[cause] & frozenset(named)
    for reason in sorted(frozenset(named or ()) - before):
        raise RuleError(ErrorCode.REASON_NOT_OPEN, reason=str(reason))
    after = before - wanted
    state = ServiceState.SUSPENDED if after else ServiceState.ACTIVE
    return Lift(before & wanted, after, state)
