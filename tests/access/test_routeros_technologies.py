"""What each technology writes on RouterOS, and what customers then get."""

from dataclasses import replace

import pytest

from caudal.core.access import Access, Kind, Speed, Technology, diff, wanted
from caudal.core.access.marks import is_branded
from caudal.practice.routeros import V6, V7_NEW, PracticeRouter
from tests.rig.passes import a_whole_pass

TEN = Speed(2_000_000, 10_000_000)
TWENTY = Speed(4_000_000, 20_000_000, 6_000_000, 30_000_000, 3_000_000, 15_000_000, 10, priority=3)
MAC, OTHER_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"
PREFIX = "2001:db8:10::/56"
HOT = Access("1", Technology.HOTSPOT, "hugo", TEN, "Plan 10M", "clave", label="Hugo")
PCQ = Access("2", Technology.PCQ, "paz", TEN, "Plan 10M", address="10.20.0.2", label="Paz")
DHCP = Access("3", Technology.DHCP, "dora", TEN, address="10.20.0.3", mac=MAC, server="lan")
STATIC = Access(
    "4", Technology.STATIC, "saul", TEN, address="10.20.0.4", mac=MAC, interface="ether2"
)
DIALS = Access("5", Technology.PPPOE, "pia", TEN, "Plan 10M", "clave", "10.20.0.5")
CUTS = {"chain": "forward", "action": "drop"}


@pytest.fixture(params=[V6, V7_NEW])
def router(request):
    with PracticeRouter(request.param) as router:
        router.put("/ip/pool", name="calle", ranges="10.30.0.2-10.30.0.200")
        router.put("/ip/hotspot", name="plaza", interface="ether2", address_pool="calle")
        router.put("/ip/dhcp-server", name="lan", interface="ether2")
        router.put("/ip/firewall/filter", **CUTS, src_address_list="morosos")
        yield router


def rows(router, path, **having):
    shown = router.rows(path)
    return [row for row in shown if all(row.get(name) == text for name, text in having.items())]


def test_a_hotspot_user_has_the_profile_of_his_plan_on_every_server(router, driver):
    a_whole_pass(driver, HOT)
    (user,) = rows(router, "/ip/hotspot/user", name="hugo")
    (profile,) = rows(router, "/ip/hotspot/user/profile", name=user["profile"])
    assert (user["server"], user["password"]) == ("all", "clave")
    assert profile["name"].startswith("Plan 10M caudal-")
    assert profile["rate-limit"] == "2M/10M"
    router.plug("hugo", "clave", mac=MAC, way="hotspot")
    assert driver.read().sessions[0].kind is Kind.HOTSPOT_SESSION
    assert router.speed(router.sessions()["hugo"]) == (2_000_000, 10_000_000)


def test_a_hotspot_cut_takes_user_session_and_cookie(router, driver):
    a_whole_pass(driver, HOT)
    router.plug("hugo", "clave", mac=MAC, way="hotspot")
    assert rows(router, "/ip/hotspot/cookie", user="hugo")
    plan = a_whole_pass(driver, replace(HOT, suspended=True))
    assert plan.cut == {"1"}
    router.pass_time(30)
    assert not rows(router, "/ip/hotspot/cookie", user="hugo")
    assert not rows(router, "/ip/hotspot/active", user="hugo")
    a_whole_pass(driver, HOT)
    router.plug("hugo", "clave", mac=MAC, way="hotspot")
    assert rows(router, "/ip/hotspot/active", user="hugo")


def test_a_hotspot_user_of_one_server_and_device_can_be_set_free_again(router, driver):
    a_whole_pass(driver, replace(HOT, server="plaza", mac=MAC, address="10.30.0.9"))
    (user,) = rows(router, "/ip/hotspot/user", name="hugo")
    assert (user["server"], user["mac-address"], user["address"]) == ("plaza", MAC, "10.30.0.9")
    a_whole_pass(driver, HOT)
    (user,) = rows(router, "/ip/hotspot/user", name="hugo")
    assert user["server"] == "all"


def test_pcq_divides_a_plan_among_the_addresses_of_its_list(router, driver):
    a_whole_pass(driver, PCQ)
    router.plug("paz", address="10.20.0.2")
    (entry,) = rows(router, "/ip/firewall/address-list", address="10.20.0.2")
    assert entry["list"] == "Plan 10M"
    down, up = (rows(router, "/queue/tree", name=f"Plan 10M {way}")[0] for way in ("down", "up"))
    assert (down["parent"], down["packet-mark"]) == ("global", "Plan 10M down")
    types = {row["name"]: row for row in rows(router, "/queue/type", kind="pcq")}
    assert types[down["queue"]]["pcq-classifier"] == "dst-address"
    assert types[up["queue"]]["pcq-classifier"] == "src-address"
    assert router.speed("10.20.0.2") == (2_000_000, 10_000_000)


def test_a_change_of_plan_moves_the_address_to_another_list(router, driver):
    a_whole_pass(driver, PCQ)
    router.plug("paz", address="10.20.0.2")
    a_whole_pass(driver, replace(PCQ, profile="Plan 20M", speed=TWENTY))
    assert [row["list"] for row in rows(router, "/ip/firewall/address-list")] == ["Plan 20M"]
    assert {row["name"] for row in rows(router, "/queue/tree")} == {"Plan 20M down", "Plan 20M up"}
    assert {row["priority"] for row in rows(router, "/queue/tree")} == {"3"}
    ours = [row for row in rows(router, "/queue/type") if is_branded(row["name"])]
    assert len(ours) == 2
    assert {row["pcq-burst-time"] for row in ours} == {"10s"}


def test_pcq_can_give_a_whole_network_one_queue(router, driver):
    a_whole_pass(driver, replace(PCQ, subnet="10.20.0.0/24"))
    router.plug("paz", address="10.20.0.2")
    (queue,) = rows(router, "/queue/simple")
    assert (queue["name"], queue["target"]) == ("Plan 10M 10.20.0.0/24", "10.20.0.0/24")
    assert rows(router, "/queue/tree") == rows(router, "/ip/firewall/mangle") == []
    assert router.speed("10.20.0.2") == (2_000_000, 10_000_000)
    a_whole_pass(driver, PCQ)
    assert rows(router, "/queue/simple") == []


def test_a_prefix_by_pcq_has_the_marks_the_tree_and_the_speed_of_its_plan(router, driver):
    service = replace(PCQ, prefix=PREFIX)
    a_whole_pass(driver, service)
    router.plug("paz", address="10.20.0.2", prefix=PREFIX)
    (entry,) = rows(router, "/ipv6/firewall/address-list")
    assert (entry["list"], entry["address"]) == ("Plan 10M", PREFIX)
    four, six = (rows(router, f"{ip}/firewall/mangle") for ip in ("/ip", "/ipv6"))
    assert [row["new-packet-mark"] for row in four] == [row["new-packet-mark"] for row in six]
    assert len(rows(router, "/queue/tree")) == 2
    inside = "2001:db8:10:12::7"
    assert router.speed(inside) == router.speed("10.20.0.2") == (2_000_000, 10_000_000)
    router.put("/ipv6/firewall/filter", **CUTS, src_address_list="morosos")
    assert a_whole_pass(driver, replace(service, suspended=True)).cut == {"2"}
    assert not router.can_browse(inside) and not router.can_browse("10.20.0.2")
    a_whole_pass(driver, service)
    assert router.can_browse(inside)
    a_whole_pass(driver, replace(service, profile="Plan 20M", speed=TWENTY))
    assert router.speed(inside) == (4_000_000, 20_000_000)
    a_whole_pass(driver, replace(PCQ, prefix="2001:db8:99::/56"))
    assert router.speed(inside) == (0, 0)
    a_whole_pass(driver, PCQ)
    assert (
        rows(router, "/ipv6/firewall/address-list") == rows(router, "/ipv6/firewall/mangle") == []
    )
    assert {row["pcq-dst-address6-mask"] for row in rows(router, "/queue/type")
            if is_branded(row["name"])} == {"128"}  # fmt: skip
    a_whole_pass(driver)
    assert not [row for row in rows(router, "/queue/type") if is_branded(row["name"])]


def test_prefixes_of_another_length_are_divided_apart(router, driver):
    """PCQ tells customers apart by one length: in a shorter one each part would be a customer."""
    usual = [
        replace(PCQ, service_id=f"1{n}", address=f"10.20.1.{n}", prefix=f"2001:db8:{n}::/56")
        for n in (1, 2)
    ]
    odd = replace(PCQ, prefix="2001:db8:9:900::/64")
    a_whole_pass(driver, *usual, odd)
    for access in (*usual, odd):
        router.plug(f"c{access.service_id}", address=access.address, prefix=access.prefix)
        inside = access.prefix.replace("::/", "::5/").partition("/")[0]
        assert router.speed(inside) == (2_000_000, 10_000_000)
    masks = {row["name"].split(" caudal")[0]: row["pcq-src-address6-mask"]
             for row in rows(router, "/queue/type") if is_branded(row["name"])}  # fmt: skip
    assert masks["Plan 10M up"] == "56" and masks["Plan 10M /64 up"] == "64"
    a_whole_pass(driver, *usual)
    assert {row["list"] for row in rows(router, "/ipv6/firewall/address-list")} == {"Plan 10M"}


def test_a_network_with_one_queue_gives_prefixes_their_speed_by_marks(router, driver):
    a_whole_pass(driver, replace(PCQ, subnet="10.20.0.0/24", prefix=PREFIX))
    router.plug("paz", address="10.20.0.2", prefix=PREFIX)
    assert rows(router, "/ip/firewall/mangle") == []
    assert router.speed("10.20.0.2") == router.speed("2001:db8:10::1") == (2_000_000, 10_000_000)


def test_a_router_without_ipv6_keeps_who_has_no_prefix_in_sync(router, driver):
    """RouterOS 6 comes with the package switched off."""
    for menu in ("address-list", "mangle"):
        del router.store.tables[f"/ipv6/firewall/{menu}"]
    want = wanted([PCQ, replace(PCQ, service_id="3", address="10.20.0.3", prefix=PREFIX)])
    results = driver.apply(diff(want, driver.read()).ops)
    assert {r.op.row.kind for r in results if not r.ok} == {Kind.MEMBER6, Kind.MARKING6}
    assert diff(want, driver.read()).out_of_sync == {"3"}
    router.plug("paz", address="10.20.0.2")
    assert router.speed("10.20.0.2") == (2_000_000, 10_000_000)


def test_a_type_edited_by_hand_is_put_right(router, driver):
    a_whole_pass(driver, replace(PCQ, prefix=PREFIX))
    (name,) = (row["name"] for row in rows(router, "/queue/type") if " down caudal" in row["name"])
    router.edit("/queue/type", name, pcq_dst_address6_mask="128", pcq_dst_address_mask="24")
    plan = a_whole_pass(driver, replace(PCQ, prefix=PREFIX))
    (found,) = [f for f in plan.findings if f.kind is Kind.QUEUE_TYPE]
    assert found.changes.keys() == {"mask", "mask6"}


def test_marks_stand_where_they_are_reached(router, driver):
    """Before what leaves nothing for them, and after exceptions that were made on purpose."""
    exception = {"chain": "forward", "action": "accept", "protocol": "udp", "dst_port": "5060"}
    for family in ("/ip", "/ipv6"):
        mangle = f"{family}/firewall/mangle"
        router.put(mangle, **exception)
        router.put(mangle, chain="forward", action="accept", src_address_list="ilimitados")
        router.put(mangle, chain="forward", action="mark-packet", new_packet_mark="todo",
                   passthrough="no", packet_mark="no-mark")  # fmt: skip
    before = {f: rows(router, f"{f}/firewall/mangle") for f in ("/ip", "/ipv6")}
    service = replace(PCQ, prefix=PREFIX)
    a_whole_pass(driver, service)
    router.plug("paz", address="10.20.0.2", prefix=PREFIX)
    assert router.speed("10.20.0.2") == router.speed("2001:db8:10::1") == (2_000_000, 10_000_000)
    for family, others in before.items():
        found = rows(router, f"{family}/firewall/mangle")
        assert [row for row in found if not row.get("comment")] == others
        places = [row.get("new-packet-mark", "-") for row in found]
        assert places == ["-", "-", "Plan 10M down", "Plan 10M up", "todo"]


def test_a_rule_put_before_ours_is_seen_and_ours_moved_above_it(router, driver):
    a_whole_pass(driver, PCQ)
    router.plug("paz", address="10.20.0.2")
    rule = router.put(
        "/ip/firewall/mangle", chain="forward", action="mark-packet", new_packet_mark="red",
        passthrough="no", src_address="10.20.0.0/24",
    )  # fmt: skip
    first = rows(router, "/ip/firewall/mangle")[0][".id"]
    with router.lock:
        table = router.store.table("/ip/firewall/mangle")
        table.move([rule], first)
    assert router.speed("10.20.0.2") == (0, 10_000_000)
    plan = a_whole_pass(driver, PCQ)
    assert [(f.key, dict(f.changes)) for f in plan.findings] == [
        ("Plan 10M up", {"place": ("below", "")})
    ]
    assert router.speed("10.20.0.2") == (2_000_000, 10_000_000)
    router.edit("/ip/firewall/mangle", rule.id, src_address="192.168.0.0/24")
    with router.lock:
        table.move([rule], first)
    assert a_whole_pass(driver, PCQ).ops == ()


@pytest.mark.parametrize("deep", [False, True])
def test_a_chain_that_is_jumped_to_and_ends_there_stands_in_the_way_too(router, driver, deep):
    mangle = "/ip/firewall/mangle"
    router.put(mangle, chain="forward", action="jump", jump_target="clientes",
               in_interface_list="LAN")  # fmt: skip
    router.put(mangle, chain="clientes", action="mark-connection", new_connection_mark="c",
               passthrough="yes")  # fmt: skip
    ending = "accept" if deep else "return"
    router.put(mangle, chain="clientes", action=ending, connection_state="established,new")
    a_whole_pass(driver, PCQ)
    marks = [row.get("new-packet-mark", "-") for row in rows(router, mangle)]
    assert (marks.index("-") > 0) is deep


def test_a_queue_of_a_customer_that_was_left_marked_packets_alone_is_put_right(router, driver):
    a_whole_pass(driver, STATIC)
    router.edit("/queue/simple", "saul", packet_marks="voz")
    plan = a_whole_pass(driver, STATIC)
    assert plan.ops[0].changes["marks"] == ("voz", "")
    router.plug("saul", address="10.20.0.4", mac=MAC)
    assert router.speed("10.20.0.4") == (2_000_000, 10_000_000)


def test_a_lease_carries_address_device_and_speed(router, driver):
    a_whole_pass(driver, DHCP)
    (lease,) = rows(router, "/ip/dhcp-server/lease")
    assert (lease["address"], lease["mac-address"], lease["server"]) == ("10.20.0.3", MAC, "lan")
    assert lease["rate-limit"] == "2M/10M"
    router.plug("dora", mac=MAC, way="dhcp")
    assert router.sessions()["dora"] == "10.20.0.3"
    assert router.can_browse("10.20.0.3")
    a_whole_pass(driver, replace(DHCP, suspended=True))
    assert not router.can_browse("10.20.0.3")
    a_whole_pass(driver, DHCP)
    assert router.can_browse("10.20.0.3")


def test_two_leases_may_change_places(router, driver):
    other = replace(DHCP, service_id="9", name="otro", address="10.20.0.9", mac=OTHER_MAC)
    a_whole_pass(driver, DHCP, other)
    a_whole_pass(driver, replace(DHCP, mac=OTHER_MAC), replace(other, mac=MAC))
    assert {
        row["address"]: row["mac-address"] for row in rows(router, "/ip/dhcp-server/lease")
    } == {
        "10.20.0.3": OTHER_MAC,
        "10.20.0.9": MAC,
    }


def test_a_lease_made_by_hand_for_the_device_is_a_conflict_and_stays(router, driver):
    router.put("/ip/dhcp-server/lease", address="10.20.0.77", mac_address=MAC, server="lan")
    plan = diff(wanted([DHCP]), driver.read())
    assert [finding.code for finding in plan.conflicts] == ["mac-taken"]
    assert plan.ops == ()


def test_a_static_address_is_bound_to_its_device(router, driver):
    a_whole_pass(driver, STATIC)
    (entry,) = rows(router, "/ip/arp", address="10.20.0.4")
    assert (entry["mac-address"], entry["interface"]) == (MAC, "ether2")
    a_whole_pass(driver, replace(STATIC, mac=OTHER_MAC))
    (entry,) = rows(router, "/ip/arp", address="10.20.0.4")
    assert entry["mac-address"] == OTHER_MAC
    a_whole_pass(driver)
    assert rows(router, "/ip/arp", address="10.20.0.4") == []


@pytest.mark.parametrize("service", [STATIC, replace(DHCP, duid="00030001aabb", iaid="1")])
def test_a_prefix_is_limited_and_cut_with_its_customer(router, driver, service):
    with_prefix = replace(service, prefix=PREFIX)
    a_whole_pass(driver, with_prefix)
    a_whole_pass(driver, replace(with_prefix, suspended=True))
    (listed,) = rows(router, "/ipv6/firewall/address-list")
    assert (listed["list"], listed["address"]) == ("morosos", PREFIX)
    a_whole_pass(driver, with_prefix)
    assert rows(router, "/ipv6/firewall/address-list") == []
    a_whole_pass(driver, service)
    assert rows(router, "/ipv6/dhcp-server/binding") == []


def test_a_prefix_over_dhcp_is_bound_to_its_client(router, driver):
    a_whole_pass(driver, replace(DHCP, prefix=PREFIX, duid="00030001aabb", iaid="1"))
    (binding,) = rows(router, "/ipv6/dhcp-server/binding")
    assert (binding["address"], binding["duid"], binding["iaid"]) == (
        PREFIX, "0x00030001aabb", "1",
    )  # fmt: skip


def test_pppoe_gives_a_prefix_of_the_link_or_routes_a_wider_one(router, driver):
    a_whole_pass(driver, replace(DIALS, prefix="2001:db8:10::/64"))
    assert rows(router, "/ppp/secret")[0]["remote-ipv6-prefix"] == "2001:db8:10::/64"
    a_whole_pass(driver, replace(DIALS, prefix=PREFIX))
    (secret,) = rows(router, "/ppp/secret")
    assert secret["ipv6-routes"] == PREFIX
    assert not secret.get("remote-ipv6-prefix")
    router.put("/ipv6/pool", name="v6", prefix="2001:db8:100::/40", prefix_length="56")
    a_whole_pass(driver, replace(DIALS, pool6="v6"))
    (profile,) = rows(router, "/ppp/profile", name="Plan 10M")
    assert profile["dhcpv6-pd-pool"] == "v6"


@pytest.mark.parametrize("after", [HOT, PCQ, DHCP, STATIC, DIALS], ids=lambda a: a.kind)
@pytest.mark.parametrize("before", [HOT, PCQ, DHCP, STATIC, DIALS], ids=lambda a: a.kind)
def test_a_change_of_technology_leaves_nothing_of_the_old_one(router, driver, before, after):
    a_whole_pass(driver, replace(before, service_id="7"))
    plan = a_whole_pass(driver, replace(after, service_id="7"))
    assert plan.cut == frozenset()
    of_the_service = {
        (row.kind, row.key) for row in driver.read().rows if "caudal:7:" in row.comment
    }
    assert of_the_service == {
        (row.kind, row.key)
        for row in wanted([replace(after, service_id="7")]).rows
        if "caudal:7:" in row.comment
    }


def test_a_router_without_a_package_is_read_whole_and_has_no_rows_of_it(router, driver):
    a_whole_pass(driver, STATIC)
    for path in ("/ip/hotspot/user", "/ip/hotspot/active", "/ipv6/dhcp-server/binding"):
        del router.store.tables[path]
    assert driver.read().complete
    assert diff(wanted([STATIC]), driver.read()).ops == ()
    assert driver.sessions() == []
    assert driver.counters()


def test_interfaces_that_speak_with_bound_devices_alone_are_reported(router, driver):
    router.put("/interface/bridge", name="lan", arp="reply-only")
    assert driver.probe().facts["reply_only"] == "lan"


def test_the_model_of_trial_users_is_nobodys_account(router, driver):
    assert rows(router, "/ip/hotspot/user", name="default-trial")
    assert diff(wanted([]), driver.read()).unknown == ()
