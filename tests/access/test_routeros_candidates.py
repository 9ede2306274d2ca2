"""Customers proposed from every kind of row that somebody made by hand."""

import pytest

from caudal.core.access import Technology
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
    driver = connect(Config("127.0.0.1", "admin", "practica", router.port, timeout_s=5))
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
