"""The tools of a Linux router on their screens, over SSH, of a town with customers who browse."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import NOW, fresh
from caudal.apps.network.tools import streams
from caudal.apps.network.tools.backups import take
from caudal.core.ports.tools import Lease
from caudal.integrations.access.linux.ruleset import Rules
from caudal.integrations.access.linux.shell import Answer, LocalShell
from caudal.integrations.access.linux.state import TABLE
from caudal.integrations.access.linux.toolbox import LinuxToolbox
from tests.labs.linux.town import SERVER, Town
from tests.rig.namespaces import lacking

NEEDED = ("iperf3", "curl", "ping")
pytestmark = [
    pytest.mark.skipif(bool(lacking(*NEEDED)), reason=lacking(*NEEDED)),
    pytest.mark.django_db,
]
NEAR, FAR = "203.0.113.9", "198.51.100.7"
JSON: dict[str, Any] = {"content_type": "application/json"}


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    town = Town(customers=1)
    town.internet.sh(f"ip addr add {FAR}/32 dev lo; ip addr add {NEAR}/24 dev eth0")
    town.router.sh(f"ip route add {FAR} via {SERVER}")
    yield town
    town.close()


@pytest.fixture
def owner(client_as: Callable[..., Client]) -> Client:
    return client_as("owner")


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def page(client: Client, name: str, *args: object, **query: object) -> str:
    response: Any = client.get(reverse(f"network:{name}", args=args), query)
    assert response.status_code == 200, name
    streamed = getattr(response, "streaming_content", None)
    return (b"".join(streamed) if streamed else response.content).decode()


def test_vitals_and_neighbours_are_on_the_screen_and_bound_equipment_is_imported(
    owner: Client, router: Router, ana: Connection, town: Town
) -> None:
    mac = town.customers[1].sh("ip -br link show eth0").split()[2].upper()
    town.get(1, f"http://{SERVER}/")
    assert "Debian" in page(owner, "tool_vitals", router.pk)
    found = page(owner, "tool_arp", router.pk, exists="yes")
    assert mac in found and "Ana Ruiz" in found and SERVER not in found
    assert SERVER in page(owner, "tool_arp", router.pk, exists="no")
    body = {"address": [ana.address], "bind": "1"}
    owner.post(reverse("network:tool_arp_import", args=[router.pk]), body)
    row = fresh(ana)
    assert (row.mac, row.interface, row.bind_mac) == (mac, "lan1", True)
    assert reconcile(router, NOW).outcome == "applied"
    seen = {each["address"]: each for each in owner.get(api(router, "arp")).json()}
    assert seen[ana.address]["match"] == "same" and not seen[ana.address]["dynamic"]


def api(router: Router, name: str) -> str:
    return f"/api/v1/router-tools/{router.pk}/{name}/"


def test_what_linux_does_not_have_is_said_and_is_an_empty_list_for_programs(
    owner: Client, router: Router, ana: Connection
) -> None:
    for tool, sentence in (
        ("online", "Nobody signs in"), ("radios", "no radios"), ("leases", "no DHCP leases"),
    ):  # fmt: skip
        found = page(owner, f"tool_{tool}", router.pk)
        assert sentence in found and "alert" not in found
        assert owner.get(api(router, tool)).json() == []
    assert "alert" not in page(owner, "present", ana.pk)


def test_pings_and_the_way_are_those_of_the_router(owner: Client, router: Router) -> None:
    found = owner.post(api(router, "ping"), {"address": SERVER, "count": 2}, **JSON).json()
    assert (found["sent"], found["received"]) == (2, 2) and found["average_ms"] < 500
    hops = owner.post(api(router, "trace"), {"address": FAR}, **JSON).json()
    assert [each["address"] for each in hops] == [FAR]
    hops = owner.post(api(router, "trace"), {"address": "192.0.2.1"}, **JSON).json()
    assert hops and not any(each["address"] == "192.0.2.1" for each in hops)


def test_a_customer_sees_the_stations_on_the_way_to_the_internet(town: Town) -> None:
    """The router is the first station for whoever stands behind it."""
    customer = LinuxToolbox(lambda: LocalShell(10, town.customers[1].within), Rules())
    town.internet.sh(f"ip route replace 10.50.0.0/16 via 203.0.113.1 src {SERVER}")
    *_earlier, hops = customer.trace(SERVER)
    assert [each.address for each in hops] == ["10.50.1.1", SERVER]
    assert all(each.average_ms is not None for each in hops)


def test_addresses_are_called_all_at_once(town: Town) -> None:
    box = LinuxToolbox(lambda: LocalShell(10, town.router.within), Rules())
    assert box.answering([town.address(1), "10.50.1.77", SERVER]) == {town.address(1), SERVER}
    assert box.answering([]) == set()


def test_live_traffic_is_what_the_customer_really_moves(
    owner: Client, router: Router, ana: Connection, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "TRAFFIC_S", 3)
    town.router.answer(f"nft delete table inet {TABLE}")  # of other tests
    assert "neither a session nor a queue" in page(owner, "live_traffic", ana.pk)
    reconcile(router, NOW)
    flow = town.download(1, seconds=6)
    found = page(owner, "live_traffic", ana.pk)
    flow.wait(timeout=60)
    samples = [json.loads(x.removeprefix("data: ")) for x in found.splitlines() if "{" in x]
    assert len(samples) == 3
    assert 5_000_000 < max(each["down"] for each in samples) < 11_500_000
    assert 0 < samples[-1]["up"] < 2_000_000


def test_a_backup_is_kept_when_the_configuration_changed_and_only_then(
    owner: Client, router: Router, ana: Connection, town: Town
) -> None:
    first = take(router, NOW)
    town.get(1, f"http://{SERVER}/")
    assert take(router, NOW).pk == first.pk, "counters are no configuration"
    town.router.sh("ip route add 192.0.2.128/25 via 203.0.113.2")
    second = take(router, NOW)
    assert second.pk != first.pk
    found = page(owner, "backup", second.pk, than=first.pk)
    assert "192.0.2.128/25" in found and "/ip route" in found
    assert "table inet" in second.text and "10.50.1.1/24" in second.text
    assert "Torre Linux" in page(owner, "search_backups", q="192.0.2.128")
    response = owner.get(reverse("network:download_backup", args=[second.pk]))
    assert response["Content-Disposition"].endswith('.txt"')


class ServingShell(LocalShell):
    """A shell on a machine on which some files are others: those of a folder of the test's."""

    def __init__(self, within: tuple[str, ...], files: Mapping[str, str], folder: Path) -> None:
        super().__init__(10, within)
        self._moved = {path: folder / path.rpartition("/")[2] for path in files}
        for path, text in files.items():
            self._moved[path].write_text(text)

    def run(self, script: str) -> Answer:
        for path, there in self._moved.items():
            script = script.replace(path, str(there))
        return super().run(script)


def test_leases_are_read_where_the_server_keeps_them(town: Town, tmp_path: Path) -> None:
    files = {"/var/lib/misc/dnsmasq.leases": "4000000000 aa:bb:cc:00:00:05 10.50.1.5 casa *\n"}
    box = LinuxToolbox(lambda: ServingShell(town.router.within, files, tmp_path), Rules())
    (lease,) = box.leases()
    assert lease == Lease(
        "10.50.1.5", "AA:BB:CC:00:00:05", "dnsmasq", "bound", "casa", True, lease.expires_s
    )
