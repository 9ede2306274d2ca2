"""PCQ, guaranteed rates and bursts of a living router: adopted as they are, nothing rewritten."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from caudal.apps.catalog.models import Plan
from caudal.apps.customers.actions import touch
from caudal.apps.customers.models import Service
from caudal.apps.imports.tests.adopting import agree, priced, read, serve, taken
from caudal.apps.imports.tests.conftest import NOW, Provider
from caudal.apps.network.models import Connection
from caudal.apps.network.sync import reconcile
from caudal.practice.routeros import V6, V7, PracticeRouter

pytestmark = pytest.mark.django_db(transaction=True)
QUEUES, SECRETS, ENTRIES = "/queue/simple", "/ppp/secret", "/ip/firewall/address-list"
MANGLE, TREES, TYPES = "/ip/firewall/mangle", "/queue/tree", "/queue/type"
MENUS = (QUEUES, SECRETS, ENTRIES, MANGLE, TREES, TYPES, "/ppp/profile", "/ip/arp")


@pytest.fixture(params=[V6, V7])
def box(request: pytest.FixtureRequest) -> Iterator[PracticeRouter]:
    with PracticeRouter(request.param, user="admin", password="clave") as router:
        router.put(
            QUEUES, name="ANA RUIZ", target="10.30.0.3", max_limit="2M/10M", limit_at="512k/3M",
            burst_limit="4M/20M", burst_threshold="1M/8M", burst_time="16s/16s",
        )  # fmt: skip
        router.put("/ppp/profile", name="Oro", rate_limit="3M/15M 6M/30M 2M/12M 12/12 8 1M/4M")
        router.put(
            SECRETS, name="luis.paz", password="x", service="pppoe", profile="Oro",
            remote_address="10.20.0.9", comment="Luis Paz",
        )  # fmt: skip
        _divided(router)
        yield router


def _divided(router: PracticeRouter) -> None:
    for side, way, rate in (("up", "src", "1M"), ("down", "dst", "5M")):
        router.put(TYPES, name=f"p-{side}", kind="pcq", pcq_rate=rate,
                   pcq_classifier=f"{way}-address")  # fmt: skip
        router.put(MANGLE, chain="forward", action="mark-packet", new_packet_mark=f"m-{side}",
                   passthrough="no", **{f"{way}_address_list": "Plan Plata"})  # fmt: skip
        router.put(TREES, name=f"t-{side}", parent="global", packet_mark=f"m-{side}",
                   queue=f"p-{side}")  # fmt: skip
    for number, name in ((7, "Eva Gil"), (8, "Rosa Mora")):
        router.put(ENTRIES, list="Plan Plata", address=f"10.50.0.{number}", comment=name)


def _adopted(provider: Provider, box: PracticeRouter) -> None:
    serve(provider, box, has_pools=False)
    taken(provider, priced(provider, read(provider)))


def _approved(provider: Provider) -> None:
    assert agree(provider).cuts == 0
    reconcile(provider.router, NOW)
    provider.router.refresh_from_db()


def _rows(box: PracticeRouter) -> dict[str, list[dict[str, str]]]:
    """All that the router does: our marks change comments alone."""
    return {
        path: [
            {name: text for name, text in row.items() if name != "comment"}
            for row in box.rows(path)
        ]
        for path in MENUS
    }


def test_plans_have_the_whole_speed_and_the_place_that_the_router_gives(
    provider: Provider, box: PracticeRouter
) -> None:
    _adopted(provider, box)
    plans = {plan.technology: plan for plan in Plan.objects.exclude(pk=provider.plan.pk)}
    assert plans.keys() == {"simple_queue", "pppoe", "pcq"}
    queue, dialled, divided = plans["simple_queue"], plans["pppoe"], plans["pcq"]
    assert (queue.guaranteed_down_kbps, queue.guaranteed_up_kbps) == (3000, 512)
    assert (queue.burst_down_kbps, queue.burst_threshold_up_kbps, queue.burst_seconds) == (
        20_000, 1000, 16,
    )  # fmt: skip
    assert (dialled.profile, dialled.guaranteed_down_kbps, dialled.burst_up_kbps) == (
        "Oro", 4000, 6000,
    )  # fmt: skip
    assert (divided.profile, divided.down_kbps, divided.up_kbps) == ("Plan Plata", 5000, 1000)
    members = Connection.objects.filter(technology="pcq").values_list("address", flat=True)
    assert {*members} == {"10.50.0.7", "10.50.0.8"}


def test_the_first_plan_changes_nothing_but_the_marks(
    provider: Provider, box: PracticeRouter
) -> None:
    before = _rows(box)
    _adopted(provider, box)
    assert _rows(box) == before
    _approved(provider)
    assert _rows(box) == before
    marked = [row for path in (QUEUES, SECRETS, ENTRIES) for row in box.rows(path)]
    assert all(row["comment"].startswith("caudal:") for row in marked)
    assert reconcile(provider.router, NOW + timedelta(minutes=20)).outcome == "in_sync"
    assert not Connection.objects.exclude(sync=Connection.Sync.IN_SYNC).exists()


def _by_connection(router: PracticeRouter) -> None:
    """Connections of the list are marked first, and one simple queue divides what is marked."""
    for path in (MANGLE, TREES):
        for row in router.rows(path):
            router.delete(path, row[".id"])
    router.put(MANGLE, chain="prerouting", action="mark-connection", new_connection_mark="cp",
               passthrough="yes", src_address_list="Plan Plata")  # fmt: skip
    router.put(MANGLE, chain="forward", action="mark-packet", connection_mark="cp",
               new_packet_mark="pp", passthrough="no")  # fmt: skip
    router.put(QUEUES, name="reparte", packet_marks="pp", queue="p-up/p-down")


WAYS = {"by packet": lambda router: None, "by connection": _by_connection}
HERE = "10.50.0.7"


@pytest.mark.parametrize("way", WAYS)
def test_a_change_of_speed_holds_beside_what_was_made_by_hand(
    provider: Provider, box: PracticeRouter, way: str
) -> None:
    """Ours are written before the old rules, which are left as they are."""
    WAYS[way](box)
    box.plug("eva", address=HERE)
    assert box.speed(HERE) == (1_000_000, 5_000_000)
    _adopted(provider, box)
    before = _rows(box)
    _approved(provider)
    assert _rows(box) == before
    plan = Plan.objects.get(technology="pcq")
    plan.down_kbps, plan.up_kbps = 8000, 2000
    plan.save()
    touch(Service.objects.filter(plan=plan), NOW)
    assert reconcile(provider.router, NOW + timedelta(minutes=1)).outcome == "applied"
    assert box.speed(HERE) == (2_000_000, 8_000_000)
    after = _rows(box)
    for path, rows in before.items():
        assert [row for row in after[path] if row in rows] == rows
    members = Connection.objects.filter(technology="pcq")
    assert {row.sync for row in members} == {Connection.Sync.IN_SYNC}
    assert reconcile(provider.router, NOW + timedelta(minutes=20)).outcome == "in_sync"


@pytest.mark.parametrize("way", WAYS)
def test_a_change_of_speed_on_the_router_is_drift_and_put_right(
    provider: Provider, box: PracticeRouter, way: str
) -> None:
    WAYS[way](box)
    box.plug("eva", address=HERE)
    _adopted(provider, box)
    _approved(provider)
    box.edit(TYPES, "p-down", pcq_rate="50M")
    found = reconcile(provider.router, NOW + timedelta(minutes=1))
    told = {(each["kind"], each["code"]) for each in found.findings["drift"]}
    assert ("queue_type", "missing") in told
    assert box.speed(HERE) == (1_000_000, 5_000_000)
    assert {row["pcq-rate"] for row in box.rows(TYPES) if row["name"] == "p-down"} == {"50M"}


def test_a_burst_of_one_direction_and_a_pool_are_adopted_as_they_are(
    provider: Provider, box: PracticeRouter
) -> None:
    box.put("/ip/pool", name="casas", ranges="10.60.0.10-10.60.0.90")
    box.put("/ppp/profile", name="Casas", rate_limit="1M/4M", remote_address="casas",
            local_address="10.60.0.1")  # fmt: skip
    box.put(SECRETS, name="noe.sol", password="x", service="pppoe", profile="Casas",
            comment="Noe Sol")  # fmt: skip
    box.put(QUEUES, name="IVO SOL", target="10.30.0.4", max_limit="2M/10M", burst_limit="0/20M",
            burst_threshold="0/8M", burst_time="0s/16s")  # fmt: skip
    box.put("/ppp/profile", name="Sube", rate_limit="1M/4M 3M/4M 512k/4M 8/8")
    box.put(SECRETS, name="ema.sol", password="x", service="pppoe", profile="Sube",
            remote_address="10.20.0.77", comment="Ema Sol")  # fmt: skip
    box.put("/ipv6/pool", name="seis", prefix="2001:db8:100::/40", prefix_length="56")
    box.put("/ppp/profile", name="Doble", rate_limit="1M/4M", dhcpv6_pd_pool="seis")
    box.put(SECRETS, name="uma.sol", password="x", service="pppoe", profile="Doble",
            remote_address="10.20.0.78", ipv6_routes="2001:db8:78::/56", comment="Uma")  # fmt: skip
    box.put(QUEUES, name="LIA SOL", target="10.30.0.5,2001:db8:5::/56", max_limit="2M/10M")
    before = _rows(box)
    _adopted(provider, box)
    _approved(provider)
    assert _rows(box) == before
    prefixes = {*Connection.objects.values_list("prefix", flat=True)} - {""}
    assert prefixes == {"2001:db8:78::/56", "2001:db8:5::/56"}
    assert reconcile(provider.router, NOW + timedelta(minutes=20)).outcome == "in_sync"
    assert {*Connection.objects.values_list("sync", flat=True)} == {Connection.Sync.IN_SYNC}
