"""A row of somebody else that was taken away comes back whole, and to its place."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from caudal.apps.network import actions
from caudal.apps.network.models import Operation, Router, RowDecision
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import CLERK, NOW
from caudal.practice.routeros import V6, V7, PracticeRouter

SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)
QUEUES, LEASES = "/queue/simple", "/ip/dhcp-server/lease"
SECRETS, LISTS, USERS = "/ppp/secret", "/ip/firewall/address-list", "/ip/hotspot/user"
MENUS = (QUEUES, LEASES, SECRETS, LISTS, USERS, "/ip/arp", "/ipv6/dhcp-server/binding")
PASSING = (".id", "creation-time", "last-seen", "expires-after")
MAC = "AA:BB:CC:00:00:01"


@pytest.fixture(params=[V6, V7])
def box(request: pytest.FixtureRequest) -> Iterator[PracticeRouter]:
    with PracticeRouter(request.param) as router:
        router.put("/ip/dhcp-server", name="lan", interface="ether2")
        router.put("/queue/type", name="p-up", kind="pcq", pcq_classifier="src-address")
        router.put(QUEUES, name="torre", target="10.9.0.0/16", max_limit="50M/50M")
        router.put(
            QUEUES, name="Peña", target="10.9.1.1", max_limit="2M/10M", parent="torre",
            queue="p-up/default-small", dst="203.0.113.0/24", time="8h-18h,mon,tue",
            total_max_limit="11M", comment="Señora Peña – llamar",
        )  # fmt: skip
        router.put(QUEUES, name="vecino", target="10.9.1.2", bucket_size="0.2/0.3")
        router.put(QUEUES, name="gerencia", target="10.9.1.3", disabled="yes")
        router.put(
            LEASES, address="10.9.2.1", mac_address=MAC, server="lan", client_id="1:aa:bb",
            lease_time="3h", block_access="yes", address_lists="vip",
        )  # fmt: skip
        router.put(
            SECRETS, name="socio", password="x y", service="any", limit_bytes_in="500",
            routes="10.77.0.0/24", caller_id=MAC,
        )  # fmt: skip
        router.put(LISTS, list="morosos", address="10.9.9.9", timeout="1d")
        router.put(USERS, name="visita", password="v", limit_uptime="3h", email="v@example.com")
        router.put("/ip/arp", address="10.9.3.1", mac_address=MAC, interface="ether2",
                   published="yes")  # fmt: skip
        router.put("/ipv6/dhcp-server/binding", address="2001:db8:7::/56", duid="0x0001",
                   life_time="2d")  # fmt: skip
        yield router


@pytest.fixture
def router(db: None, box: PracticeRouter) -> Router:
    return Router.objects.create(
        name="Torre", driver="routeros", host="127.0.0.1", port=box.port, username="admin",
        password="practica",
    )  # fmt: skip


def shown(box: PracticeRouter) -> dict[str, list[dict[str, str]]]:
    """In their order, but for what passes with time."""
    return {
        path: [
            {name: text for name, text in row.items() if name not in PASSING}
            for row in box.rows(path)
        ]
        for path in MENUS
    }


def remove(router: Router, *rows: tuple[str, str]) -> None:
    actions.decide(
        actor=CLERK, now=NOW, router=router, choice=RowDecision.Choice.REMOVE, rows=rows,
        count=len(rows),
    )  # fmt: skip
    reconcile(router, SOON)


def undo(router: Router, key: str) -> None:
    actions.undo(actor=CLERK, now=SOON, operation=Operation.objects.get(key=key, action="remove"))
    reconcile(router, LATER)


ROWS = {
    "Peña": "queue", "10.9.2.1": "lease", "socio": "account", "10.9.9.9": "block",
    "visita": "hotspot_user", "10.9.3.1": "arp", "2001:db8:7::/56": "binding6",
}  # fmt: skip


@pytest.mark.parametrize("key", ROWS)
def test_all_properties_come_back(router: Router, box: PracticeRouter, key: str) -> None:
    reconcile(router, NOW)
    before = shown(box)
    remove(router, (ROWS[key], key))
    assert shown(box) != before
    undo(router, key)
    assert shown(box) == before
    assert not RowDecision.objects.get().error


def test_queues_come_back_to_their_places_one_by_one(router: Router, box: PracticeRouter) -> None:
    reconcile(router, NOW)
    before = shown(box)
    gone = ("Peña", "vecino", "gerencia")
    remove(router, *(("queue", key) for key in gone))
    assert [row["name"] for row in box.rows(QUEUES)] == ["torre"]
    box.put(QUEUES, name="nueva", target="10.9.1.9")
    for key in ("vecino", "gerencia", "Peña"):
        undo(router, key)
    names = [row["name"] for row in box.rows(QUEUES)]
    assert names.index("torre") < names.index("Peña") < names.index("vecino")
    assert [row for row in shown(box)[QUEUES] if row["name"] == "Peña"] == [
        row for row in before[QUEUES] if row["name"] == "Peña"
    ]


def test_what_came_back_is_no_other_row_to_who_looks(router: Router, box: PracticeRouter) -> None:
    """It can be removed again: what was kept of it does not count as a difference."""
    reconcile(router, NOW)
    remove(router, ("queue", "vecino"))
    undo(router, "vecino")
    reconcile(router, LATER + timedelta(minutes=1))
    remove(router, ("queue", "vecino"))
    assert "vecino" not in {row["name"] for row in box.rows(QUEUES)}


def test_secrets_of_what_was_kept_do_not_stand_open(router: Router) -> None:
    reconcile(router, NOW)
    remove(router, ("account", "socio"))
    row = Operation.objects.get(key="socio", action="remove")
    assert "x y" in row.rows and "x y" not in str(row.before)
