"""The practice router's data plane, clock, power, faults and memory."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from caudal.practice.control import Control, ask
from caudal.practice.routeros import V7, PracticeRouter, Trap, configure_by_hand
from caudal.practice.routeros.menus import menus
from caudal.practice.routeros.version import V6, V7_NEW, Version
from tests.practice.rig import Talk

SRC = Path(__file__).resolve().parents[2] / "src"


@pytest.fixture
def router():
    with PracticeRouter(V7) as router:
        router.put("/ip/pool", name="clientes", ranges="10.99.0.2-10.99.0.3")
        router.put("/ppp/profile", name="10M", rate_limit="2M/10M", remote_address="clientes")
        router.put(
            "/ppp/secret", name="juan", password="x", profile="10M", remote_address="10.20.0.10"
        )
        router.put("/ppp/secret", name="ana", password="x", profile="10M")
        yield router


def cut(router, address="10.20.0.10", **about):
    return router.put("/ip/firewall/address-list", list="morosos", address=address, **about)


def drop_rule(router, **about):
    rule = {"chain": "forward", "action": "drop", "src_address_list": "morosos"}
    router.put("/ip/firewall/filter", **{**rule, **about})


def test_a_session_has_address_interface_and_queue(router):
    router.plug("juan", "x", mac="AA:BB:CC:00:00:01")
    router.plug("ana", "x")
    assert router.sessions() == {"juan": "10.20.0.10", "ana": "10.99.0.2"}
    assert "<pppoe-juan>" in [row["name"] for row in router.rows("/interface")]
    queue = router.rows("/queue/simple")[0]
    assert (queue["max-limit"], queue["dynamic"]) == ("2000000/10000000", "true")


@pytest.mark.parametrize(
    "change",
    [{"disabled": "yes"}, {"password": "y"}, {"caller_id": "00:00:00:00:00:09"}],
)
def test_a_refused_customer_has_no_session_and_keeps_trying(router, change):
    router.edit("/ppp/secret", "juan", **change)
    assert router.plug("juan", "x", mac="00:00:00:00:00:01") is None
    router.edit("/ppp/secret", "juan", disabled="no", password="x", caller_id="")
    router.pass_time(5)
    assert "juan" in router.sessions()


def test_disabling_a_secret_does_not_drop_its_session_but_removing_the_session_does(router):
    router.plug("juan", "x")
    router.edit("/ppp/secret", "juan", disabled="yes")
    assert "juan" in router.sessions()
    with Talk(router) as talk:
        (active,) = talk.rows("/ppp/active/print")
        assert talk.ask("/ppp/active/remove", f"=.id={active['.id']}") == [["!done"]]
    router.pass_time(60)
    assert router.sessions() == {}
    assert [row["name"] for row in router.rows("/interface")] == ["ether1", "ether2"]


def test_a_kicked_customer_dials_again(router):
    router.plug("juan", "x")
    router.pass_time(100)
    router.plane.hang_up("juan")
    assert router.sessions() == {}
    router.pass_time(4)
    (active,) = router.rows("/ppp/active")
    assert active["uptime"] == "0s"


def test_who_is_listed_cannot_browse_if_a_rule_says_so(router):
    router.plug("juan", "x")
    entry = cut(router)
    assert router.can_browse("10.20.0.10")
    drop_rule(router)
    assert not router.can_browse("10.20.0.10")
    router.edit("/ip/firewall/address-list", entry.id, disabled="yes")
    assert router.can_browse("10.20.0.10")
    assert not router.can_browse("10.20.0.11")


def test_a_rule_below_fasttrack_lets_open_connections_go_on_until_the_kick(router):
    router.put(
        "/ip/firewall/filter",
        chain="forward",
        action="fasttrack-connection",
        connection_state="established,related",
    )
    drop_rule(router)
    router.plug("juan", "x")
    assert router.can_browse("10.20.0.10")
    cut(router)
    assert not router.can_browse("10.20.0.10")
    assert router.can_browse("10.20.0.10", established=True)
    router.plane.hang_up("juan")
    router.pass_time(5)
    assert not router.can_browse("10.20.0.10", established=True)


def test_rules_may_jump_return_and_look_at_interfaces(router):
    router.plug("juan", "x")
    rules = (
        {"chain": "forward", "action": "jump", "jump_target": "clientes"},
        {"chain": "clientes", "action": "return", "src_address": "10.20.0.99"},
        {"chain": "clientes", "action": "drop", "protocol": "udp"},
        {"chain": "clientes", "action": "accept", "in_interface_list": "!LAN", "dst_port": "80"},
        {"chain": "clientes", "action": "drop", "out_interface": "ether1", "disabled": "yes"},
    )
    for rule in rules:
        router.put("/ip/firewall/filter", **rule)
    assert router.can_browse("10.20.0.10")
    router.put("/ip/firewall/filter", chain="clientes", action="drop", out_interface_list="WAN")
    assert not router.can_browse("10.20.0.10")


def test_the_notice_is_seen_where_a_rule_redirects(router):
    router.plug("juan", "x")
    cut(router)
    assert not router.sees_notice("10.20.0.10")
    router.put(
        "/ip/firewall/nat",
        chain="dstnat",
        action="redirect",
        protocol="tcp",
        dst_port="80",
        src_address_list="morosos",
        to_ports="8080",
    )
    assert router.sees_notice("10.20.0.10")
    assert not router.sees_notice("10.20.0.11")


def test_counters_follow_plan_and_clock_and_stop_with_the_cut(router):
    drop_rule(router)
    router.plug("juan", "x", wants_bps=80_000_000)
    router.put("/queue/simple", name="eva", target="10.30.0.3", max_limit="1M/8M")
    router.plug("antena", address="10.30.0.3", wants_bps=80_000_000)
    router.pass_time(8)
    assert router.rows("/queue/simple")[0]["bytes"] == "2000000/10000000"
    assert router.rows("/queue/simple")[1]["bytes"] == "1000000/8000000"
    cut(router)
    router.pass_time(8)
    assert router.rows("/queue/simple")[0]["bytes"] == "2000000/10000000"


def test_a_timed_entry_ends_and_does_not_survive_a_reboot(router):
    cut(router, timeout="1m")
    cut(router, "10.20.0.11")
    assert [row["dynamic"] for row in router.rows("/ip/firewall/address-list")] == ["true", "false"]
    router.pass_time(30)
    assert router.rows("/ip/firewall/address-list")[0]["timeout"] == "30s"
    router.pass_time(31)
    assert len(router.rows("/ip/firewall/address-list")) == 1
    cut(router, timeout="1h")
    router.reboot()
    assert [row["address"] for row in router.rows("/ip/firewall/address-list")] == ["10.20.0.11"]


def test_power_off_closes_the_port_and_power_on_keeps_it(router):
    router.plug("juan", "x")
    port = router.port
    router.power_off()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 2)
    assert router.sessions() == {}
    assert not router.can_browse("10.20.0.10")
    router.pass_time(3600)
    router.power_on()
    assert router.port == port
    assert router.sessions() == {"juan": "10.20.0.10"}
    with Talk(router) as talk:
        assert talk.rows("/system/resource/print")[0]["uptime"] == "0s"


def test_faults_strike_once_and_where_asked(router):
    router.faults.plan("trap", "/ppp/secret", nth=2)
    with Talk(router) as talk:
        assert len(talk.rows("/ppp/secret/print")) == 2
        assert talk.trap("/ppp/secret/print") == "failure: practice fault"
        assert len(talk.rows("/ppp/secret/print")) == 2
        router.faults.plan("half", "/ppp/secret/set")
        half = ("/ppp/secret/set", "=.id=juan,ana", "=comment=x")
        assert talk.trap(*half) == "failure: practice fault"
        assert [row.get("comment") for row in router.rows("/ppp/secret")] == ["x", None]
        router.faults.plan("half", "/ppp/secret/add")
        assert talk.trap("/ppp/secret/add", "=name=nuevo") == "failure: practice fault"
        assert len(router.rows("/ppp/secret")) == 3


@pytest.mark.parametrize(
    ("wrong", "done"),
    [("drop", False), ("drop-after", True), ("drop-mid", True), ("fatal", False)],
)
def test_a_lost_connection_may_or_may_not_have_done_the_work(router, wrong, done):
    router.faults.plan(wrong, "/ppp/secret/add")
    with Talk(router) as talk:
        talk.send("/ppp/secret/add", "=name=nuevo")
        while talk.next():
            pass
    assert ("nuevo" in [row["name"] for row in router.rows("/ppp/secret")]) is done


def test_a_saved_router_comes_back_as_it_was(router, tmp_path):
    router.plug("juan", "x", mac="AA:BB:CC:00:00:01")
    cut(router, comment="Pe\udcf1a")
    cut(router, "10.20.0.12", timeout="1h")
    router.delete("/ppp/secret", "ana")
    router.pass_time(500)
    router.save(tmp_path / "router.json")
    with PracticeRouter(V7, identity="otro") as again:
        again.load(tmp_path / "router.json")
        assert again.sessions() == {"juan": "10.20.0.10"}
        (entry,) = again.rows("/ip/firewall/address-list")
        assert (entry["comment"], entry["creation-time"]) == ("Pe\udcf1a", "2026-01-05 08:00:00")
        assert again.put("/ppp/secret", name="nuevo").id == "*3"
        with pytest.raises(Trap, match="secret with the same name"):
            again.put("/ppp/secret", name="juan")
        with Talk(again) as talk:
            assert talk.rows("/system/identity/print") == [{"name": "practica"}]
            assert talk.rows("/system/clock/print")[0]["time"] == "08:08:20"


def test_a_router_configured_by_hand_is_full_of_surprises():
    with PracticeRouter() as router:
        configure_by_hand(router, secrets=40, queues=8)
        secrets = router.rows("/ppp/secret")
        comments = [row.get("comment", "") for row in secrets]
        assert len(secrets) == 41
        assert any("\udcf1" in text or "\udce9" in text for text in comments)
        assert any("ñ" in text or "é" in text for text in comments)
        assert not any("caudal:" in text for text in comments)
        assert len(router.sessions()) == 38
        assert any(
            row["action"] == "fasttrack-connection" for row in router.rows("/ip/firewall/filter")
        )


def test_in_the_demo_whoever_is_configured_gets_equipment(router):
    router.plane.equip_everybody = True
    router.put("/queue/simple", name="eva", target="10.30.0.3")
    router.pass_time(1)
    assert router.sessions().keys() == {"juan", "ana"}
    assert router.can_browse("10.30.0.3")
    router.edit("/ppp/secret", "juan", password="nueva")
    router.plane.hang_up("juan")
    router.pass_time(5)
    assert "juan" in router.sessions()


@pytest.mark.parametrize("version", [V6, V7, V7_NEW])
def test_every_typed_value_is_an_argument_of_a_real_router(version):
    for menu in menus(Version(version)).values():
        if menu.path not in ("/ppp/active", "/interface", "/log"):
            assert menu.fields.keys() <= menu.arguments, menu.path
        assert set(menu.needs) <= menu.arguments, menu.path
        assert not menu.fields or "print" in menu.verbs, menu.path


def test_menus_of_newer_versions_are_unknown_to_older_ones():
    assert "/safe-mode" in menus(Version(V7_NEW))
    assert "/safe-mode" not in menus(Version(V7))
    assert "tos" in menus(Version(V7_NEW))["/ip/firewall/filter"].arguments
    assert "tos" not in menus(Version(V7))["/ip/firewall/filter"].arguments


def test_the_control_door_does_what_the_methods_do(router):
    control = Control(router)
    assert ask(control.port, "status")["powered"] is True
    ask(control.port, "plug", name="juan", password="x")
    assert ask(control.port, "sessions") == {"juan": "10.20.0.10"}
    ask(control.port, "put", path="/ip/arp", values={"address": "10.0.0.1", "interface": "ether2"})
    assert len(ask(control.port, "rows", path="/ip/arp")) == 1
    ask(control.port, "slow", latency_ms=5)
    ask(control.port, "go_wrong", wrong="drop", command="/ppp")
    assert (router.faults.latency_ms, len(router.faults.planned)) == (5, 1)
    ask(control.port, "power_off")
    assert not router.powered
    with pytest.raises(RuntimeError, match="KeyError"):
        ask(control.port, "nonsense")
    control.close()


def test_a_router_runs_as_a_process_and_remembers(tmp_path):
    state = tmp_path / "router.json"
    words = [sys.executable, "-m", "caudal.practice", "--by-hand", "--secrets", "12"]

    def run():
        return subprocess.Popen(
            [*words, "--state", str(state)],
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": str(SRC)},
        )

    process = run()
    assert process.stdout
    door = json.loads(process.stdout.readline())["control"]
    assert len(ask(door, "sessions")) == 12
    ask(door, "put", path="/ppp/secret", values={"name": "nuevo"})
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    process.stdout.close()
    process = run()
    assert process.stdout
    door = json.loads(process.stdout.readline())["control"]
    assert len(ask(door, "rows", path="/ppp/secret")) == 14
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    process.stdout.close()
