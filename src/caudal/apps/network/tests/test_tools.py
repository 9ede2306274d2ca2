"""Tools of a router, asked of a practice RouterOS over its socket, beside what the rows say."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from caudal.apps.catalog.models import Technology
from caudal.apps.network import actions
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.templatetags.tools import age, octets
from caudal.apps.network.tests.conftest import CLERK, NOW, fresh
from caudal.apps.network.tests.test_practice import reached_at
from caudal.apps.network.tools import streams
from caudal.apps.staff.models import JournalEntry, Role
from caudal.core.ports.tools import Neighbour
from caudal.practice.routeros import V6, V7_NEW, PracticeRouter
from tests.rig.queries import queries_of

ClientAs = Callable[..., Client]
Subscribe = Callable[..., Connection]


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams do not wait between two looks."""
    monkeypatch.setattr(streams, "SAMPLE_S", 0.0)
    monkeypatch.setattr(streams, "TRAFFIC_S", 3)


@pytest.fixture(params=[V6, V7_NEW])
def practice(request: pytest.FixtureRequest) -> Iterator[PracticeRouter]:
    with PracticeRouter(request.param, identity="torre-norte") as found:
        yield found


@pytest.fixture
def router(db: None, practice: PracticeRouter) -> Router:
    return reached_at(practice)


def queue_of(subscribe: Subscribe, name: str, address: str, **how: Any) -> Connection:
    return subscribe(name, technology=Technology.SIMPLE_QUEUE, address=address, **how)


def seen(practice: PracticeRouter, address: str, mac: str, interface: str = "ether2") -> None:
    practice.put("/ip/arp", address=address, mac_address=mac, interface=interface)


def text(client: Client, name: str, *args: object, **query: object) -> str:
    response = client.get(reverse(f"network:{name}", args=args), query)
    assert response.status_code == 200, name
    return response.content.decode()


def events(response: Any) -> list[tuple[str, str]]:
    """Of a stream of server-sent events, with the data in one line."""
    assert isinstance(response, StreamingHttpResponse)
    body = b"".join(response.streaming_content).decode()  # type: ignore[arg-type]
    blocks = [block.splitlines() for block in body.split("\n\n") if block]
    return [
        (block[0].removeprefix("event: "), " ".join(x.removeprefix("data: ") for x in block[1:]))
        for block in blocks
    ]


def test_the_page_asks_nothing_of_the_router_by_itself(owner: Client, router: Router) -> None:
    Router.objects.update(host="127.0.0.1", port=1)
    assert "Tools" in text(owner, "tools", router.pk)


def test_vitals_are_shown_and_an_unreachable_router_is_told_in_words(
    owner: Client, router: Router, practice: PracticeRouter
) -> None:
    found = text(owner, "tool_vitals", router.pk)
    assert "torre-norte" in found and practice.serial in found and "3 %" in found
    practice.power_off()
    assert "nothing listens on that port" in text(owner, "tool_vitals", router.pk)
    Router.objects.update(is_active=False)
    assert "is off" in text(owner, "tool_vitals", router.pk)


@pytest.mark.parametrize(
    ("tool", "sentence"),
    [
        ("tool_vitals", "cannot do that"),
        ("tool_arp", "has no ARP table"),
        ("tool_leases", "has no DHCP leases"),
        ("tool_radios", "has no radios"),
        ("tool_online", "Nobody signs in"),
    ],
)
def test_what_a_router_does_not_have_is_said_and_is_no_error(
    owner: Client, db: None, tool: str, sentence: str
) -> None:
    box = Router.objects.create(name="Memoria", driver="memory", host="192.0.2.1", username="x")
    found = text(owner, tool, box.pk)
    assert sentence in found and "alert" not in found


def test_whoever_is_connected_is_shown_with_his_customer(
    owner: Client, router: Router, practice: PracticeRouter, subscribe: Subscribe
) -> None:
    subscribe("Ana Ruiz", username="ana")
    for name in ("ana", "vecino"):
        practice.put("/ppp/secret", name=name, password="x", remote_address=f"10.9.0.{len(name)}")
        practice.plug(name, "x", mac="AA:BB:CC:00:00:01")
    found = text(owner, "tool_online", router.pk)
    assert "Ana Ruiz" in found and "vecino" in found and "not in the system" in found
    found = text(owner, "tool_online", router.pk, q="ruiz")
    assert "Ana Ruiz" in found and "vecino" not in found


def test_the_arp_table_is_filtered_by_whether_the_address_exists_here(
    owner: Client, router: Router, practice: PracticeRouter, subscribe: Subscribe
) -> None:
    queue_of(subscribe, "Ana Ruiz", "10.0.0.5", mac="AA:BB:CC:00:00:05")
    queue_of(subscribe, "Beto Díaz", "10.0.0.6", mac="AA:BB:CC:00:00:99")
    queue_of(subscribe, "Caro Paz", "10.0.0.7")
    for last in (5, 6, 7, 8):
        seen(practice, f"10.0.0.{last}", f"AA:BB:CC:00:00:0{last}")
    seen(practice, "10.1.0.1", "AA:BB:CC:00:00:01", "ether1")

    def shown(**query: str) -> list[str]:
        page = text(owner, "tool_arp", router.pk, **query)
        return [last for last in ("0.5", "0.6", "0.7", "0.8", "1.0.1") if f"10.{last}<" in page or
                f"10.0.{last}<" in page]  # fmt: skip

    assert shown() == ["0.5", "0.6", "0.7", "0.8", "1.0.1"]
    assert shown(exists="yes") == ["0.5", "0.6", "0.7"]
    assert shown(exists="no") == ["0.8", "1.0.1"]
    assert shown(exists="differ") == ["0.6", "0.7"]
    assert shown(interface="ether1") == ["1.0.1"]
    assert shown(q="caro") == ["0.7"]


def test_mac_and_interface_are_imported_as_the_router_tells_them_now(
    owner: Client, router: Router, practice: PracticeRouter, subscribe: Subscribe
) -> None:
    ana = queue_of(subscribe, "Ana Ruiz", "10.0.0.5")
    beto = queue_of(subscribe, "Beto Díaz", "10.0.0.6")
    seen(practice, "10.0.0.5", "AA:BB:CC:00:00:05")
    seen(practice, "10.0.0.6", "AA:BB:CC:00:00:06")
    address = reverse("network:tool_arp_import", args=[router.pk])
    page = owner.post(address, {"address": ["10.0.0.5", "10.0.0.99"], "bind": "1"}, follow=True)
    assert "1 customer brought up to date" in page.content.decode()
    ana, beto = fresh(ana), fresh(beto)
    assert (ana.mac, ana.interface, ana.bind_mac) == ("AA:BB:CC:00:00:05", "ether2", True)
    assert (beto.mac, beto.interface, beto.bind_mac) == ("", "", False)
    assert JournalEntry.objects.filter(verb="connection.edit").count() == 1
    page = owner.post(address, {"address": ["10.0.0.5"], "bind": "1"}, follow=True)
    assert "up to date already" in page.content.decode()
    page = owner.post(address, {}, follow=True)
    assert "Choose addresses" in page.content.decode()


def test_without_binding_only_the_equipment_is_noted(subscribe: Subscribe, router: Router) -> None:
    ana = queue_of(subscribe, "Ana Ruiz", "10.0.0.5")
    told = Neighbour("10.0.0.5", "AA:BB:CC:00:00:05", "ether3", True)
    done = actions.import_neighbours(actor=CLERK, now=NOW, found=[(ana, told)], bind=False)
    assert (done.changed, done.refused) == (1, [])
    assert not fresh(ana).bind_mac and fresh(ana).interface == "ether3"


def test_one_that_cannot_be_imported_does_not_stop_the_others(
    subscribe: Subscribe, router: Router
) -> None:
    ana, beto = (
        queue_of(subscribe, name, address)
        for name, address in (("Ana", "10.0.0.5"), ("Beto", "10.0.0.6"))
    )
    wrong = Neighbour("10.0.0.5", "nada", "ether2", True)
    right = Neighbour("10.0.0.6", "AA:BB:CC:00:00:06", "ether2", True)
    done = actions.import_neighbours(
        actor=CLERK, now=NOW, found=[(ana, wrong), (beto, right)], bind=True
    )
    assert done.changed == 1 and [each.pk for each, _error in done.refused] == [ana.pk]


def test_importing_takes_the_right_to_edit_services(client_as: ClientAs, router: Router) -> None:
    client = client_as("collector")
    assert client.post(reverse("network:tool_arp_import", args=[router.pk])).status_code == 403
    assert client.get(reverse("network:tools", args=[router.pk])).status_code == 403
    assert client_as("support").get(reverse("network:tools", args=[router.pk])).status_code == 200


def test_lists_ask_the_database_as_often_for_many_as_for_few(
    owner: Client, router: Router, practice: PracticeRouter, subscribe: Subscribe
) -> None:
    def asked() -> int:
        return queries_of(lambda: owner.get(reverse("network:tool_arp", args=[router.pk])))

    queue_of(subscribe, "Cliente 0", "10.0.0.10")
    seen(practice, "10.0.0.10", "AA:BB:CC:00:00:10")
    asked()
    few = asked()
    for number in range(1, 8):
        queue_of(subscribe, f"Cliente {number}", f"10.0.0.{10 + number}")
        seen(practice, f"10.0.0.{10 + number}", f"AA:BB:CC:00:00:{10 + number}")
    assert asked() == few <= 6


def test_leases_and_radios_tell_whose_they_are(
    owner: Client, router: Router, practice: PracticeRouter, subscribe: Subscribe
) -> None:
    queue_of(subscribe, "Ana Ruiz", "10.0.0.5", mac="AA:BB:CC:00:00:05")
    practice.put("/ip/dhcp-server/lease", address="10.0.0.5", mac_address="AA:BB:CC:00:00:05")
    practice.plug(
        "ana", address="10.0.0.5", mac="AA:BB:CC:00:00:05", way="static", radio="wlan1",
        signal_dbm=-80,
    )  # fmt: skip
    assert "Ana Ruiz" in text(owner, "tool_leases", router.pk)
    radios = text(owner, "tool_radios", router.pk)
    assert "Ana Ruiz" in radios and "-80 dBm" in radios and "state-red" in radios


def test_pings_arrive_one_by_one_and_are_summed_up(
    owner: Client, router: Router, practice: PracticeRouter
) -> None:
    practice.plug("ana", address="10.0.0.5", way="static")
    address = reverse("network:tool_ping", args=[router.pk])
    told = events(owner.get(address, {"address": "10.0.0.5"}))
    assert [kind for kind, _ in told] == ["open", *["add"] * 6, "end"]
    assert "5 of 5 answered" in told[-2][1] and "3.0 ms" in told[-2][1]
    told = events(owner.get(address, {"address": "10.0.0.99"}))
    assert "0 of 5 answered" in told[-2][1] and "no answer" in told[1][1]


def test_what_is_no_address_is_not_asked_for(owner: Client, router: Router) -> None:
    for wrong in ("", "google.com", "10.0.0.5;reboot"):
        address = reverse("network:tool_ping", args=[router.pk])
        told = events(owner.get(address, {"address": wrong}))
        assert [kind for kind, _ in told] == ["error", "end"]


def test_the_way_grows_and_an_error_ends_the_stream_in_words(
    owner: Client, router: Router, practice: PracticeRouter
) -> None:
    address = reverse("network:tool_trace", args=[router.pk])
    told = events(owner.get(address, {"address": "8.8.8.8"}))
    assert told[-1][0] == "end" and "8.8.8.8" in told[-2][1] and told[-2][0] == "put"
    practice.power_off()
    told = events(owner.get(address, {"address": "8.8.8.8"}))
    assert [kind for kind, _ in told] == ["open", "error", "end"]
    assert "nothing listens on that port" in told[1][1]


def test_no_more_people_watch_at_once_than_leave_the_pages_alone(
    owner: Client, router: Router
) -> None:
    address = reverse("network:tool_ping", args=[router.pk])
    watching = [
        iter(owner.get(address, {"address": "8.8.8.8"}).streaming_content)  # type: ignore[attr-defined]
        for _ in range(streams.AT_ONCE)
    ]
    for each in watching:
        next(each)
    assert events(owner.get(address, {"address": "8.8.8.8"}))[0][0] == "error"
    for each in watching:
        list(each)
    assert events(owner.get(address, {"address": "8.8.8.8"}))[0][0] == "open"


def test_live_traffic_of_one_customer_ends_by_itself(
    owner: Client, router: Router, practice: PracticeRouter, subscribe: Subscribe
) -> None:
    row = subscribe("Ana Ruiz", username="ana")
    practice.put("/ppp/profile", name="10M", rate_limit="2M/10M")
    practice.put("/ppp/secret", name="ana", password="x", profile="10M", remote_address="10.20.0.5")
    address = reverse("network:live_traffic", args=[row.pk])
    told = events(owner.get(address))
    assert [kind for kind, _ in told] == ["open", "error", "end"], "he is not connected"
    practice.plug("ana", "x")
    practice.pass_time(5)
    told = events(owner.get(address))
    assert [kind for kind, _ in told] == ["open", *["sample"] * 3, "end"]
    sample = json.loads(told[1][1])
    assert 0 < sample["up"] < sample["down"] <= 10_000_000


def test_live_traffic_of_a_lease_is_that_of_its_address(
    owner: Client, router: Router, practice: PracticeRouter, subscribe: Subscribe
) -> None:
    mac = "AA:BB:CC:00:00:07"
    row = subscribe("Dora", technology=Technology.DHCP, address="10.0.0.7", mac=mac)
    practice.put("/ip/dhcp-server", name="lan", interface="ether2")
    practice.put("/ip/dhcp-server/lease", address="10.0.0.7", mac_address=mac, rate_limit="1M/3M")
    practice.plug("dora", mac=mac, way="dhcp", wants_bps=80_000_000)
    practice.pass_time(8)
    told = events(owner.get(reverse("network:live_traffic", args=[row.pk])))
    assert [kind for kind, _ in told] == ["open", *["sample"] * 3, "end"]
    assert 0 < json.loads(told[1][1])["down"] <= 3_000_000
    found = text(owner, "present", row.pk)
    assert f"{octets(3_000_000)} / {octets(1_000_000)}" in found


def test_a_customer_is_seen_as_his_router_sees_him_now(
    owner: Client, router: Router, practice: PracticeRouter, subscribe: Subscribe
) -> None:
    row = queue_of(subscribe, "Ana Ruiz", "10.0.0.5", mac="AA:BB:CC:00:00:05")
    assert "sees neither" in text(owner, "present", row.pk)
    practice.plug(
        "ana", address="10.0.0.5", mac="AA:BB:CC:00:00:05", way="static", radio="wlan1",
        signal_dbm=-61,
    )  # fmt: skip
    found = text(owner, "present", row.pk)
    assert "-61 dBm" in found and "AA:BB:CC:00:00:05" in found
    practice.power_off()
    assert "nothing listens on that port" in text(owner, "present", row.pk)


def test_a_customer_of_another_is_not_looked_up(
    client_as: ClientAs, router: Router, subscribe: Subscribe
) -> None:
    row = subscribe("Ana Ruiz")
    client = client_as("technician")
    Role.objects.filter(code="technician").update(only_own_customers=True)
    assert client.get(reverse("network:present", args=[row.pk])).status_code == 404
    assert client.get(reverse("network:live_traffic", args=[row.pk])).status_code == 404


def test_the_customers_panel_and_page_of_tools_ask_nothing_by_themselves(
    owner: Client, router: Router, practice: PracticeRouter, subscribe: Subscribe
) -> None:
    row = subscribe("Ana Ruiz", username="ana")
    before = practice.faults.commands
    panel = text(owner, "customer_tools", row.service.customer_id)
    assert reverse("network:connection_tools", args=[row.pk]) in panel
    page = text(owner, "connection_tools", row.pk)
    assert "Ana Ruiz" in page and reverse("network:live_traffic", args=[row.pk]) in page
    assert practice.faults.commands == before


def test_ages_and_amounts_are_read_at_a_glance() -> None:
    assert [age(each) for each in (0, 59, 3600, 93_784, None)] == [
        "0 s", "59 s", "1 h", "1 d 2 h", "–",
    ]  # fmt: skip
    assert [octets(each) for each in (None, 0, 999, 1_500_000)] == ["–", "0 B", "999 B", "1.5 MB"]
