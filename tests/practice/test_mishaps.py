"""What happens to practice routers on demand: backups, swaps, edits by hand, seen customers."""

import pytest

from caudal.practice.control import Control, ask
from caudal.practice.routeros import PracticeRouter, configure_by_hand


@pytest.fixture
def router():
    with PracticeRouter() as router:
        configure_by_hand(router, secrets=12, queues=4)
        yield router


def test_an_old_backup_brings_back_what_was_changed_since_and_reboots(router):
    router.mishaps.back_up("lunes")
    names = [row["name"] for row in router.rows("/ppp/secret")]
    router.put("/ppp/secret", name="nuevo")
    router.delete("/ppp/secret", names[1])
    router.pass_time(3600)
    booted, port = router.booted, router.port
    router.mishaps.restore("lunes")
    assert [row["name"] for row in router.rows("/ppp/secret")] == names
    assert (router.booted > booted, router.port) == (True, port)
    assert [backup["name"] for backup in router.mishaps.backups()] == ["lunes"]
    with pytest.raises(KeyError):
        router.mishaps.restore("martes")


def test_a_backup_is_not_changed_by_what_comes_after_it(router):
    router.mishaps.back_up("lunes")
    name = router.rows("/queue/simple")[2]["name"]
    for limit in ("7M/7M", "9M/9M"):
        router.edit("/queue/simple", name, max_limit=limit)
        router.mishaps.restore("lunes")
        (row,) = [row for row in router.rows("/queue/simple") if row["name"] == name]
        assert row["max-limit"] not in ("7000000/7000000", "9000000/9000000")


def test_a_swapped_router_has_another_serial_and_the_same_rows_or_none(router):
    router.mishaps.swap("OTRO0000001")
    assert router.serial == "OTRO0000001"
    assert len(router.rows("/ppp/secret")) == 13
    router.mishaps.swap("OTRO0000002", empty=True)
    assert router.rows("/ppp/secret") == []
    assert router.sessions() == {}
    assert [row["name"] for row in router.rows("/interface")] == ["ether1", "ether2"]


def test_hands_edit_the_same_way_with_the_same_seed():
    done = []
    for _ in range(2):
        with PracticeRouter() as router:
            configure_by_hand(router, secrets=12, queues=4)
            done.append(router.mishaps.hand_edit(5, seed=3))
    assert done[0] == done[1]
    assert len(done[0]) == 5
    assert len({edit["what"] for edit in done[0]}) > 1


def test_customers_are_seen_as_they_are(router):
    name, address = next(iter(router.sessions().items()))
    seen = {row["name"]: row for row in router.customers()}
    assert seen[name]["browses"] is True
    assert seen[name]["down_bps"] > 0
    router.put("/ip/firewall/filter", chain="forward", action="drop", src_address_list="morosos")
    with router.lock:
        table = router.store.table("/ip/firewall/filter")
        table.move([list(table.items.values())[-1]], "0")
    router.put("/ip/firewall/address-list", list="morosos", address=address)
    seen = {row["name"]: row for row in router.customers()}
    assert (seen[name]["browses"], seen[name]["sees_notice"]) == (False, False)
    router.put(
        "/ip/firewall/nat", chain="dstnat", action="redirect", protocol="tcp", dst_port="80",
        src_address_list="morosos", to_ports="8080",
    )  # fmt: skip
    assert {row["name"]: row for row in router.customers()}[name]["sees_notice"] is True


def test_all_of_it_is_behind_the_control_door(router):
    control = Control(router)
    ask(control.port, "back_up", name="lunes")
    assert ask(control.port, "status")["backups"][0]["name"] == "lunes"
    assert len(ask(control.port, "hand_edit", count=2, seed=1)) == 2
    ask(control.port, "swap", serial="OTRO1")
    ask(control.port, "go_wrong", wrong="drop-mid", command="/ppp")
    status = ask(control.port, "status")
    assert status["serial"] == "OTRO1"
    assert status["faults"] == [{"wrong": "drop-mid", "command": "/ppp", "nth": 1}]
    assert len(ask(control.port, "customers")) == status["customers"]
    ask(control.port, "restore", name="lunes")
    before = ask(control.port, "status")["clock"]
    ask(control.port, "move_clock", seconds=-86_400)
    assert ask(control.port, "status")["clock"] < before
    control.close()
