"""PCQ made by hand: left where it does what ours would, told where it replaces ours."""

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


def test_a_rule_that_marks_after_ours_is_told():
    """What marks before them is replaced by ours."""
    later = compared(by_hand(rate="5000000", chain="postrouting"))
    told = [f for f in later.findings if f.code is Code.OVERRIDDEN]
    assert [(f.key, f.services) for f in told] == [("m-down", ("1",))]
    assert not compared(by_hand(rate="5000000")).conflicts


def by_connections(rate="10000000"):
    """Connections of the list are marked, then their packets; one simple queue divides them."""
    return [
        *(row for row in by_hand(rate) if row.kind is Kind.QUEUE_TYPE),
        Row(Kind.MARKING, "m", {"list": "Oro,Plata", "direction": "both", "connection": "c"}),
        Row(Kind.QUEUE, "reparte", {"target": "", "marks": "m", "divides": "t-up/t-down"}),
    ]


def test_marks_by_connection_and_a_simple_queue_count_as_well():
    assert written(compared(by_connections())) == {Kind.MEMBER}
    faster = compared(by_connections(rate="20000000"))
    assert {op.row.key.split()[-1] for op in faster.ops if op.row.kind is Kind.MARKING} == {"down"}
    assert {f.services for f in faster.findings if f.kind is Kind.MARKING} == {("1",)}


SIX = replace(ANA, prefix="2001:db8:1::/56")


def both_families(mask6="56", **queue):
    rows = [
        replace(row, attrs={**row.attrs, "mask6": mask6}) if row.kind is Kind.QUEUE_TYPE else row
        for row in by_hand()
    ]
    return [*rows, *(replace(row, kind=Kind.MARKING6) for row in rows if row.kind is Kind.MARKING)]


def test_each_family_counts_alone():
    def ops(rows):
        return written(diff(wanted([SIX], owner="o"), Snapshot(True, Device(), tuple(rows))))

    assert ops(both_families()) == {Kind.MEMBER, Kind.MEMBER6}
    six_alone = {Kind.MEMBER, Kind.MEMBER6, Kind.QUEUE_TYPE, Kind.TREE, Kind.MARKING6}
    assert ops(by_hand()) == six_alone
    assert ops(both_families(mask6="64")) == six_alone


def test_a_type_that_a_queue_of_a_network_needs_is_written_with_it():
    network = replace(SIX, subnet="10.5.0.0/24")
    plan = diff(wanted([network], owner="o"), Snapshot(True, Device(), tuple(both_families())))
    assert written(plan) == {Kind.MEMBER, Kind.MEMBER6, Kind.QUEUE_TYPE, Kind.QUEUE}
