"""What menus refuse, default and print, by version."""

import pytest

from caudal.practice.routeros import V6, V7, V7_NEW, PracticeRouter, Trap
from tests.practice.rig import Talk

NO_VALUE = "input does not match any value of "
TAKEN = "failure: already have "


@pytest.fixture
def router():
    with PracticeRouter(V7) as router:
        yield router


@pytest.fixture
def talk(router):
    with Talk(router) as talk:
        yield talk


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("/ip/hotspot/user/add", "=name=ana"), TAKEN + "user with this name for this server"),
        (("/queue/type/add", "=name=default", "=kind=pcq"), TAKEN + "such name"),
        (("/queue/type/add", "=name=x", "=kind=magic"), NO_VALUE + "kind"),
        (("/queue/tree/add", "=name=x", "=parent=nada"), NO_VALUE + "parent"),
        (("/queue/simple/add", "=target=10.0.0.1", "=queue=a/b"), NO_VALUE + "queue"),
        (
            ("/queue/simple/add", "=target=10.0.0.1", "=max-limit=1M/1M", "=limit-at=2M/1M"),
            "failure: upload-max-limit less than upload-limit",
        ),
        (("/ip/firewall/filter/add", "=chain=forward", "=action=magic"), NO_VALUE + "action"),
        (
            ("/ip/firewall/nat/add", "=chain=dstnat", "=in-interface-list=nada"),
            NO_VALUE + "in-interface-list",
        ),
        (("/ip/pool/add", "=name=p", "=ranges=10.0.0.9"), TAKEN + "such name"),
        (("/ip/address/add", "=address=10.0.0.1/24", "=interface=nada"), NO_VALUE + "interface"),
        (("/ip/address/add", "=address=10.0.0.1/24", "=interface=ether2"), TAKEN + "such address"),
        (("/interface/bridge/add", "=name=ether1"), TAKEN + "interface with such name"),
        (("/ip/dhcp-server/add", "=name=d", "=interface=ether2", "=address-pool=nada"),
         NO_VALUE + "address-pool"),
        (("/ip/dhcp-server/lease/add", "=address=10.0.0.5", "=server=nada"), NO_VALUE + "server"),
        (("/ipv6/pool/add", "=name=six", "=prefix=10.0.0.0/8", "=prefix-length=56"),
         "invalid value for argument prefix"),
        (("/user/add", "=name=x", "=group=nada"), NO_VALUE + "group"),
    ],
)  # fmt: skip
def test_errors_are_worded_as_on_a_real_router(router, talk, words, message):
    router.put("/ip/hotspot/user", name="ana")
    router.put("/ip/pool", name="p", ranges="10.0.0.5")
    router.put("/ip/address", address="10.0.0.1/24", interface="ether2")
    assert talk.trap(*words) == message


def test_the_same_hotspot_user_may_be_on_another_server(router, talk):
    router.put("/ip/hotspot", name="plaza", interface="ether2")
    router.put("/ip/hotspot/user", name="ana")
    assert talk.ask("/ip/hotspot/user/add", "=name=ana", "=server=plaza")[0][0] == "!done"


def test_built_in_queue_types_are_there_with_their_high_ids(talk):
    rows = talk.rows("/queue/type/print", "?kind=pcq")
    assert [row["name"] for row in rows] == ["pcq-upload-default", "pcq-download-default"]
    assert all(row[".id"].startswith("*FFFFFFF") and row["default"] == "true" for row in rows)
    assert rows[1]["pcq-classifier"] == "dst-address"


@pytest.mark.parametrize(("version", "limit"), [(V6, "50"), (V7, "50KiB")])
def test_a_pcq_type_prints_its_defaults(version, limit):
    with PracticeRouter(version) as router:
        router.put("/queue/type", name="bajada", kind="pcq", pcq_rate="10M")
        row = router.rows("/queue/type")[-1]
        assert (row["pcq-limit"], row["pcq-rate"], row["default"]) == (limit, "10M", "false")


def test_kinds_of_queue_came_with_version_7():
    with PracticeRouter(V6) as router, pytest.raises(Trap, match="any value of kind"):
        router.put("/queue/type", name="x", kind="cake")
    with PracticeRouter(V7) as router:
        router.put("/queue/type", name="x", kind="cake")


def test_the_kinds_of_interfaces_are_parts_of_one_menu(router, talk):
    bridge = router.put("/interface/bridge", name="br", arp="reply-only")
    router.put("/interface/vlan", name="v10", interface="br", vlan_id="10")
    assert [row["name"] for row in router.rows("/interface")] == ["ether1", "ether2", "br", "v10"]
    assert [row["type"] for row in router.rows("/interface")] == [
        "ether",
        "ether",
        "bridge",
        "vlan",
    ]
    (row,) = router.rows("/interface/bridge")
    assert (row[".id"], row["arp"]) == (bridge.id, "reply-only")
    assert "arp" not in router.rows("/interface")[2]
    assert talk.trap("/interface/vlan/set", "=.id=br", "=arp=enabled") == "no such item"
    talk.ask("/interface/set", "=.id=br", "=name=puente")
    assert router.rows("/interface/vlan")[0]["interface"] == "puente"
    talk.ask("/interface/bridge/remove", "=.id=puente")
    assert router.rows("/interface/bridge") == []


def test_a_renamed_type_is_followed_in_both_halves_of_a_queue(router):
    router.put("/queue/type", name="a", kind="pcq")
    router.put("/queue/simple", name="q", target="10.0.0.1", queue="default-small/a")
    with Talk(router) as talk:
        talk.ask("/queue/type/set", "=.id=a", "=name=b")
    assert router.rows("/queue/simple")[0]["queue"] == "default-small/b"


def test_radius_asks_for_signed_messages_from_7_15_on():
    shown = {}
    for version in (V6, V7):
        with PracticeRouter(version) as router:
            router.put("/radius", service="ppp", address="10.0.0.9", secret="s")
            shown[version] = "require-message-auth" in router.rows("/radius")[0]
    assert shown == {V6: False, V7: True}


@pytest.mark.parametrize(("version", "rows"), [(V6, 1), (V7, 2), (V7_NEW, 2)])
def test_health_is_one_row_or_several(version, rows):
    with PracticeRouter(version) as router, Talk(router) as talk:
        assert len(talk.rows("/system/health/print")) == rows


def test_ipv6_nat_came_with_version_7():
    for version, there in ((V6, False), (V7, True)):
        with PracticeRouter(version) as router:
            assert router.store.has("/ipv6/firewall/nat") is there
            assert router.store.has("/ipv6/firewall/mangle")


def test_singletons_print_their_defaults(talk):
    (dns,) = talk.rows("/ip/dns/print")
    assert (dns["allow-remote-requests"], dns["cache-size"]) == ("false", "2048KiB")
    assert talk.ask("/ip/dns/set", "=servers=1.1.1.1,8.8.8.8") == [["!done"]]
    assert talk.rows("/ip/dns/print")[0]["servers"] == "1.1.1.1,8.8.8.8"
    assert talk.rows("/radius/incoming/print")[0]["port"] == "3799"


def test_rates_are_measured_only_when_asked_for(router):
    router.put("/queue/simple", name="q", target="10.0.0.1")
    table = router.store.table("/queue/simple")
    asked = []
    table.measured = lambda item: asked.append(item) or {}
    with Talk(router) as talk:
        talk.rows("/queue/simple/print", "=.proplist=name,bytes")
        assert asked == []
        talk.rows("/queue/simple/print", "=.proplist=name", "?rate=0/0")
        talk.rows("/queue/simple/print")
        assert len(asked) == 2
