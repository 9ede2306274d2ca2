"""mktxp, napalm-ros and Ansible read and change practice routers without special cases."""

import json
import re
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager

import pytest

from caudal.practice.routeros import V6, V7, V7_NEW, PracticeRouter
from tests.practice.referees import HERE, PYTHON, needs_referees, run

pytestmark = needs_referees
MAC = "AA:BB:CC:00:00:01"


@pytest.fixture(params=[V6, V7, V7_NEW])
def router(request):
    with PracticeRouter(request.param, identity="torre") as router:
        furnish(router)
        yield router


def furnish(router):
    router.put("/ip/address", address="10.20.0.1/24", interface="ether2")
    router.put("/ip/pool", name="clientes", ranges="10.20.0.100-10.20.0.200")
    router.put("/ppp/profile", name="10M", rate_limit="2M/10M", local_address="10.20.0.1")
    router.put("/ppp/secret", name="juan", password="x", profile="10M", remote_address="10.20.0.10")
    router.put("/queue/simple", name="eva", target="10.30.0.3", max_limit="1M/5M")
    router.put("/ip/dhcp-server", name="dhcp1", interface="ether2", address_pool="clientes")
    router.put("/ip/dhcp-server/lease", address="10.20.0.99", mac_address=MAC, server="dhcp1")
    router.put("/ip/firewall/address-list", list="morosos", address="10.20.0.77", comment="debe")
    router.put(
        "/ip/firewall/filter", chain="forward", action="drop", src_address_list="morosos",
        comment="corte",
    )  # fmt: skip
    router.plug("juan", "x", mac="AA:BB:CC:00:00:09", radio="wlan1", signal_dbm=-71)
    router.plug("eva", address="10.30.0.3", mac="AA:BB:CC:00:00:08")
    router.plug("casa", mac=MAC, way="dhcp")
    router.plug("otra", mac="AA:BB:CC:00:00:07", way="dhcp")
    router.pass_time(60)


# -- mktxp


@contextmanager
def mktxp(router, folder):
    """The exporter as an operator runs it; gives the address of its metrics."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (given,) = PYTHON.parent.parent.glob("lib/*/site-packages/mktxp/cli/config")
    routers = (given / "mktxp.conf").read_text("utf-8")
    routers = routers.replace("[Sample-Router]", "[practica]").replace("192.168.88.1", "127.0.0.1")
    for name, value in (
        ("port", router.port), ("username", "admin"), ("password", "practica"),
        ("address_list", "morosos"), ("public_ip", "False"), ("routerboard", "True"),
    ):  # fmt: skip
        routers = re.sub(rf"(?m)^    {name} = .*$", f"    {name} = {value}", routers)
    (folder / "mktxp.conf").write_text(routers, "utf-8")
    system = (given / "_mktxp.conf").read_text("utf-8")
    for theirs, ours in (
        ("0.0.0.0:49090", f"127.0.0.1:{port}"),
        ("socket_timeout = 5", "socket_timeout = 60"),  # after one it waits for two minutes
    ):
        assert theirs in system
        system = system.replace(theirs, ours)
    (folder / "_mktxp.conf").write_text(system, "utf-8")
    process = subprocess.Popen(
        [str(PYTHON.parent / "mktxp"), "--cfg-dir", str(folder), "export"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}/metrics"
    finally:
        process.terminate()
        process.wait(60)


def fetch(url):
    deadline = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(url, timeout=120) as answer:
                return answer.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_mktxp_makes_metrics_of_all_it_reads(router, tmp_path):
    with mktxp(router, tmp_path) as url:
        said = fetch(url)
    shown = {line.partition("{")[0] for line in said.splitlines() if line.startswith("mktxp")}
    assert len(shown) > 50
    assert value(said, "mktxp_system_identity_info", 'name="torre"') == 1
    assert value(said, "mktxp_queue_simple_rates_download_total", 'name="eva"') > 0
    assert value(said, "mktxp_dhcp_lease_info", f'mac_address="{MAC}"') > 0
    assert value(said, "mktxp_firewall_address_list_selected_count", 'list="morosos"') == 1
    assert value(said, "mktxp_ip_pool_used", 'pool="clientes"') == 1
    assert value(said, "mktxp_wlan_clients_signal_strength", "AA:BB:CC:00:00:09") == -71
    assert value(said, "mktxp_interface_tx_byte_total", 'name="<pppoe-juan>"') > 0


def value(said, metric, label):
    lines = [line for line in said.splitlines() if line.startswith(f"{metric}{{")]
    found = [line for line in lines if label in line]
    assert found, lines
    return float(found[0].rpartition(" ")[2])


# -- napalm


def test_napalm_reads_facts_addresses_and_neighbours(router):
    seen = json.loads(
        run("python", str(HERE / "napalm_reads.py"), str(router.port), "admin", "practica")
    )
    facts = seen["facts"]
    assert (facts["vendor"], facts["hostname"], facts["serial_number"]) == (
        "MikroTik", "torre", "HGF09PRACT1",
    )  # fmt: skip
    assert facts["os_version"].startswith(router.version.text)
    assert {"ether1", "ether2", "<pppoe-juan>"} <= set(facts["interface_list"])
    assert seen["addresses"]["ether2"]["ipv4"] == {"10.20.0.1": {"prefix_length": 24}}
    assert {row["ip"] for row in seen["arp"]} >= {"10.30.0.3"}
    assert seen["counters"]["<pppoe-juan>"]["tx_octets"] > 0
    assert seen["ping"]["success"]["packet_loss"] == 0
    assert "admin" in seen["users"]
    if router.version.is_from("7.20"):
        assert "add address=10.20.0.77 comment=debe list=morosos" in seen["config"]
        assert "password" not in seen["config"]


# -- Ansible


def ansible(router, folder, *tasks):
    """What each task of a playbook did; a task is a module and its arguments."""
    login = {"hostname": "127.0.0.1", "port": router.port, "username": "admin"}
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "tasks": [
            {f"community.routeros.{module}": {**login, "password": "practica", **arguments}}
            for module, arguments in tasks
        ],
    }
    book = folder / "play.json"
    book.write_text(json.dumps([play]), "utf-8")
    said = run(
        "ansible-playbook", str(book),
        env={
            "ANSIBLE_HOME": str(folder), "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_PYTHON_INTERPRETER": str(PYTHON), "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        },
    )  # fmt: skip
    (done,) = json.loads(said[said.index("{") :])["plays"]
    return [task["hosts"]["localhost"] for task in done["tasks"]]


def modify(path, *rows, absent="ignore"):
    words = {"path": path, "data": list(rows), "handle_absent_entries": absent}
    return ("api_modify", words if absent else {"path": path, "data": list(rows)})


def test_ansible_reads_menus_as_they_are(router, tmp_path):
    queues, told = ansible(
        router, tmp_path, ("api_info", {"path": "queue simple"}), ("api_facts", {})
    )
    assert [(row["name"], row["max-limit"]) for row in queues["result"]] == [
        ("eva", "1000000/5000000")
    ]
    facts = told["ansible_facts"]
    assert facts["ansible_net_hostname"] == "torre"
    assert facts["ansible_net_version"].startswith(router.version.text)


def test_ansible_brings_a_menu_to_the_wanted_rows_and_then_has_nothing_to_do(router, tmp_path):
    wanted = modify(
        "ip firewall address-list",
        {"list": "morosos", "address": "10.20.0.77", "comment": "debe dos meses"},
        {"list": "morosos", "address": "10.20.0.78"},
        absent="remove",
    )
    found = {"path": "ppp secret", "find": {"name": "juan"}}
    found["values"] = {"comment": "al dia", "disabled": True}
    dns = modify("ip dns", {"servers": "1.1.1.1,8.8.8.8"}, absent="")
    did = ansible(router, tmp_path, wanted, wanted, ("api_find_and_modify", found), dns, dns)
    assert [task["changed"] for task in did] == [True, False, True, True, False]
    rows = router.rows("/ip/firewall/address-list")
    assert [(row["address"], row.get("comment")) for row in rows] == [
        ("10.20.0.77", "debe dos meses"), ("10.20.0.78", None),
    ]  # fmt: skip
    (juan,) = [row for row in router.rows("/ppp/secret") if row["name"] == "juan"]
    assert (juan["comment"], juan["disabled"]) == ("al dia", "true")
    assert router.store.singletons["/ip/dns"]["servers"] == "1.1.1.1,8.8.8.8"


MENUS = {
    "queue type": {"name": "bajada", "kind": "pcq", "pcq-rate": "10M"},
    "queue tree": {"name": "baja", "parent": "global", "packet-mark": "m"},
    "ip arp": {"address": "10.20.0.50", "mac-address": MAC, "interface": "ether2"},
    "ip hotspot user profile": {"name": "5M", "rate-limit": "1M/5M"},
    "ip hotspot user": {"name": "ana", "password": "x"},
    "ip dhcp-server network": {"address": "10.20.0.0/24", "gateway": "10.20.0.1"},
    "ipv6 firewall address-list": {"list": "morosos", "address": "2001:db8:5::/56"},
    "interface list": {"name": "CLIENTES"},
    "ip firewall nat": {"chain": "srcnat", "action": "masquerade"},
}


def test_ansible_adds_rows_to_the_menus_of_access_once(router, tmp_path):
    tasks = [modify(path, row) for path, row in MENUS.items()]
    did = ansible(router, tmp_path, *tasks, *tasks)
    changed = [task["changed"] for task in did]
    assert changed == [True] * len(MENUS) + [False] * len(MENUS)
