"""The data plane of every way of access: who browses, how fast, who sees which page."""

import pytest

from caudal.practice.routeros import V6, V7, PracticeRouter
from tests.practice.rig import Talk

MAC = "AA:BB:CC:00:00:01"
OTHER = "AA:BB:CC:00:00:02"


@pytest.fixture(params=[V6, V7])
def router(request):
    with PracticeRouter(request.param) as router:
        yield router


def dhcp(router, **about):
    router.put("/ip/pool", name="hogar", ranges="10.40.0.10-10.40.0.20")
    router.put("/ip/dhcp-server", name="dhcp1", interface="ether2", address_pool="hogar", **about)


def hotspot(router, **about):
    router.put("/ip/pool", name="plaza", ranges="10.50.0.10-10.50.0.20")
    router.put("/ip/hotspot", name="plaza", interface="ether2", address_pool="plaza")
    router.put("/ip/hotspot/user/profile", name="5M", rate_limit="1M/5M", **about)


# -- pcq


def pcq(router, rate="10M"):
    kinds = (("subida", "2M", "src-address"), ("bajada", rate, "dst-address"))
    for name, limit, side in kinds:
        router.put("/queue/type", name=name, kind="pcq", pcq_rate=limit, pcq_classifier=side)


def marks(router, listed="plan-10M"):
    rule = {"chain": "forward", "action": "mark-packet", "passthrough": "no"}
    router.put(
        "/ip/firewall/mangle", **rule, src_address_list=listed, new_packet_mark=f"{listed}-sube"
    )
    router.put(
        "/ip/firewall/mangle", **rule, dst_address_list=listed, new_packet_mark=f"{listed}-baja"
    )


def test_pcq_in_a_tree_gives_each_listed_address_its_rate(router):
    pcq(router)
    marks(router)
    for name, mark, kind in (
        ("sube", "plan-10M-sube", "subida"),
        ("baja", "plan-10M-baja", "bajada"),
    ):
        router.put("/queue/tree", name=name, parent="global", packet_mark=mark, queue=kind)
    router.plug("eva", address="10.30.0.3", mac=MAC)
    assert router.speed("10.30.0.3") == (0, 0)
    entry = router.put("/ip/firewall/address-list", list="plan-10M", address="10.30.0.3")
    assert router.speed("10.30.0.3") == (2_000_000, 10_000_000)
    router.edit("/queue/type", "bajada", pcq_rate="20M")
    assert router.speed("10.30.0.3") == (2_000_000, 20_000_000)
    router.delete("/ip/firewall/address-list", entry.id)
    assert router.speed("10.30.0.3") == (0, 0)


def test_a_tree_may_hang_from_interfaces_and_from_other_trees(router):
    pcq(router)
    marks(router)
    router.put("/queue/tree", name="afuera", parent="ether1", max_limit="100M")
    router.put(
        "/queue/tree", name="sube", parent="afuera", packet_mark="plan-10M-sube", queue="subida"
    )
    router.put(
        "/queue/tree", name="baja", parent="ether2", packet_mark="plan-10M-baja", queue="bajada"
    )
    router.put("/ip/firewall/address-list", list="plan-10M", address="10.30.0.0/24")
    router.plug("eva", address="10.30.0.3", mac=MAC)
    assert router.speed("10.30.0.3") == (2_000_000, 10_000_000)
    router.edit("/queue/tree", "baja", disabled="yes")
    assert router.speed("10.30.0.3") == (2_000_000, 0)


def test_one_queue_with_pcq_types_serves_a_subnet(router):
    pcq(router)
    router.put("/queue/simple", name="red", target="10.30.0.0/24", queue="subida/bajada")
    router.plug("eva", address="10.30.0.3")
    assert router.speed("10.30.0.3") == (2_000_000, 10_000_000)
    assert router.speed("10.31.0.3") == (0, 0)


def test_a_queue_for_a_mark_passes_over_those_without_it(router):
    pcq(router)
    marks(router)
    router.put(
        "/queue/simple",
        name="plan",
        target="10.30.0.0/24",
        packet_marks="plan-10M-sube,plan-10M-baja",
        queue="subida/bajada",
    )
    router.put("/queue/simple", name="resto", target="10.30.0.0/24", max_limit="1M/1M")
    router.put("/ip/firewall/address-list", list="plan-10M", address="10.30.0.3")
    router.plug("eva", address="10.30.0.3")
    router.plug("noa", address="10.30.0.4")
    assert router.speed("10.30.0.3") == (2_000_000, 10_000_000)
    assert router.speed("10.30.0.4") == (1_000_000, 1_000_000)


def test_the_first_queue_counts_and_its_parent_limits_it(router):
    router.put("/queue/simple", name="torre", target="ether2", max_limit="3M/8M")
    router.put("/queue/simple", name="eva", target="10.30.0.3", max_limit="2M/20M", parent="torre")
    router.plug("eva", address="10.30.0.3", wants_bps=80_000_000)
    with Talk(router) as talk:
        talk.ask("/queue/simple/move", "=numbers=eva", "=destination=torre")
        talk.ask("/queue/simple/move", "=numbers=*2", "=destination=*1")
    assert router.speed("10.30.0.3") == (2_000_000, 8_000_000)
    router.pass_time(8)
    assert [row["bytes"] for row in router.rows("/queue/simple")] == ["2000000/8000000"] * 2


# -- dhcp


def test_a_dhcp_client_gets_the_address_of_its_static_lease(router):
    dhcp(router)
    lease = router.put(
        "/ip/dhcp-server/lease", address="10.40.0.99", mac_address=MAC, server="dhcp1",
        rate_limit="2M/10M", address_lists="vip",
    )  # fmt: skip
    (row,) = router.rows("/ip/dhcp-server/lease")
    assert (row["status"], row["last-seen"], "active-address" in row) == ("waiting", "never", False)
    router.plug("casa", mac=MAC, way="dhcp")
    (row,) = router.rows("/ip/dhcp-server/lease")
    assert (row["status"], row["active-address"], row["dynamic"]) == (
        "bound",
        "10.40.0.99",
        "false",
    )
    (queue,) = router.rows("/queue/simple")
    assert (queue["name"], queue["target"]) == (f"dhcp-ds<{MAC}>", "10.40.0.99/32")
    assert router.speed("10.40.0.99") == (2_000_000, 10_000_000)
    assert router.rows("/ip/firewall/address-list")[0]["list"] == "vip"
    router.edit("/ip/dhcp-server/lease", lease.id, rate_limit="4M/20M")
    router.pass_time(1)
    assert router.speed("10.40.0.99") == (4_000_000, 20_000_000)


def test_a_lease_with_blocked_access_cuts_and_gives_back(router):
    dhcp(router)
    lease = router.put("/ip/dhcp-server/lease", address="10.40.0.99", mac_address=MAC)
    router.plug("casa", mac=MAC, way="dhcp")
    assert router.can_browse("10.40.0.99")
    router.edit("/ip/dhcp-server/lease", lease.id, block_access="yes")
    router.pass_time(1)
    assert not router.can_browse("10.40.0.99")
    assert router.rows("/ip/dhcp-server/lease")[0]["blocked"] == "true"
    router.edit("/ip/dhcp-server/lease", lease.id, block_access="no")
    router.pass_time(5)
    assert router.can_browse("10.40.0.99")


def test_disabling_a_static_lease_only_moves_the_client_to_the_pool(router):
    dhcp(router)
    lease = router.put("/ip/dhcp-server/lease", address="10.40.0.99", mac_address=MAC)
    router.plug("casa", mac=MAC, way="dhcp")
    router.edit("/ip/dhcp-server/lease", lease.id, disabled="yes")
    router.pass_time(5)
    assert router.sessions() == {"casa": "10.40.0.10"}
    assert router.can_browse("10.40.0.10")


def test_a_dynamic_lease_is_made_static_before_it_can_be_changed(router):
    dhcp(router)
    router.plug("casa", mac=MAC, way="dhcp")
    with Talk(router) as talk:
        (lease,) = talk.rows("/ip/dhcp-server/lease/print")
        assert lease["dynamic"] == "true"
        change = ("/ip/dhcp-server/lease/set", f"=.id={lease['.id']}", "=rate-limit=1M/2M")
        assert talk.trap(*change) == "failure: can not change dynamic lease"
        talk.ask("/ip/dhcp-server/lease/make-static", f"=.id={lease['.id']}")
        assert talk.ask(*change) == [["!done"]]
        (same,) = talk.rows("/ip/dhcp-server/lease/print")
        assert (same["dynamic"], same["status"], same[".id"]) == ("false", "bound", lease[".id"])
        add = ("/ip/dhcp-server/lease/add", "=address=10.40.0.77", f"=mac-address={MAC}")
        assert talk.ask(*add)[0][0] == "!done"  # for every server, not for dhcp1 alone
        taken = talk.trap(
            "/ip/dhcp-server/lease/add", "=address=10.40.0.77", "=mac-address=" + OTHER
        )
        assert taken == "failure: already have static lease with this IP address"
        assert talk.trap(*add[:1], "=address=10.40.0.78", add[2]) == (
            "failure: already have static lease for this client"
        )


def test_a_static_lease_takes_the_place_of_the_dynamic_one(router):
    dhcp(router)
    router.plug("casa", mac=MAC, way="dhcp")
    router.put("/ip/dhcp-server/lease", address="10.40.0.99", mac_address=MAC, server="dhcp1")
    router.pass_time(5)
    (lease,) = router.rows("/ip/dhcp-server/lease")
    assert (lease["address"], lease["status"]) == ("10.40.0.99", "bound")


def test_a_lease_with_server_all_prints_no_server(router):
    dhcp(router)
    router.put("/ip/dhcp-server/lease", address="10.40.0.99", mac_address=MAC)
    assert "server" not in router.rows("/ip/dhcp-server/lease")[0]


# -- static address and ARP


def test_with_reply_only_an_address_works_from_its_own_mac_alone(router):
    router.edit("/interface/ethernet", "ether2", arp="reply-only")
    router.plug("eva", address="10.30.0.3", mac=MAC)
    router.plug("intruso", address="10.30.0.4", mac=OTHER)
    assert not router.can_browse("10.30.0.3")
    bind = {"interface": "ether2", "mac_address": MAC}
    entry = router.put("/ip/arp", address="10.30.0.3", **bind)
    router.put("/ip/arp", address="10.30.0.4", **bind)
    assert router.can_browse("10.30.0.3")
    assert not router.can_browse("10.30.0.4")
    router.edit("/ip/arp", entry.id, disabled="yes")
    assert not router.can_browse("10.30.0.3")


def test_without_reply_only_neighbours_are_learned_and_a_static_entry_replaces_them(router):
    router.plug("eva", address="10.30.0.3", mac=MAC)
    (entry,) = router.rows("/ip/arp")
    assert (entry["dynamic"], entry["complete"], entry["mac-address"]) == ("true", "true", MAC)
    router.put("/ip/arp", address="10.30.0.3", mac_address=OTHER, interface="ether2")
    (entry,) = router.rows("/ip/arp")
    assert (entry["dynamic"], entry["mac-address"]) == ("false", OTHER)
    assert not router.can_browse("10.30.0.3")


def test_dhcp_tells_arp_whom_it_serves(router):
    router.edit("/interface/ethernet", "ether2", arp="reply-only")
    dhcp(router, add_arp="yes")
    router.plug("casa", mac=MAC, way="dhcp")
    router.plug("intruso", address="10.40.0.66", mac=OTHER)
    assert router.can_browse("10.40.0.10")
    assert not router.can_browse("10.40.0.66")
    (entry,) = router.rows("/ip/arp")
    assert (entry["DHCP"], entry["dynamic"]) == ("true", "true")


def test_a_disabled_interface_serves_nobody(router):
    router.plug("eva", address="10.30.0.3", mac=MAC)
    router.edit("/interface", "ether2", disabled="yes")
    assert not router.can_browse("10.30.0.3")


# -- hotspot


def test_a_hotspot_user_logs_in_and_gets_his_profile(router):
    hotspot(router, address_list="plaza")
    router.plug("ana", "clave", mac=MAC, way="hotspot")
    assert router.sees_login("10.50.0.10")
    assert not router.can_browse("10.50.0.10")
    (host,) = router.rows("/ip/hotspot/host")
    assert (host["authorized"], host["address"]) == ("false", "10.50.0.10")
    router.put("/ip/hotspot/user", name="ana", password="clave", profile="5M")
    router.pass_time(5)
    assert router.can_browse("10.50.0.10")
    assert router.speed("10.50.0.10") == (1_000_000, 5_000_000)
    (active,) = router.rows("/ip/hotspot/active")
    assert (active["user"], active["server"], active["login-by"]) == ("ana", "plaza", "http-chap")
    (cookie,) = router.rows("/ip/hotspot/cookie")
    assert (cookie["user"], cookie["mac-address"]) == ("ana", MAC)
    assert router.rows("/ip/firewall/address-list")[0]["list"] == "plaza"


def test_a_cookie_lets_in_who_was_only_kicked(router):
    hotspot(router)
    router.put("/ip/hotspot/user", name="ana", password="clave", profile="5M")
    router.plug("ana", "clave", mac=MAC, way="hotspot")
    router.edit("/ip/hotspot/user", "ana", password="otra")
    kick(router, "/ip/hotspot/active")
    router.pass_time(5)
    assert router.rows("/ip/hotspot/active")[0]["login-by"] == "mac-cookie"
    kick(router, "/ip/hotspot/cookie")
    kick(router, "/ip/hotspot/active")
    router.pass_time(5)
    assert router.rows("/ip/hotspot/active") == []
    assert router.sees_login("10.50.0.10")


def test_a_disabled_user_stays_inside_until_he_is_kicked(router):
    hotspot(router)
    router.put("/ip/hotspot/user", name="ana", password="clave")
    router.plug("ana", "clave", mac=MAC, way="hotspot")
    router.edit("/ip/hotspot/user", "ana", disabled="yes")
    assert router.can_browse("10.50.0.10")
    kick(router, "/ip/hotspot/active")
    router.pass_time(5)
    assert not router.can_browse("10.50.0.10")


def test_bindings_let_by_or_keep_out(router):
    hotspot(router)
    router.put("/ip/hotspot/user", name="ana", password="clave")
    binding = router.put("/ip/hotspot/ip-binding", mac_address=MAC, type="bypassed")
    router.plug("ana", "clave", mac=MAC, way="hotspot")
    assert router.can_browse("10.50.0.10")
    assert router.rows("/ip/hotspot/active") == []
    router.edit("/ip/hotspot/ip-binding", binding.id, type="blocked")
    router.pass_time(5)
    assert not router.can_browse("10.50.0.10")
    router.delete("/ip/hotspot/ip-binding", binding.id)
    router.pass_time(5)
    assert router.rows("/ip/hotspot/active")[0]["user"] == "ana"


def kick(router, path):
    with Talk(router) as talk:
        (row,) = talk.rows(f"{path}/print")
        assert talk.ask(f"{path}/remove", f"=.id={row['.id']}") == [["!done"]]


# -- ipv6


@pytest.fixture
def six(router):
    router.put("/ipv6/pool", name="clientes", prefix="2001:db8:100::/40", prefix_length="56")
    router.put("/ppp/profile", name="10M", rate_limit="2M/10M", dhcpv6_pd_pool="clientes")
    router.put("/ppp/secret", name="juan", password="x", profile="10M", remote_address="10.20.0.10")
    return router


def test_a_pppoe_customer_gets_a_delegated_prefix(six):
    six.plug("juan", "x")
    (binding,) = six.rows("/ipv6/dhcp-server/binding")
    assert (binding["address"], binding["dynamic"]) == ("2001:db8:100::/56", "true")
    assert six.can_browse("2001:db8:100::5")
    assert not six.can_browse("2001:db8:200::5")
    six.plane.hang_up("juan")
    assert six.rows("/ipv6/dhcp-server/binding") == []


def test_a_fixed_prefix_of_the_secret_wins(six):
    six.edit("/ppp/secret", "juan", remote_ipv6_prefix="2001:db8:f::/56")
    six.plug("juan", "x")
    assert six.can_browse("2001:db8:f::5")
    assert six.rows("/ipv6/dhcp-server/binding") == []


def test_who_is_cut_in_ipv4_alone_goes_on_in_ipv6(six):
    rule = {"chain": "forward", "action": "drop", "src_address_list": "morosos"}
    six.put("/ip/firewall/filter", **rule)
    six.put("/ip/firewall/address-list", list="morosos", address="10.20.0.10")
    six.plug("juan", "x")
    assert not six.can_browse("10.20.0.10")
    assert six.can_browse("2001:db8:100::5")
    six.put("/ipv6/firewall/filter", **rule)
    six.put("/ipv6/firewall/address-list", list="morosos", address="2001:db8:100::/56")
    assert not six.can_browse("2001:db8:100::5")
    assert six.rows("/ipv6/firewall/address-list")[0]["address"] == "2001:db8:100::/56"


# -- connections


def test_a_removed_connection_has_to_be_opened_anew(router):
    router.put(
        "/ip/firewall/filter", chain="forward", action="fasttrack-connection",
        connection_state="established,related",
    )  # fmt: skip
    rule = {"chain": "forward", "action": "drop", "src_address_list": "morosos"}
    router.put("/ip/firewall/filter", **rule)
    router.plug("eva", address="10.30.0.3")
    assert router.can_browse("10.30.0.3")
    router.put("/ip/firewall/address-list", list="morosos", address="10.30.0.3")
    assert router.can_browse("10.30.0.3", established=True)
    kick(router, "/ip/firewall/connection")
    assert not router.can_browse("10.30.0.3", established=True)
