"""A few cuts are proved before the rest, and an hour has a ceiling."""

import pytest

from caudal.core.access import (
    Code,
    Diff,
    Effect,
    Kind,
    Op,
    Row,
    Verb,
    first_cuts,
    hourly_ceiling,
    is_proved,
)


def plan_of(*cut: int, active: int = 30) -> Diff:
    ops = tuple(
        Op(Verb.ADD, Row(Kind.BLOCK, f"10.0.0.{n}"), None, str(n), Code.MISSING, Effect.CUT)
        for n in cut
    )
    return Diff(ops, active=frozenset(str(n) for n in range(active)))


def after(*down: int, active: int = 30) -> Diff:
    return Diff(active=frozenset(str(n) for n in range(active) if n not in down))


@pytest.mark.parametrize(
    ("active", "chosen", "ceiling"),
    [(0, None, 100), (999, None, 100), (1001, None, 100), (5000, None, 500), (5000, 7, 7)],
)
def test_hour_has_a_ceiling_of_a_hundred_or_a_tenth_or_as_chosen(
    active: int, chosen: int | None, ceiling: int
) -> None:
    assert hourly_ceiling(active, chosen) == ceiling


def test_up_to_five_cuts_need_no_proof_of_the_first() -> None:
    assert first_cuts(plan_of(*range(5))) == frozenset()
    assert first_cuts(plan_of(*range(6))) == {"0", "1", "2", "3", "4"}


def test_those_already_down_are_not_among_the_first() -> None:
    assert not first_cuts(plan_of(1, 2, 40, 41, 42, 43))


def test_first_cuts_are_proved_when_they_and_nobody_else_are_down() -> None:
    plan = plan_of(*range(10))
    first = first_cuts(plan)
    assert is_proved(plan, after(0, 1, 2, 3, 4), first)
    assert not is_proved(plan, after(0, 1, 2, 3), first), "one of them still works"
    assert not is_proved(plan, after(0, 1, 2, 3, 4, 20), first), "somebody else stopped working"


def test_who_was_to_leave_the_router_is_not_missed() -> None:
    gone = Op(Verb.REMOVE, Row(Kind.QUEUE, "a"), Row(Kind.QUEUE, "a"), "20", Code.EXTRA)
    plan = plan_of(*range(10))
    plan = Diff((*plan.ops, gone), active=plan.active)
    assert is_proved(plan, after(0, 1, 2, 3, 4, 20), first_cuts(plan))
