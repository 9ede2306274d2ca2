"""Customers proposed from every kind of row that somebody made by hand."""

import pytest

from caudal.core.access import Speed, Technology
from caudal.integrations.access.routeros import Config, connect
from caudal.practice.routeros import V6, V7, PracticeRouter

MAC, OTHER = "AA:BB:CC:00:00:01", "AA:BB:CC:00:00:02"


@pytest.fixture(params=[V6, V7])
def router(request):
    with PracticeRouter(request.param) as router:
        router.put("/ip/pool", name="casas", ranges="10.40.0.10-10.40.0.250")
        router.put("/ip/dhcp-server", name="dhcp1", interface="ether2", address_pool="casas")
        yield router


def found(router):
    driver = connect(Config("127.0.0.1", "admin", "practica", router.port, timeout_s=30))
    before = {path: router.rows(path) for path in ("/ppp/secret", "/queue/simple", "/ip/arp")}
    try:
        return {each.access.name: each for each in driver.import_candidates()}
    finally:
        driver.close()
        assert {path: router.rows(path) for path in before} == before


def test_a_lease_with_a_rate_is_a_customer(router):
    router.put(
        "/ip/dhcp-server/lease", address="10.40.0.99", mac_address=MAC, server="dhcp1",
        rate_limit="2M/10M", comment="Ana Ruiz 10M",
    )  # fmt: skip
    (ana,) = found(router).values()
    assert (ana.access.kind, ana.access.address, ana.access.mac) == (
        Technology.DHCP, "10.40.0.99", MAC,
    )  # fmt: skip
    assert (ana.access.server, ana.access.speed.down_bps) == ("dhcp1", 10_000_000)
    assert ana.doubts == ()


def test_a_lease_that_a_queue_speeds_is_one_customer_and_not_two(router):
    router.put("/ip/dhcp-server/lease", address="10.40.0.99", mac_address=MAC, comment="Ana Ruiz")
    router.put("/queue/simple", name="q99", target="10.40.0.99", max_limit="2M/10M")
    (ana,) = found(router).values()
    assert (ana.access.kind, ana.access.name) == (Technology.SIMPLE_QUEUE, "q99")
    assert (ana.comment, ana.access.mac) == ("Ana Ruiz", MAC)


def test_a_dynamic_lease_is_nobodys(router):
    router.plug("casa", mac=MAC, way="dhcp")
    assert found(router) == {}


def test_an_address_bound_to_a_device_is_a_static_service(router):
    router.put("/queue/simple", name="luis", target="10.30.0.3", max_limit="1M/5M")
    router.put("/ip/arp", address="10.30.0.3", mac_address=OTHER, interface="ether2")
    (luis,) = found(router).values()
    assert (luis.access.kind, luis.access.mac, luis.access.interface) == (
        Technology.STATIC, OTHER, "ether2",
    )  # fmt: skip


def test_hotspot_users_come_with_their_profile(router):
    router.put("/ip/hotspot/user/profile", name="5M", rate_limit="1M/5M")
    router.put("/ip/hotspot/user", name="eva", password="x", profile="5M", comment="Eva Paz")
    router.put("/ip/hotspot/user", name="pase", disabled="yes")
    users = found(router)
    assert users.keys() == {"eva", "pase"}  # not the one that every router is born with
    assert (users["eva"].access.kind, users["eva"].access.speed.down_bps) == (
        Technology.HOTSPOT, 5_000_000,
    )  # fmt: skip
    assert set(users["pase"].doubts) == {"no-speed", "no-password", "disabled"}
    assert users["pase"].access.suspended


def test_the_queue_of_a_pppoe_user_gives_him_its_speed(router):
    router.put("/ppp/secret", name="juan", password="x", remote_address="10.20.0.10")
    router.put("/queue/simple", name="JUAN PEREZ 10M", target="10.20.0.10", max_limit="2M/10M")
    (juan,) = found(router).values()
    assert (juan.access.name, juan.access.speed.down_bps) == ("juan", 10_000_000)
    assert (juan.comment, juan.doubts) == ("JUAN PEREZ 10M", ("queue-too",))


def test_a_lease_without_a_device_is_doubtful(router):
    router.put("/ip/dhcp-server/lease", address="10.40.0.98")
    (lease,) = found(router).values()
    assert set(lease.doubts) == {"no-speed", "no-mac"}


MARKS = ("directly", "by-connection", "by-simple-queue")


def pcq(router, way, name="Plan 10M"):
    """A list whose members have 10M down and 2M up, built as people build it."""
    rates = (("up", "src-address", "2M"), ("down", "dst-address", "10M"))
    for side, classifier, rate in rates:
        router.put("/queue/type", name=f"pcq-{side}-10", kind="pcq", pcq_rate=rate,
                   pcq_classifier=classifier)  # fmt: skip
        mark(router, way, name, side)
    if way == "by-simple-queue":
        router.put("/queue/simple", name="todos", target="10.50.0.0/24",
                   packet_marks="up10,down10", queue="pcq-up-10/pcq-down-10")  # fmt: skip
        return
    for side, _, _ in rates:
        router.put("/queue/tree", name=f"t-{side}", parent="global", packet_mark=f"{side}10",
                   queue=f"pcq-{side}-10")  # fmt: skip


def mark(router, way, name, side):
    mangle, listed = "/ip/firewall/mangle", f"{'src' if side == 'up' else 'dst'}_address_list"
    if way != "by-connection":
        router.put(mangle, chain="forward", action="mark-packet", new_packet_mark=f"{side}10",
                   passthrough="no", **{listed: name})  # fmt: skip
        return
    router.put(mangle, chain="forward", action="mark-connection", new_connection_mark=f"c{side}",
               **{listed: name})  # fmt: skip
    router.put(mangle, chain="forward", action="mark-packet", connection_mark=f"c{side}",
               new_packet_mark=f"{side}10", passthrough="no")  # fmt: skip


@pytest.mark.parametrize("way", MARKS)
def test_members_of_a_list_that_pcq_divides_are_customers(router, way):
    pcq(router, way)
    entries = "/ip/firewall/address-list"
    router.put(entries, list="Plan 10M", address="10.50.0.7", comment="Ana Ruiz")
    router.put(entries, list="gerencia", address="10.50.0.9")
    router.put("/ip/arp", address="10.50.0.7", mac_address=MAC, interface="ether2")
    (ana,) = found(router).values()
    access = ana.access
    assert (access.kind, access.profile, access.address) == (
        Technology.PCQ, "Plan 10M", "10.50.0.7",
    )  # fmt: skip
    assert (access.speed.up_bps, access.speed.down_bps) == (2_000_000, 10_000_000)
    assert (ana.person, access.mac, ana.doubts) == ("Ana Ruiz", MAC, ())


def test_who_has_a_queue_of_his_own_is_not_a_member_too(router):
    pcq(router, "directly")
    router.put("/ip/firewall/address-list", list="Plan 10M", address="10.50.0.7")
    router.put("/queue/simple", name="ana", target="10.50.0.7", max_limit="1M/5M")
    (ana,) = found(router).values()
    assert ana.access.kind is Technology.SIMPLE_QUEUE


def test_bursts_and_guaranteed_rates_come_along(router):
    router.put(
        "/queue/simple", name="ana", target="10.30.0.3", max_limit="2M/10M", limit_at="512k/3M",
        burst_limit="4M/20M", burst_threshold="1M/8M", burst_time="16s/16s",
    )  # fmt: skip
    router.put("/ppp/profile", name="Oro", rate_limit="2M/10M 4M/20M 1M/8M 16/16 8 512k/3M")
    router.put("/ppp/secret", name="luis", password="x", profile="Oro", remote_address="10.20.0.9")
    speeds = {each.access.speed for each in found(router).values()}
    assert speeds == {
        Speed(2_000_000, 10_000_000, 4_000_000, 20_000_000, 1_000_000, 8_000_000, 16,
              512_000, 3_000_000)
    }  # fmt: skip
