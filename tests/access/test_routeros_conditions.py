"""Conditions that somebody added by hand to rows of ours: told by name, and put right."""

from dataclasses import replace

import pytest

from caudal.core.access import Access, Kind, Speed, Technology, diff, wanted
from caudal.core.ports.blocking import CutPolicy, RuleFault
from caudal.integrations.access.routeros.marking import CONDITIONS
from caudal.practice.routeros import V6, V7_NEW, PracticeRouter
from tests.rig.passes import a_whole_pass

TEN = Speed(2_000_000, 10_000_000)
MAC, PREFIX = "02:00:00:00:00:01", "2001:db8:10::/56"
PCQ = Access("2", Technology.PCQ, "paz", TEN, "Plan 10M", address="10.20.0.2", prefix=PREFIX)
DHCP = Access("3", Technology.DHCP, "dora", TEN, address="10.20.0.3", mac=MAC, server="lan")
STATIC = Access(
    "4", Technology.STATIC, "saul", TEN, address="10.20.0.4", mac=MAC, interface="ether2"
)
PPPOE = Access("5", Technology.PPPOE, "eva", TEN, "Plan 10M", password="x")
HOTSPOT = Access("6", Technology.HOTSPOT, "ivo", TEN, "Plan 10M", password="x")
OTHERS = {
    "/queue/simple": {"name": "otro", "target": "10.99.0.1"},
    "/ppp/secret": {"name": "otro"},
    "/ip/hotspot/user": {"name": "otro"},
}
POLICY = CutPolicy("casa1", wan_interfaces=("ether1",), notice_address="10.0.0.99")
NOT_CONDITIONS = {
    *("action", "address-list", "address-list-timeout", "chain", "comment", "disabled"),
    *("hw-offload", "jump-target", "log", "log-prefix", "passthrough", "reject-with"),
    *("new-connection-mark", "new-dscp", "new-mss", "new-packet-mark", "new-priority"),
    *("new-routing-mark", "new-ttl", "sniff-id", "sniff-target", "sniff-target-port"),
    *("randomise-ports", "same-not-by-dst", "socks5-port", "socks5-server", "socksify-service"),
    *("to-address", "to-addresses", "to-ports"),
}
NARROW = {
    "time": "8h-20h,mon,tue",
    "packet-mark": "voz",
    "protocol": "tcp",
    "src-address": "192.168.9.0/24",
    "dst-address": "192.168.9.0/24",
    "dst-port": "443",
    "in-interface": "ether2",
    "out-interface": "ether2",
    "src-mac-address": MAC,
    "priority": "3",
    "limit": "10,5:packet",
    "dscp": "46",
    "connection-state": "new",
    "tls-host": "*.ejemplo.com",
}


@pytest.fixture(params=[V6, V7_NEW])
def router(request):
    with PracticeRouter(request.param) as router:
        router.put("/ip/dhcp-server", name="lan", interface="ether2")
        yield router


def marks(router, family):
    return [r for r in router.rows(f"{family}/firewall/mangle") if r.get("comment")]


def told(plan, kind):
    return {n: change for f in plan.findings if f.kind is kind for n, change in f.changes.items()}


def edit(router, path, row, **values):
    router.edit(path, row[".id"], **{name.replace("-", "_"): v for name, v in values.items()})


@pytest.mark.parametrize("family", ["/ip", "/ipv6"])
def test_every_condition_on_a_mark_of_ours_is_told_and_emptied(router, driver, family):
    a_whole_pass(driver, PCQ)
    path = f"{family}/firewall/mangle"
    before = marks(router, family)
    for name, value in NARROW.items():
        edit(router, path, marks(router, family)[0], **{name: value})
    kind = Kind.MARKING if family == "/ip" else Kind.MARKING6
    plan = a_whole_pass(driver, PCQ)
    assert {n: old for n, (old, new) in told(plan, kind).items() if not new}.keys() == NARROW.keys()
    assert marks(router, family) == before
    router.plug("paz", address="10.20.0.2", prefix=PREFIX)
    assert router.speed("10.20.0.2") == router.speed("2001:db8:10::1") == (2_000_000, 10_000_000)


@pytest.mark.parametrize("side", ["src-address-list", "dst-address-list"])
def test_a_second_list_on_a_mark_of_ours_is_taken_off(router, driver, side):
    a_whole_pass(driver, PCQ)
    before = marks(router, "/ip")
    row = next(row for row in before if not row.get(side))
    edit(router, "/ip/firewall/mangle", row, **{side: "otros"})
    a_whole_pass(driver, PCQ)
    assert marks(router, "/ip") == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("action", "accept"),
        ("new-packet-mark", "otro"),
        ("passthrough", "yes"),
        ("chain", "prerouting"),
        ("connection-mark", "no-mark"),
        ("disabled", "yes"),
    ],
)
def test_a_mark_of_ours_that_does_something_else_is_put_right(router, driver, name, value):
    a_whole_pass(driver, PCQ)
    before = marks(router, "/ip")
    edit(router, "/ip/firewall/mangle", before[0], **{name: value})
    assert diff(wanted([PCQ]), driver.read()).ops
    a_whole_pass(driver, PCQ)
    plain = [{k: v for k, v in row.items() if k != ".id"} for row in before]
    after = [{k: v for k, v in row.items() if k != ".id"} for row in marks(router, "/ip")]
    assert sorted(after, key=str) == sorted(plain, key=str)
    router.plug("paz", address="10.20.0.2", prefix=PREFIX)
    assert router.speed("10.20.0.2") == (2_000_000, 10_000_000)


def test_conditions_on_rules_of_others_stay(router, driver):
    router.put("/ip/firewall/mangle", chain="forward", action="mark-packet", new_packet_mark="voz",
               dst_port="5060", protocol="udp", time="8h-20h,mon")  # fmt: skip
    router.put("/queue/simple", name="otro", target="10.20.0.9/32", time="8h-20h,mon")
    paths = ("/ip/firewall/mangle", "/queue/simple")
    before = [[r for r in router.rows(path) if not r.get("comment")] for path in paths]
    a_whole_pass(driver, PCQ, STATIC)
    assert [[r for r in router.rows(p) if not r.get("comment")] for p in paths] == before


def test_all_that_firewall_rules_take_is_a_condition_or_known_to_be_none(router):
    """A new version of the router's words brings its new conditions with it."""
    for path, table in router.store.tables.items():
        if path.rsplit("/", 1)[-1] in ("mangle", "filter", "nat") and "/firewall/" in path:
            unknown = {*table.menu.arguments} - {*CONDITIONS.split(",")} - NOT_CONDITIONS
            assert not unknown - {"place-before", "copy-from"}, path


@pytest.mark.parametrize(
    ("name", "value"),
    [("time", "8h-20h,mon,tue"), ("dst", "ether1"), ("packet-marks", "no-mark")],
)
def test_a_queue_of_ours_is_for_all_packets_at_all_times(router, driver, name, value):
    a_whole_pass(driver, STATIC)
    before = router.rows("/queue/simple")
    edit(router, "/queue/simple", before[0], **{name: value})
    shown = {"packet-marks": "marks"}.get(name, name)
    assert told(a_whole_pass(driver, STATIC), Kind.QUEUE)[shown][1] == ""
    assert router.rows("/queue/simple") == before


QUOTAS = [
    (STATIC, Kind.QUEUE, "/queue/simple", "total-max-limit", "1000000"),
    (STATIC, Kind.QUEUE, "/queue/simple", "total-burst-limit", "2000000"),
    (PPPOE, Kind.ACCOUNT, "/ppp/secret", "limit-bytes-in", "1000"),
    (PPPOE, Kind.ACCOUNT, "/ppp/secret", "limit-bytes-out", "1000"),
    (HOTSPOT, Kind.HOTSPOT_USER, "/ip/hotspot/user", "limit-bytes-total", "1000"),
    (HOTSPOT, Kind.HOTSPOT_USER, "/ip/hotspot/user", "limit-uptime", "1h"),
]


@pytest.mark.parametrize(("service", "kind", "path", "name", "value"), QUOTAS)
def test_a_quota_that_no_plan_says_is_told_and_taken_off(
    router, driver, service, kind, path, name, value
):
    a_whole_pass(driver, service)
    (row,) = [row for row in router.rows(path) if row.get("comment", "").startswith("caudal:")]
    edit(router, path, row, **{name: value})
    router.put(path, **OTHERS[path], **{name.replace("-", "_"): value})
    assert told(a_whole_pass(driver, service), kind) == {name: (value, "")}
    left = {row["name"]: row.get(name, "0") for row in router.rows(path)}
    assert left.pop("otro") == value and {*left.values()} <= {"0", "0s", ""}


def test_a_queue_that_is_taken_over_loses_its_conditions_at_once(router, driver):
    router.put("/queue/simple", name="saul", target="10.20.0.4/32", time="8h-20h,mon")
    plan = diff(wanted([STATIC]), driver.read(), adopt=[(Kind.QUEUE, "saul")])
    assert all(result.ok for result in driver.apply(plan.ops))
    assert diff(wanted([STATIC]), driver.read()).ops == ()
    assert "time" not in router.rows("/queue/simple")[0]


@pytest.mark.parametrize(("name", "value"), [("client-id", "ff:12:34"), ("block-access", "yes")])
def test_a_lease_of_ours_is_of_its_device_alone_and_open(router, driver, name, value):
    a_whole_pass(driver, DHCP)
    (lease,) = router.rows("/ip/dhcp-server/lease")
    edit(router, "/ip/dhcp-server/lease", lease, **{name: value})
    assert told(a_whole_pass(driver, DHCP), Kind.LEASE).keys() == {name}
    (lease,) = router.rows("/ip/dhcp-server/lease")
    assert lease.get(name, "false") == "false"


def test_a_lease_that_names_its_own_device_once_more_is_right(router, driver):
    a_whole_pass(driver, DHCP)
    (lease,) = router.rows("/ip/dhcp-server/lease")
    edit(router, "/ip/dhcp-server/lease", lease, **{"client-id": "1:2:0:0:0:0:1"})
    assert a_whole_pass(driver, DHCP).ops == ()


@pytest.mark.parametrize("service", [PCQ, replace(PCQ, suspended=True)])
def test_entries_of_ours_that_were_given_an_end_are_written_anew_for_good(router, driver, service):
    a_whole_pass(driver, service)
    paths = ("/ip/firewall/address-list", "/ipv6/firewall/address-list")
    listed = {path: {(r["list"], r["address"]) for r in router.rows(path)} for path in paths}
    for path in paths:
        router.put(path, list="ajena", address=PREFIX if "v6" in path else "10.9.9.9",
                   timeout="1h", comment="de otro")  # fmt: skip
        for row in router.rows(path):
            edit(router, path, row, timeout="1h")
    plan = a_whole_pass(driver, service)
    assert plan.ops and all("timeout" in op.changes for op in plan.ops)
    for path in paths:
        lasting = [row for row in router.rows(path) if "timeout" not in row]
        assert {(row["list"], row["address"]) for row in lasting} == listed[path]
        assert len(lasting) == len(listed[path])
        assert [row["comment"] for row in router.rows(path) if "timeout" in row] == ["de otro"]


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        ("filter", "time", "8h-20h,mon"),
        ("filter", "dst-address", "192.168.9.0/24"),
        ("filter", "src-mac-address", MAC),
        ("nat", "limit", "1,5:packet"),
        ("nat", "src-address", "192.168.9.0/24"),
    ],
)
def test_a_condition_on_a_rule_that_cuts_is_noticed_and_put_right(
    router, driver, table, name, value
):
    assert driver.install_rules(POLICY).ok
    path = f"/ip/firewall/{table}"
    ours = [row for row in router.rows(path) if row.get("comment", "").startswith("caudal:")]
    edit(router, path, ours[-1], **{name: value})
    assert RuleFault.DIFFERENT in {each.fault for each in driver.check_rules(POLICY).problems}
    assert driver.install_rules(POLICY).ok
    again = [row for row in router.rows(path) if row.get("comment", "").startswith("caudal:")]
    assert len(again) == len(ours) and not any(name in row for row in again)
    assert driver.install_rules(POLICY).written == 0
