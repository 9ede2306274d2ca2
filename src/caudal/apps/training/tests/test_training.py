"""The practice routers' screens: who may open them, what they break, what customers notice."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from caudal.apps.training import boxes
from caudal.practice.control import Control
from caudal.practice.demo import DemoRouter
from caudal.practice.routeros import PracticeRouter, configure_by_hand

pytestmark = pytest.mark.django_db
PAGE = "/training/rb-norte/"


@pytest.fixture
def router() -> Iterator[PracticeRouter]:
    with PracticeRouter(identity="RB Norte", serial="HGF09NORTE0") as router:
        configure_by_hand(router, secrets=6, queues=3)
        router.mishaps.back_up("al encender")
        yield router


@pytest.fixture
def demo(router: PracticeRouter, settings, monkeypatch) -> Iterator[PracticeRouter]:
    settings.DEMO = True
    control = Control(router)
    running = DemoRouter("RB Norte", router.port, control.port, "HGF09NORTE0", 6, 3)
    asleep = DemoRouter("RB Sur", 1, 1, "HGF09SUR0000", 0, 0)
    monkeypatch.setattr(boxes, "ROUTERS", (running, asleep))
    yield router
    control.close()


@pytest.fixture
def client(client_as: Callable[..., Client]) -> Client:
    return client_as("owner")


def press(client: Client, name: str, **said: object) -> str:
    answer = client.post(f"{PAGE}do/{name}/", {key: str(value) for key, value in said.items()})
    assert answer.status_code == 302
    return client.get(PAGE).content.decode()


def test_outside_the_demo_there_is_nothing(client: Client, settings) -> None:
    settings.DEMO = False
    for address in ("/training/", PAGE, f"{PAGE}customers/"):
        assert client.get(address).status_code == 404
    assert client.post(f"{PAGE}do/off/").status_code == 404


def test_only_those_who_may_move_the_clock_break_routers(
    demo: PracticeRouter, client_as: Callable[..., Client]
) -> None:
    cashier = client_as("cashier")
    assert cashier.get("/training/").status_code == 403
    assert cashier.post(f"{PAGE}do/off/").status_code == 403
    assert demo.powered


def test_the_list_tells_which_run(demo: PracticeRouter, client: Client) -> None:
    page = client.get("/training/").content.decode()
    assert "HGF09NORTE0" in page
    assert "RB Sur" in page


def test_a_router_is_turned_off_and_on(demo: PracticeRouter, client: Client) -> None:
    press(client, "off")
    assert not demo.powered
    press(client, "on")
    assert demo.powered


def test_faults_and_slowness_are_planned_and_taken_back(
    demo: PracticeRouter, client: Client
) -> None:
    fault = {"fault-wrong": "half", "fault-command": "/ppp/secret", "fault-nth": 2}
    page = press(client, "fault", **fault)
    assert str(boxes.WRONGS["half"]) in page
    assert [(f.wrong, f.command, f.nth) for f in demo.faults.planned] == [
        ("half", "/ppp/secret", 2)
    ]
    press(client, "slow", **{"slow-latency_ms": 30, "slow-cpu_ms": 1})
    assert (demo.faults.latency_ms, demo.faults.cpu_ms) == (30, 1)
    press(client, "behave")
    assert (demo.faults.planned, demo.faults.latency_ms) == ([], 0)


def test_what_makes_no_sense_changes_nothing_and_is_said(
    demo: PracticeRouter, client: Client
) -> None:
    press(client, "slow", **{"slow-latency_ms": -5, "slow-cpu_ms": 1})
    press(client, "fault", **{"fault-wrong": "fire", "fault-command": "/", "fault-nth": 1})
    assert (demo.faults.latency_ms, demo.faults.planned) == (0, [])
    assert client.post(f"{PAGE}do/explode/").status_code == 404
    assert client.get("/training/nadie/").status_code == 404


def test_a_field_is_checked_as_it_is_left_and_nothing_is_done(
    demo: PracticeRouter, client: Client
) -> None:
    slow = f"{PAGE}do/slow/"
    assert f'hx-post="{slow}"' in client.get(PAGE).content.decode()
    said = {"slow-latency_ms": "-5", "slow-cpu_ms": "70", "validate": "latency_ms"}
    answer = client.post(slow, said, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and b'class="field-errors"' in answer.content
    assert b"<div>" in answer.content.partition(b">")[2]
    assert demo.faults.cpu_ms == 0


def test_an_old_backup_comes_back(demo: PracticeRouter, client: Client) -> None:
    demo.put("/ppp/secret", name="nuevo")
    press(client, "backup", **{"backup-name": "hoy"})
    page = press(client, "restore", **{"restore-name": "al encender"})
    assert "al encender" in page
    assert "nuevo" not in [row["name"] for row in demo.rows("/ppp/secret")]
    press(client, "restore", **{"restore-name": "hoy"})
    assert "nuevo" in [row["name"] for row in demo.rows("/ppp/secret")]


def test_hands_edit_and_the_page_says_what(demo: PracticeRouter, client: Client) -> None:
    before = [demo.rows(path) for path in ("/ppp/secret", "/queue/simple")]
    page = press(client, "edit", **{"edits-count": 3})
    assert [demo.rows(path) for path in ("/ppp/secret", "/queue/simple")] != before
    assert "RB Norte" in page


def test_names_that_old_programs_wrote_are_readable(demo: PracticeRouter, client: Client) -> None:
    demo.plug("Pe\udcf1a", address="10.30.9.9")
    assert "Peña" in client.get(f"{PAGE}customers/").content.decode()
    assert boxes.readable({"a": ["Pe\udcf1a", 1, "Peña"]}) == {"a": ["Peña", 1, "Peña"]}


def test_another_router_stands_in_its_place(demo: PracticeRouter, client: Client) -> None:
    press(client, "swap")
    first = demo.serial
    assert first != "HGF09NORTE0"
    assert len(demo.rows("/ppp/secret")) == 7
    press(client, "swap", **{"swap-empty": "on"})
    assert demo.serial != first
    assert demo.rows("/ppp/secret") == []


def test_its_clock_goes_wrong(demo: PracticeRouter, client: Client) -> None:
    before = demo.clock.now
    press(client, "clock", **{"skew-hours": -48})
    assert (before - demo.clock.now).total_seconds() > 47 * 3600


def test_customers_without_service_come_first(demo: PracticeRouter, client: Client) -> None:
    first = client.get(f"{PAGE}customers/").content.decode()
    assert first.count("ti-check") == sum(row["browses"] for row in demo.customers()) > 0
    assert first.index("ti-x") < first.index("ti-check")
    press(client, "off")
    rows = client.get(f"{PAGE}customers/").content.decode()
    assert rows.count("ti-check") == 0


def test_a_router_whose_program_is_gone_is_told_so(demo: PracticeRouter, client: Client) -> None:
    assert client.get("/training/rb-sur/").status_code == 200
    assert client.get("/training/rb-sur/customers/").status_code == 200
    answer = client.post("/training/rb-sur/do/off/", follow=True)
    assert answer.status_code == 200
