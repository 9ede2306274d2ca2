"""Connections of every technology: what each needs, what it writes, how one becomes another."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from caudal.apps.catalog.models import Technology
from caudal.apps.customers.models import Zone
from caudal.apps.network import actions
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe, fresh, held, suspend
from caudal.apps.network.ways import BOUND_BY_ARP
from caudal.core.access import Kind, Row
from caudal.integrations.access.memory import MemoryRouter, router_named
from caudal.web.errors import explain

MAC = "AA:BB:CC:00:00:01"
WAYS: dict[str, dict[str, Any]] = {
    Technology.PPPOE: {"address": "10.0.0.5"},
    Technology.HOTSPOT: {"server": "plaza"},
    Technology.SIMPLE_QUEUE: {"address": "10.0.0.5", "mac": MAC, "bind_mac": True},
    Technology.PCQ: {"address": "10.0.0.5"},
    Technology.DHCP: {"address": "10.0.0.5", "mac": MAC, "server": "lan"},
    Technology.STATIC: {"address": "10.0.0.5", "mac": MAC},
}
ROWS = {
    Technology.PPPOE: {Kind.PROFILE, Kind.ACCOUNT},
    Technology.HOTSPOT: {Kind.HOTSPOT_PROFILE, Kind.HOTSPOT_USER},
    Technology.SIMPLE_QUEUE: {Kind.QUEUE, Kind.ARP},
    Technology.PCQ: {Kind.QUEUE_TYPE, Kind.MARKING, Kind.TREE, Kind.MEMBER},
    Technology.DHCP: {Kind.LEASE},
    Technology.STATIC: {Kind.QUEUE, Kind.ARP},
}
every_way = pytest.mark.parametrize("way", list(WAYS))


@pytest.fixture(autouse=True)
def lan(router: Router) -> None:
    router.lan_interface = "bridge-lan"
    router.save()


def kinds(box: MemoryRouter) -> set[Kind]:
    return {row.kind for row in box.rows.values()}


@pytest.fixture
def other_router(db: None) -> Router:
    router_named("other").rows.clear()
    return Router.objects.create(
        name="other", driver="memory", host="192.0.2.2", username="caudal", lan_interface="ether5"
    )


@every_way
def test_each_way_writes_its_own_rows_and_is_verified(
    subscribe: Subscribe, router: Router, box: MemoryRouter, way: Technology
) -> None:
    connection = subscribe(technology=way, **WAYS[way])
    reconcile(router, NOW)
    assert kinds(box) == ROWS[way]
    assert fresh(connection).sync == Connection.Sync.IN_SYNC


@every_way
@pytest.mark.parametrize("before", list(WAYS))
def test_a_move_to_another_way_cleans_the_old_one(
    subscribe: Subscribe, router: Router, box: MemoryRouter, way: Technology, before: Technology
) -> None:
    connection = subscribe(technology=before, **WAYS[before])
    reconcile(router, NOW)
    actions.move(actor=CLERK, now=NOW, connection=connection, technology=way, **WAYS[way])
    reconcile(router, NOW)
    moved = fresh(connection)
    bound_too = {Kind.ARP} if moved.bind_mac and way in BOUND_BY_ARP else set()
    assert kinds(box) == ROWS[way] | bound_too
    assert moved.sync == Connection.Sync.IN_SYNC


def test_a_move_to_another_router_takes_the_way_along(
    subscribe: Subscribe, router: Router, box: MemoryRouter, other_router: Router
) -> None:
    connection = subscribe(technology=Technology.STATIC, **WAYS[Technology.STATIC])
    reconcile(router, NOW)
    actions.move(actor=CLERK, now=NOW, connection=connection, router=other_router)
    reconcile(other_router, NOW)
    reconcile(router, NOW)
    assert kinds(box) == set()
    assert fresh(connection).sync == Connection.Sync.IN_SYNC


def test_what_the_new_way_does_not_know_is_forgotten(subscribe: Subscribe) -> None:
    connection = subscribe(
        technology=Technology.DHCP,
        address="10.0.0.5",
        mac=MAC,
        server="lan",
        prefix="2001:db8:5::/56",
        duid="00:03:00:01:AA:BB",
        iaid="001",
    )
    assert (connection.duid, connection.iaid) == ("00030001aabb", "1")
    actions.move(actor=CLERK, now=NOW, connection=connection, technology=Technology.PCQ)
    moved = fresh(connection)
    assert (moved.server, moved.duid, moved.iaid) == ("", "", "")
    assert moved.prefix == "2001:db8:5::/56"
    assert (moved.mac, moved.address) == (MAC, "10.0.0.5")
    actions.move(actor=CLERK, now=NOW, connection=moved, technology=Technology.HOTSPOT)
    assert fresh(connection).prefix == ""


@pytest.mark.parametrize(
    ("way", "about", "code", "field"),
    [
        (Technology.PCQ, {}, NetworkCode.ADDRESS_NEEDED, "address"),
        (Technology.DHCP, {"address": "10.0.0.5"}, NetworkCode.MAC_NEEDED, "mac"),
        (Technology.STATIC, {"address": "10.0.0.5"}, NetworkCode.MAC_NEEDED, "mac"),
        (
            Technology.DHCP,
            {"address": "10.0.0.5", "mac": MAC, "prefix": "2001:db8::/56"},
            NetworkCode.DUID_NEEDED,
            "duid",
        ),
        (Technology.HOTSPOT, {"prefix": "2001:db8::/56"}, NetworkCode.NO_PREFIX_HERE, "prefix"),
        (Technology.PPPOE, {"prefix": "2001:db8::/32"}, NetworkCode.BAD_PREFIX, "prefix"),
        (Technology.PPPOE, {"prefix": "10.0.0.0/24"}, NetworkCode.BAD_PREFIX, "prefix"),
        (Technology.DHCP, {"duid": "xyz"}, NetworkCode.BAD_DUID, "duid"),
        (Technology.DHCP, {"iaid": "uno"}, NetworkCode.BAD_IAID, "iaid"),
    ],
)
def test_what_a_way_needs_is_asked_for(
    subscribe: Subscribe, way: Technology, about: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(NetworkError) as caught:
        subscribe(technology=way, **about)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert explain(caught.value)
    assert not Connection.objects.exists()


def test_a_binding_needs_to_know_where_the_device_is(subscribe: Subscribe, router: Router) -> None:
    router.lan_interface = ""
    router.save()
    with pytest.raises(NetworkError) as caught:
        subscribe(technology=Technology.STATIC, address="10.0.0.5", mac=MAC)
    assert caught.value.code == NetworkCode.INTERFACE_NEEDED
    subscribe(technology=Technology.STATIC, address="10.0.0.5", mac=MAC, interface="ether5")


def test_a_device_has_one_lease_of_a_server(subscribe: Subscribe) -> None:
    subscribe("Ana", technology=Technology.DHCP, address="10.0.0.5", mac=MAC, server="lan")
    with pytest.raises(NetworkError) as caught:
        subscribe("Beto", technology=Technology.DHCP, address="10.0.0.6", mac=MAC)
    assert caught.value.code == NetworkCode.MAC_TAKEN
    assert "Ana" in explain(caught.value)
    subscribe("Eva", technology=Technology.DHCP, address="10.0.0.7", mac=MAC, server="torre")


def test_a_prefix_is_given_once(subscribe: Subscribe) -> None:
    first = subscribe("Ana", prefix="2001:DB8:5:0::/56")
    assert first.prefix == "2001:db8:5::/56"
    with pytest.raises(NetworkError) as caught:
        subscribe("Beto", prefix="2001:db8:5::/56")
    assert caught.value.code == NetworkCode.PREFIX_TAKEN
    other = subscribe("Eva")
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.filter(pk=other.pk).update(prefix=first.prefix)
    actions.release(actor=CLERK, now=NOW, connection=first)
    assert subscribe("Luz", prefix="2001:db8:5::/56").prefix


def test_pcq_can_have_one_queue_for_the_network_of_its_pool(
    subscribe: Subscribe, router: Router, box: MemoryRouter, pool: Pool
) -> None:
    router.pcq_queues = Router.PcqQueues.NETWORK
    router.save()
    subscribe("Ana", technology=Technology.PCQ, pool=pool)
    reconcile(router, NOW)
    (queue,) = held(box, Kind.QUEUE).values()
    assert queue.attrs["target"] == pool.network
    assert kinds(box) == {Kind.QUEUE, Kind.QUEUE_TYPE, Kind.MEMBER}


def test_a_prefix_by_pcq_is_listed_cut_and_cleaned_with_its_customer(
    subscribe: Subscribe, router: Router, box: MemoryRouter, other_router: Router
) -> None:
    six = {Kind.MEMBER6, Kind.MARKING6}
    connection = subscribe(technology=Technology.PCQ, address="10.0.0.5", prefix="2001:db8:5::/56")
    reconcile(router, NOW)
    assert kinds(box) == ROWS[Technology.PCQ] | six
    suspend(connection)
    reconcile(router, NOW)
    assert kinds(box) == ROWS[Technology.PCQ] | six | {Kind.BLOCK, Kind.BLOCK6}
    actions.move(actor=CLERK, now=NOW, connection=connection, router=other_router)
    reconcile(other_router, NOW)
    reconcile(router, NOW)
    assert kinds(box) == set()
    assert kinds(router_named("other")) >= six | {Kind.BLOCK6}
    assert fresh(connection).sync == Connection.Sync.IN_SYNC


def test_a_pool_that_delegates_prefixes_is_named_in_the_profile(
    subscribe: Subscribe, router: Router, box: MemoryRouter, pool: Pool
) -> None:
    six = Pool.objects.create(router=router, name="seis", network="2001:db8:100::/40")
    subscribe("Ana", pool=pool, pool6=six)
    reconcile(router, NOW)
    (profile,) = held(box, Kind.PROFILE).values()
    assert (profile.key, profile.attrs["pool6"]) == ("Basico 10Mb (seis)", "seis")


def test_a_hotspot_cut_disables_the_user_and_takes_his_cookie(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(technology=Technology.HOTSPOT)
    reconcile(router, NOW)
    box.dial(connection.username, address="10.5.0.2", kind=Kind.HOTSPOT_SESSION)
    box.put(Row(Kind.COOKIE, connection.username))
    reconcile(router, NOW)
    assert fresh(connection).online_since
    suspend(connection)
    reconcile(router, NOW)
    assert not held(box, Kind.HOTSPOT_USER)[connection.username].enabled
    assert not held(box, Kind.COOKIE) and not box.sessions


def test_the_page_of_a_move_asks_what_the_chosen_way_needs(
    client_as: Any, subscribe: Subscribe, router: Router, zone: Zone
) -> None:
    owner, connection = client_as("owner"), subscribe(address="10.0.0.5")
    url = reverse("network:move", args=[connection.pk])
    page = owner.get(url).content.decode()
    assert 'name="local_address"' in page and 'name="duid"' not in page
    typed = {"router": router.pk, "technology": "dhcp", "refresh": "1", "zone": zone.pk}
    assert "&quot;validate&quot;: &quot;&quot;" in page  # the field's own check is another question
    asked = {"HX-Request": "true"}
    page = owner.post(url, typed | {"validate": ""}, headers=asked).content.decode()
    assert 'name="duid"' in page and 'name="local_address"' not in page
    assert fresh(connection).technology == Technology.PPPOE
    north = Zone.objects.create(name="Norte", company=zone.company, payment_day=9)
    chosen = {"router": router.pk, "technology": "dhcp", "zone": north.pk, "server": "lan"}
    assert owner.post(url, chosen).status_code == 200  # without a MAC address
    owner.post(url, chosen | {"mac": MAC, "ipv6_prefix": "2001:db8:5::/56", "duid": "0003000102"})
    moved = fresh(connection)
    assert (moved.technology, moved.mac, moved.server) == ("dhcp", MAC, "lan")
    assert (moved.address, moved.prefix) == ("10.0.0.5", "2001:db8:5::/56")
    assert moved.service.customer.zone == north


def test_a_connection_is_edited_in_the_fields_of_its_way(
    client_as: Any, subscribe: Subscribe
) -> None:
    owner = client_as("owner")
    connection = subscribe(technology=Technology.STATIC, address="10.0.0.5", mac=MAC)
    url = reverse("network:edit_connection", args=[connection.pk])
    page = owner.get(url).content.decode()
    assert 'name="interface"' in page and 'name="password"' not in page
    owner.post(
        url,
        {"username": "saul", "address": "10.0.0.6", "mac": MAC, "interface": "ether5",
         "ipv6_prefix": "2001:db8:6::/56"},
    )  # fmt: skip
    changed = fresh(connection)
    assert (changed.username, changed.address) == ("saul", "10.0.0.6")
    assert (changed.interface, changed.prefix) == ("ether5", "2001:db8:6::/56")


def test_a_binding_on_an_interface_that_answers_anybody_is_told(
    client_as: Any, subscribe: Subscribe, router: Router
) -> None:
    subscribe(technology=Technology.STATIC, address="10.0.0.5", mac=MAC)
    owner, url = client_as("owner"), reverse("network:state", args=[router.pk])
    assert "reply-only" not in owner.get(url).content.decode()
    Router.objects.update(facts={"noticed": {"reply_only": "ether9"}})
    assert "bridge-lan" in owner.get(url).content.decode()
    Router.objects.update(facts={"noticed": {"reply_only": "bridge-lan,ether9"}})
    assert "reply-only" not in owner.get(url).content.decode()


def test_the_proof_of_who_has_a_device_and_no_session_yet_is_shown(
    client_as: Callable[..., Client], subscribe: Subscribe
) -> None:
    connection = subscribe(technology=Technology.STATIC, **WAYS[Technology.STATIC])
    assert connection.last_session == {}
    page = client_as("owner").get(reverse("network:proof", args=[connection.service.customer_id]))
    assert page.status_code == 200 and connection.mac in page.content.decode()
