"""Somebody's entry on the cut list keeps a customer from browsing: told, whatever its shape."""

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
from caudal.core.access.listing import listed_by_hand

ANA = Access(
    "1", Technology.SIMPLE_QUEUE, "ana", Speed(1_000, 2_000), address="10.5.0.7",
    prefix="2001:db8:1:100::/56",
)  # fmt: skip
SHAPES = {
    "10.5.0.7": Kind.BLOCK,
    "10.5.0.0/16": Kind.BLOCK,
    "10.5.0.1-10.5.0.9": Kind.BLOCK,
    "2001:db8:1:100::/56": Kind.BLOCK6,
    "2001:db8::/32": Kind.BLOCK6,
}


def told(entry: str, *, access: Access = ANA, off: bool = False) -> list[tuple[Kind | None, str]]:
    kind = Kind.BLOCK6 if ":" in entry else Kind.BLOCK
    row = Row(kind, entry, {"enabled": "no"} if off else {}, "a mano")
    plan = diff(wanted([access], owner="o"), Snapshot(True, Device(), (row,)))
    assert not [op for op in plan.ops if op.before is row]
    return [
        (each.kind, each.changes.get("holder", (entry, ""))[0])
        for each in plan.findings
        if each.code is Code.FOREIGN_BLOCK
    ]


@pytest.mark.parametrize("entry", SHAPES)
def test_an_entry_that_holds_the_customer_is_told(entry):
    assert told(entry) == [(SHAPES[entry], entry)]


@pytest.mark.parametrize("entry", ["10.6.0.0/16", "10.5.0.8-10.5.0.9", "deudores.example", "x-y"])
def test_entries_of_others_are_not(entry):
    assert told(entry) == []


def test_an_entry_that_is_off_holds_nobody():
    assert told("10.5.0.0/16", off=True) == []


def test_who_is_cut_on_purpose_misses_nothing():
    cut = replace(ANA, suspended=True)
    assert told("10.5.0.0/16", access=cut) == told("2001:db8::/32", access=cut) == []


def test_a_queue_that_names_an_interface_is_in_no_network():
    queue = Row(Kind.QUEUE, "ana", {"target": "ether2"}, "caudal o s1")
    network = Row(Kind.BLOCK, "10.0.0.0/8", {}, "a mano")
    assert list(listed_by_hand([queue], [], [network])) == []
