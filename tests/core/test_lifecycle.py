"""A service is active only while no reason holds it, and a payment lifts the debt alone."""

from datetime import date
from itertools import product

import pytest

from caudal.core.errors import ErrorCode, RuleError
from caudal.core.lifecycle import (
    TRANSITIONS,
    LiftCause,
    ServiceAct,
    ServiceState,
    SuspensionReason,
    lift,
    require_allowed,
    state_of,
    suspend,
)

UNPAID, BY_HAND = SuspensionReason.UNPAID, SuspensionReason.BY_HAND
ON_REQUEST, ABUSE = SuspensionReason.ON_REQUEST, SuspensionReason.ABUSE
DAY = date(2026, 7, 5)


def test_the_state_follows_from_the_rows() -> None:
    assert state_of([], None) is ServiceState.PENDING
    assert state_of([], DAY) is ServiceState.ACTIVE
    assert state_of([UNPAID], DAY) is ServiceState.SUSPENDED
    assert state_of([UNPAID], DAY, DAY) is ServiceState.CANCELLED
    assert state_of([], None, DAY) is ServiceState.CANCELLED


def test_each_state_knows_its_acts() -> None:
    assert set(TRANSITIONS) == {
        (ServiceState.PENDING, ServiceAct.ACTIVATE),
        (ServiceState.PENDING, ServiceAct.CANCEL),
        (ServiceState.ACTIVE, ServiceAct.SUSPEND),
        (ServiceState.ACTIVE, ServiceAct.CANCEL),
        (ServiceState.SUSPENDED, ServiceAct.SUSPEND),
        (ServiceState.SUSPENDED, ServiceAct.RESTORE),
        (ServiceState.SUSPENDED, ServiceAct.CANCEL),
        (ServiceState.CANCELLED, ServiceAct.RETURN),
    }


def test_every_other_act_is_refused() -> None:
    for state, act in product(ServiceState, ServiceAct):
        if (state, act) in TRANSITIONS:
            require_allowed(state, act)
            continue
        with pytest.raises(RuleError) as refused:
            require_allowed(state, act)
        assert refused.value.code == ErrorCode.NOT_ALLOWED_IN_STATE
        assert refused.value.params == {"state": str(state), "act": str(act)}


def test_reasons_add_up() -> None:
    one = suspend(ServiceState.ACTIVE, [], UNPAID)
    assert suspend(ServiceState.SUSPENDED, one, ABUSE) == {UNPAID, ABUSE}


def test_a_reason_is_open_once() -> None:
    with pytest.raises(RuleError) as refused:
        suspend(ServiceState.SUSPENDED, [UNPAID], UNPAID)
    assert refused.value.code == ErrorCode.REASON_ALREADY_OPEN


def test_a_cancelled_service_is_not_suspended() -> None:
    with pytest.raises(RuleError):
        suspend(ServiceState.CANCELLED, [], UNPAID)


def test_a_payment_lifts_only_the_debt() -> None:
    alone = lift([UNPAID], LiftCause.PAYMENT)
    assert (alone.lifted, alone.open, alone.state) == (
        frozenset({UNPAID}),
        frozenset(),
        ServiceState.ACTIVE,
    )
    held = lift([UNPAID, BY_HAND], LiftCause.PAYMENT)
    assert (held.lifted, held.open) == (frozenset({UNPAID}), frozenset({BY_HAND}))
    assert held.state is ServiceState.SUSPENDED
    nothing = lift([ABUSE], LiftCause.PAYMENT)
    assert (nothing.lifted, nothing.state) == (frozenset(), ServiceState.SUSPENDED)


def test_the_end_of_a_hold_lifts_the_hold() -> None:
    assert lift([UNPAID, ON_REQUEST], LiftCause.END_OF_REQUEST).open == {UNPAID}


def test_an_operator_lifts_what_he_names() -> None:
    assert lift([UNPAID, ABUSE], LiftCause.OPERATOR).state is ServiceState.ACTIVE
    named = lift([UNPAID, ABUSE], LiftCause.OPERATOR, [UNPAID])
    assert (named.lifted, named.open) == (frozenset({UNPAID}), frozenset({ABUSE}))


def test_a_payment_cannot_name_another_reason() -> None:
    assert lift([UNPAID, ABUSE], LiftCause.PAYMENT, [ABUSE]).open == {UNPAID, ABUSE}


def test_a_reason_that_is_not_open_cannot_be_lifted() -> None:
    with pytest.raises(RuleError) as refused:
        lift([UNPAID], LiftCause.OPERATOR, [ABUSE])
    assert refused.value.code == ErrorCode.REASON_NOT_OPEN
