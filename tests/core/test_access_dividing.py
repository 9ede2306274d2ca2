"""PCQ made by hand: left where it does what ours would, told where it stands in the way."""

from dataclasses import replace

import pytest

from caudal.core.access import (
    Access,
    Code,
    Device,
    Kind,
    Row,
    Snapshot,
    Speed,
    Technology,
    diff,
    wanted,
)

ANA = Access(
    "1", Technology.PCQ, "ana", Speed(2_000_000, 10_000_000), profile="Plata", address="10.5.0.7"
)
PARTS = {Kind.QUEUE_TYPE, Kind.TREE, Kind.MARKING}


def by_hand(rate="10000000", **mark):
    rows = []
    for side, classifier, most in (("up", "src-address", "2000000"), ("down", "dst-address", rate)):
        marking = {"list": "Plata", "direction": side} | mark
        rows += [
            Row(Kind.QUEUE_TYPE, f"t-{side}", {"classifier": classifier, "rate": most}),
            Row(Kind.TREE, f"q-{side}", {"mark": f"m-{side}", "type": f"t-{side}"}),
            Row(Kind.MARKING, f"m-{side}", marking),
        ]
    return rows


def compared(rows):
    return diff(wanted([ANA], owner="o"), Snapshot(True, Device(), tuple(rows)))


def written(plan):
    return {op.row.kind for op in plan.ops}


def test_the_same_speed_made_by_hand_is_not_made_again():
    plan = compared(by_hand())
    assert written(plan) == {Kind.MEMBER}
    assert not [f for f in plan.findings if f.code is Code.UNMARKED]


def test_each_direction_counts_alone():
    plan = compared(by_hand(rate="5000000"))
    assert {op.row.key.split()[-1] for op in plan.ops if op.row.kind is Kind.MARKING} == {"down"}


@pytest.mark.parametrize("gone", sorted(PARTS))
def test_what_is_not_whole_is_made_by_us(gone):
    assert written(compared(row for row in by_hand() if row.kind is not gone)) >= PARTS


def test_what_is_switched_off_divides_nothing():
    off = [
        replace(row, attrs={**row.attrs, "enabled": "no"}) if row.kind is Kind.TREE else row
        for row in by_hand()
    ]
    assert written(compared(off)) >= PARTS


def test_a_rule_that_comes_first_and_lets_nothing_through_is_told():
    told = [f for f in compared(by_hand(rate="5000000")).findings if f.code is Code.UNMARKED]
    assert [(f.key, f.services) for f in told] == [("m-down", ("1",))]
    through = compared(by_hand(rate="5000000", passthrough="yes"))
    assert not [f for f in through.findings if f.code is Code.UNMARKED]
