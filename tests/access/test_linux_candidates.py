"""Customers guessed from what somebody else wrote on a Linux router: classes, marks, lists, ARP."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from caudal.core.access import Technology
from caudal.core.adoption import guess, propose_plans
from caudal.core.ports.access import Candidate
from caudal.core.ports.tools import Lease
from caudal.integrations.access.linux.candidates import candidates

MB = 1_000_000
CLASSES = """\
dev lan class htb 1:1 root rate 900Mbit ceil 900Mbit burst 1375b cburst 1375b
dev lan class htb 1:10 parent 1:1 leaf 10: prio 0 rate 2Mbit ceil 10Mbit burst 1600b cburst 1600b
dev lan class htb 1:20 parent 1:1 prio 0 rate 20Mbit ceil 20Mbit burst 1600b cburst 1600b
dev wan class htb 1:10 root prio 0 rate 2Mbit ceil 2Mbit burst 1600b cburst 1600b
dev caudal-down class htb cada:10 root prio 0 rate 7Mbit ceil 7Mbit burst 1600b cburst 1600b
"""
FILTERS = """\
dev lan
filter parent 1: protocol ip pref 1 u32 chain 0
filter parent 1: protocol ip pref 1 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 flowid 1:10 not_in_hw
  match 0a000005/ffffffff at 16
filter parent 1: protocol ip pref 1 u32 chain 0 fh 800::801 order 2049 key ht 800 bkt 0 *flowid 1:20 not_in_hw
  match 0a000100/ffffff00 at 16
filter parent 1: protocol ip pref 2 flower chain 0 handle 0x1 classid 1:20
  eth_type ipv4
  dst_ip 10.0.0.6
  not_in_hw
filter parent 1: protocol ip pref 3 fw chain 0 handle 0x2a classid 1:20
dev wan
filter parent 1: protocol ip pref 1 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 flowid 1:10 not_in_hw
  match 0a000005/ffffffff at 12
dev caudal-down
filter protocol ip pref 1 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 flowid cada:10 not_in_hw
  match 0a000063/ffffffff at 16
"""  # noqa: E501
LINKS = [
    {"ifname": "lan", "link_type": "ether", "addr_info": [{"local": "10.0.0.1", "prefixlen": 16}]},
    {"ifname": "wan", "link_type": "ether", "addr_info": [{"local": "192.0.2.9", "prefixlen": 24}]},
]
SADDR = {"payload": {"protocol": "ip", "field": "saddr"}}
DADDR = {"payload": {"protocol": "ip", "field": "daddr"}}


def rule(*statements: Any, comment: str = "", chain: str = "forward") -> dict[str, Any]:
    return {
        "rule": {
            "family": "ip", "table": "filter", "chain": chain, "expr": list(statements),
            **({"comment": comment} if comment else {}),
        }
    }  # fmt: skip


def is_(left: Any, right: Any, op: str = "==") -> dict[str, Any]:
    return {"match": {"op": op, "left": left, "right": right}}


def a_set(name: str, *elements: Any, kind: str = "set") -> dict[str, Any]:
    return {kind: {"family": "ip", "table": "filter", "name": name, "elem": list(elements)}}


def said(address: str, comment: str) -> dict[str, Any]:
    return {"elem": {"val": address, "comment": comment}}


def found(
    ruleset: Sequence[Mapping[str, Any]] = (),
    *,
    seen: Sequence[Mapping[str, Any]] = (),
    classes: str = "",
    filters: str = "",
    leases: Sequence[Lease] = (),
) -> dict[str, Candidate]:
    text = "\n".join(
        [
            "@@ links", json.dumps(LINKS), "@@ routes", json.dumps([{"dev": "wan"}]),
            "@@ routes6", "[]", "@@ seen", json.dumps(list(seen)), "@@ bound", "@@ ruleset",
            json.dumps({"nftables": list(ruleset)}), f"@@ classes\n{classes}@@ filters",
            f"{filters}@@ end\n",
        ]
    )  # fmt: skip
    return {each.access.name: each for each in candidates(text, leases)}


def test_classes_and_filters_by_address_give_customers_with_their_speeds() -> None:
    rows = found(classes=CLASSES, filters=FILTERS)
    assert list(rows) == ["10.0.0.5", "10.0.0.6", "10.0.1.0/24"], "ours are not proposed"
    ana = rows["10.0.0.5"].access
    assert (ana.kind, ana.address) == (Technology.SIMPLE_QUEUE, "10.0.0.5")
    assert (ana.speed.down_bps, ana.speed.up_bps) == (10 * MB, 2 * MB)
    assert (ana.speed.guaranteed_down_bps, ana.speed.guaranteed_up_bps) == (2 * MB, 0)
    assert rows["10.0.0.6"].access.speed.down_bps == 20 * MB
    shared = rows["10.0.1.0/24"]
    assert shared.access.address == "" and "wide-address" in shared.doubts


@pytest.mark.parametrize("key", ["priority", "mark"])
def test_rules_and_maps_that_lead_to_classes_are_understood(key: str) -> None:
    value = "1:10" if key == "priority" else 0x2A
    meta = {"key": {"meta": {"key": key}}}
    mapped = {"map": {"key": DADDR, "data": "@clases"}}
    ruleset = [
        a_set("clases", [said("10.0.0.7", "Eva Luna"), value], kind="map"),
        rule({"mangle": {**meta, "value": mapped}}),
        rule(is_(DADDR, "10.0.0.8"), {"mangle": {**meta, "value": value}}, comment="Ivo Paz"),
    ]
    rows = found(ruleset, classes=CLASSES, filters=FILTERS)
    speed = 10 * MB if key == "priority" else 20 * MB
    assert rows["10.0.0.7"].access.speed.down_bps == speed
    assert rows["10.0.0.8"].access.speed.down_bps == speed
    assert (rows["10.0.0.7"].comment, rows["10.0.0.8"].comment) == ("Eva Luna", "Ivo Paz")


def test_whoever_rules_refuse_is_suspended_and_who_is_let_pass_is_not() -> None:
    ruleset = [
        a_set("morosos", said("10.0.0.5", "Ana Ruiz"), "10.0.0.6"),
        a_set("clientes", "10.0.0.7", {"prefix": {"addr": "10.0.2.0", "len": 24}}),
        a_set("avisos", "10.0.0.9"),
        rule(is_(SADDR, "@morosos"), {"counter": {}}, {"drop": None}),
        rule(is_(SADDR, "@clientes", "!="), {"reject": {}}),
        rule(is_({"meta": {"key": "iifname"}}, "lan"), is_(SADDR, "@avisos"),
             is_({"payload": {"protocol": "tcp", "field": "dport"}}, 80), {"redirect": {}}),
        rule(is_(SADDR, "10.0.0.10"), {"jump": {"target": "cortados"}}, comment="Ivo"),
        rule({"reject": {}}, chain="cortados"),
    ]  # fmt: skip
    rows = found(ruleset)
    cut = {name for name, each in rows.items() if each.access.suspended}
    assert cut == {"10.0.0.5", "10.0.0.6", "10.0.0.9", "10.0.0.10"}
    assert rows["10.0.0.5"].comment == "Ana Ruiz" and rows["10.0.0.10"].comment == "Ivo"
    assert not rows["10.0.0.7"].access.suspended and "10.0.2.0/24" in rows


def test_a_port_refused_to_everybody_and_one_opened_to_a_server_are_no_cuts() -> None:
    port = {"payload": {"protocol": "tcp", "field": "dport"}}
    ruleset = [
        a_set("clientes", "10.0.0.5"),
        rule(is_(SADDR, "@clientes"), is_(port, 25), {"reject": {}}),
        rule(is_(DADDR, "10.0.0.5"), is_(port, 80), {"dnat": {"addr": "10.0.0.6"}}),
        rule(is_(SADDR, "10.0.0.0/8"), {"drop": None}),
    ]
    seen = [{"dst": "10.0.0.5", "dev": "lan", "lladdr": "aa:bb:cc:00:00:05", "state": ["STALE"]}]
    assert [each.access.suspended for each in found(ruleset, seen=seen).values()] == [False]


def test_without_any_rules_whoever_was_seen_behind_the_router_is_a_customer() -> None:
    def near(address: str, dev: str, *states: str) -> dict[str, Any]:
        mac = f"aa:bb:cc:00:00:{int(address.rpartition('.')[2]):02x}"
        return {"dst": address, "dev": dev, "lladdr": mac, "state": list(states)}

    seen = [
        near("10.0.0.5", "lan", "STALE"),
        near("10.0.0.6", "lan", "PERMANENT"),
        near("192.0.2.1", "wan", "REACHABLE"),
        {"dst": "10.0.0.8", "dev": "lan", "state": ["FAILED"]},
    ]
    lease = Lease("10.0.0.7", "AA:BB:CC:00:00:07", "dnsmasq", "bound", "eva-luna")
    rows = found(seen=seen, leases=[lease])
    assert list(rows) == ["10.0.0.5", "10.0.0.6", "10.0.0.7"]
    one, two, three = rows.values()
    assert (one.access.mac, one.access.interface, one.online) == ("AA:BB:CC:00:00:05", "lan", True)
    assert two.access.kind == Technology.STATIC, "an entry made static is a binding"
    assert (three.access.mac, three.comment, three.online) == (lease.mac, "eva-luna", False)
    assert all("no-speed" in each.doubts for each in rows.values())


def test_those_of_ours_are_left_out() -> None:
    active = {
        "family": "inet", "table": "caudal", "name": "active4",
        "elem": [said("10.0.0.5", "caudal:7:b0cd1a95"), "10.0.0.6"],
    }  # fmt: skip
    seen = [{"dst": f"10.0.0.{n}", "dev": "lan", "lladdr": "aa:bb:cc:00:00:05"} for n in (5, 6)]
    assert list(found([{"set": active}], seen=seen)) == ["10.0.0.6"]


def test_customers_with_a_name_and_a_speed_are_proposed_with_a_plan() -> None:
    value = {"map": {"key": DADDR, "data": {"set": [[said("10.0.0.5", "Ana Ruiz Peña"), "1:10"]]}}}
    rows = found([rule({"mangle": {"key": {"meta": {"key": "priority"}}, "value": value}})],
                 classes=CLASSES)  # fmt: skip
    (one,) = guess(rows.values())
    assert one.is_likely and one.person == "Ana Ruiz Peña"
    assert [plan.name for plan in propose_plans([one])] == ["10M/0M"]
