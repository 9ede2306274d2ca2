"""What people look up on a router, asked of a practice RouterOS over its real socket."""

from collections.abc import Iterator

import pytest

from caudal.core.ports import tools
from caudal.core.ports.access import AccessError, AccessFault, Counter
from caudal.core.ports.tools import Door
from caudal.integrations.access.routeros import Config, connect
from caudal.integrations.access.routeros.toolbox import RouterOsToolbox
from caudal.integrations.access.routeros.tools_reading import flow, hop, leases, stations
from caudal.integrations.access.routeros.wire import Reply
from caudal.practice.routeros import V6_OLD_LOGIN, V7_NEW, PracticeRouter


@pytest.fixture(params=[V6_OLD_LOGIN, V7_NEW])
def practice(request: pytest.FixtureRequest) -> Iterator[PracticeRouter]:
    with PracticeRouter(request.param, identity="torre-norte") as found:
        found.put("/ppp/profile", name="10M", rate_limit="2M/10M", local_address="10.20.0.1")
        found.put(
            "/ppp/secret", name="ana", password="x", profile="10M", remote_address="10.20.0.5"
        )
        found.plug("ana", "x", mac="AA:BB:CC:00:00:01")
        yield found


@pytest.fixture
def box(practice: PracticeRouter) -> Iterator[RouterOsToolbox]:
    config = Config("127.0.0.1", "admin", "practica", port=practice.port, timeout_s=30)
    driver = connect(config)
    assert isinstance(driver, RouterOsToolbox)
    yield driver
    driver.close()


def test_every_ability_is_there_to_be_asked_for(box: RouterOsToolbox) -> None:
    abilities = (
        tools.Checkup, tools.Neighbours, tools.Leases, tools.OnlineUsers, tools.Stations,
        tools.Roll, tools.Route, tools.Flow, tools.Export,
    )  # fmt: skip
    assert [each.__name__ for each in abilities if not isinstance(box, each)] == []


def test_vitals_tell_who_answers_and_how_it_is(
    box: RouterOsToolbox, practice: PracticeRouter
) -> None:
    practice.pass_time(3600)
    found = box.vitals()
    assert (found.identity, found.serial) == ("torre-norte", practice.serial)
    assert found.version.startswith(practice.version.text)
    assert found.uptime_s == 3600 and found.cpu_percent is not None
    assert found.memory_percent is not None and 0 < found.memory_percent < 100
    assert found.clock


def test_arp_tells_equipment_with_its_interface(
    box: RouterOsToolbox, practice: PracticeRouter
) -> None:
    practice.put("/ip/arp", address="10.0.0.9", mac_address="aa:bb:cc:dd:ee:ff", interface="ether2")
    practice.put("/ip/arp", address="10.0.0.8", interface="ether2", disabled="yes")
    found = {each.address: each for each in box.neighbours()}
    assert found["10.0.0.9"].mac == "AA:BB:CC:DD:EE:FF"
    assert found["10.0.0.9"].interface == "ether2" and not found["10.0.0.9"].dynamic
    assert "10.0.0.8" not in found, "a disabled row binds nobody"


def test_leases_tell_address_and_equipment(box: RouterOsToolbox, practice: PracticeRouter) -> None:
    practice.put("/ip/dhcp-server/lease", address="10.0.0.7", mac_address="AA:BB:CC:00:00:07")
    (found,) = box.leases()
    assert (found.address, found.mac) == ("10.0.0.7", "AA:BB:CC:00:00:07")
    assert not found.dynamic


def test_whoever_has_logged_in_is_listed_with_his_bytes(
    box: RouterOsToolbox, practice: PracticeRouter
) -> None:
    practice.pass_time(10)
    (found,) = [each for each in box.online_users() if each.door is Door.PPP]
    assert (found.name, found.address, found.mac) == ("ana", "10.20.0.5", "AA:BB:CC:00:00:01")
    assert found.age_s == 10 and not found.radius
    assert found.down_bytes is not None and found.up_bytes is not None
    assert found.down_bytes > found.up_bytes > 0


def test_hotspot_users_are_listed_beside_the_others(
    box: RouterOsToolbox, practice: PracticeRouter
) -> None:
    practice.put("/ip/hotspot", name="hs1", interface="ether2", disabled="no")
    practice.put("/ip/hotspot/user/profile", name="5M", rate_limit="1M/5M")
    practice.put("/ip/hotspot/user", name="beto", password="y", profile="5M")
    practice.plug("beto", "y", mac="AA:BB:CC:00:00:02", address="10.5.50.2", way="hotspot")
    (found,) = [each for each in box.online_users() if each.door is Door.HOTSPOT]
    assert (found.name, found.address, found.mac) == ("beto", "10.5.50.2", "AA:BB:CC:00:00:02")


def test_the_flow_of_one_customer_is_what_he_moves_now(
    box: RouterOsToolbox, practice: PracticeRouter
) -> None:
    practice.put("/queue/simple", name="caro", target="10.0.0.9/32", max_limit="1M/3M")
    practice.plug("caro", address="10.0.0.9", mac="AA:BB:CC:00:00:09", way="static")
    practice.pass_time(5)
    dialled, queued = box.flow("ana"), box.flow("caro")
    assert dialled is not None and 0 < dialled.up_bps < dialled.down_bps <= 10_000_000
    assert queued is not None and 0 < queued.down_bps <= 3_000_000
    assert box.flow("nadie") is None


def test_a_lease_with_a_speed_is_counted_and_followed_by_its_address(
    box: RouterOsToolbox, practice: PracticeRouter
) -> None:
    mac = "AA:BB:CC:00:00:11"
    practice.put("/ip/dhcp-server", name="lan", interface="ether2")
    practice.put("/ip/dhcp-server/lease", address="10.0.0.11", mac_address=mac, server="lan",
                 rate_limit="1M/3M")  # fmt: skip
    assert box.flow("10.0.0.11") is None
    practice.plug("dora", mac=mac, way="dhcp", wants_bps=80_000_000)
    practice.pass_time(8)
    flow = box.flow("10.0.0.11")
    assert flow is not None and 0 < flow.up_bps < flow.down_bps <= 3_000_000
    (lease,) = [each for each in box.leases() if each.address == "10.0.0.11"]
    assert (lease.up_bytes, lease.down_bytes) == (1_000_000, 3_000_000)
    assert Counter("10.0.0.11", 1_000_000, 3_000_000) in box.counters()
    practice.edit("/ip/dhcp-server/lease", practice.rows("/ip/dhcp-server/lease")[0][".id"],
                  rate_limit="1M/2M")  # fmt: skip
    practice.pass_time(8)
    again = box.flow("10.0.0.11")
    assert again is not None and 0 < again.down_bps <= 2_000_000, "its queue is another one now"
    assert box.flow("10.0.0.12") is None


def test_a_lease_with_both_families_has_one_queue_that_names_both() -> None:
    queues = [{"name": "dhcp-ds<RB/AA:BB>", "target": "10.0.0.7/32,2001:db8::/56", "bytes": "5/9"}]
    (found,) = leases([{"address": "10.0.0.7", "mac-address": "aa:bb"}], queues)
    assert (found.up_bytes, found.down_bytes) == (5, 9)
    (uncounted,) = leases([{"address": "10.0.0.8"}], queues)
    assert uncounted.up_bytes is None


def test_the_way_to_an_address_grows_hop_by_hop(box: RouterOsToolbox) -> None:
    seen = list(box.trace("8.8.8.8"))
    assert len(seen) > 1 and len(seen[-1]) >= len(seen[0])
    assert [each.number for each in seen[-1]] == list(range(1, len(seen[-1]) + 1))
    assert seen[-1][-1].address == "8.8.8.8" and seen[-1][-1].average_ms is not None
    assert box.vitals().identity == "torre-norte", "the connection is good for more"


def test_who_stops_following_early_gets_a_new_connection(box: RouterOsToolbox) -> None:
    next(box.trace("8.8.8.8"))
    assert box.vitals().identity == "torre-norte"


def test_the_radios_tell_how_they_hear_each_client(
    box: RouterOsToolbox, practice: PracticeRouter
) -> None:
    practice.plug(
        "dani", address="10.0.0.4", mac="AA:BB:CC:00:00:04", way="static", radio="wlan1",
        signal_dbm=-77,
    )  # fmt: skip
    (found,) = box.stations()
    assert (found.mac, found.signal_dbm) == ("AA:BB:CC:00:00:04", -77)


def test_the_export_is_the_whole_configuration_and_leaves_no_file(
    box: RouterOsToolbox, practice: PracticeRouter
) -> None:
    for number in range(120):
        practice.put("/queue/simple", name=f"cliente-{number}", target=f"10.9.{number}.1/32")
    if practice.version.text == V6_OLD_LOGIN:
        with pytest.raises(AccessError) as refused:
            box.export()
        assert refused.value.fault is AccessFault.TOO_LONG, "6.x shows 4 KiB of a file, no more"
    else:
        text = box.export()
        assert text.startswith("#") and "cliente-119" in text and "/ppp profile" in text
    assert [row for row in practice.rows("/file") if "caudal" in row.get("name", "")] == []


def test_a_short_export_of_an_old_router_comes_through_a_file(
    box: RouterOsToolbox, practice: PracticeRouter
) -> None:
    text = box.export()
    assert "rate-limit=2M/10M" in text and "\r" not in text
    assert [row for row in practice.rows("/file") if "caudal" in row.get("name", "")] == []


def test_a_router_that_is_off_says_so_at_once(
    box: RouterOsToolbox, practice: PracticeRouter
) -> None:
    practice.power_off()
    with pytest.raises(AccessError) as refused:
        box.vitals()
    assert refused.value.fault is AccessFault.UNREACHABLE


def test_only_those_who_answer_come_back_from_the_roll_call(box: RouterOsToolbox) -> None:
    assert box.answering(["10.20.0.4", "10.20.0.5", "10.20.0.5"]) == {"10.20.0.5"}
    assert box.answering([]) == set()


def test_a_router_without_radios_has_no_stations(box: RouterOsToolbox) -> None:
    assert box.stations() == []


def test_signals_of_old_and_new_tables_are_read_alike_weakest_first() -> None:
    old = {
        "interface": "wlan1", "mac-address": "aa:bb:cc:00:00:01", "uptime": "1h",
        "signal-strength": "-65dBm@6Mbps", "signal-to-noise": "33", "tx-ccq": "90",
    }  # fmt: skip
    new = {"interface": "wifi1", "mac-address": "AA:BB:CC:00:00:02", "signal": "-81"}
    unheard = {"interface": "wifi1", "mac-address": "AA:BB:CC:00:00:03"}
    found = stations([unheard, old, new])
    assert [each.signal_dbm for each in found] == [-81, -65, None]
    assert (found[1].noise_distance_db, found[1].quality, found[1].age_s) == (33, "90", 3600)


@pytest.mark.parametrize(
    ("written", "bits"), [("1200000", 1_200_000), ("1.2Mbps", 1_200_000), ("35kbps", 35_000)]
)
def test_rates_are_read_in_every_spelling(written: str, bits: int) -> None:
    queue = Reply(rows=[{"name": "ana", "rate": f"0bps/{written}"}], done=True)
    found = flow(Reply(trap="no such item", done=True), queue)
    assert found is not None and found.down_bps == bits and found.up_bps == 0


def test_who_has_neither_session_nor_queue_has_no_flow() -> None:
    assert flow(Reply(trap="input does not match", done=True), Reply(done=True)) is None


def test_a_silent_hop_has_no_address() -> None:
    found = hop(2, {"address": "", "loss": "100%", "status": "timed out"})
    assert (found.number, found.address, found.loss_percent) == (2, "", 100.0)
    assert found.average_ms is None
