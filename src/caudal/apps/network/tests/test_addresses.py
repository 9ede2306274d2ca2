"""Blocks and pools as a tree, the map of a pool, and who had an address at a moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from caudal.apps.network import actions
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.history import uses_of
from caudal.apps.network.models import AddressBlock, AddressUse, Connection, Pool, Router
from caudal.apps.network.occupancy import Standing, map_of, nodes
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe, suspend
from caudal.apps.staff.models import User
from caudal.core.access import Session
from caudal.integrations.access.memory import MemoryRouter

ClientAs = Callable[..., Client]
LATER = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def boss(owner: Client) -> User:
    return User.objects.select_related("role").get(pk=owner.session["_auth_user_id"])


def block(network: str, name: str = "Bloque", **about: Any) -> AddressBlock:
    row = AddressBlock(network=network, name=name, **about)
    return actions.save_block(actor=CLERK, now=NOW, block=row)


def test_pools_stand_under_the_blocks_that_hold_them(pool: Pool) -> None:
    block("10.0.0.0/8", "Todo", purpose=AddressBlock.Purpose.SUPERNET)
    block("10.20.0.0/16", "Norte")
    block("2001:db8::/32", "IPv6")
    found = nodes(AddressBlock.objects.all(), [pool])
    assert [(node.depth, node.network) for node in found] == [
        (0, "10.0.0.0/8"), (1, "10.20.0.0/16"), (2, "10.20.0.0/22"), (0, "2001:db8::/32"),
    ]  # fmt: skip
    assert found[0].usage.size == found[2].usage.size == 1021
    assert found[3].usage.size == 0


def test_a_pool_written_badly_is_shown_all_the_same(router: Router) -> None:
    wrong = Pool.objects.create(router=router, name="Mal", network="10.0.0.0/99")
    (node,) = nodes([], [wrong])
    assert node.pool == wrong and node.usage.size == 0


def test_the_tree_asks_as_often_for_many_pools_as_for_few(
    router: Router, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        Pool.objects.create(router=router, name=f"P{number}", network=f"10.{number}.0.0/24")
    with django_assert_num_queries(4):
        nodes(AddressBlock.objects.all(), list(Pool.objects.select_related("router")))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"network": "10.20.0.1/16"}, "host-bits"),
        ({"network": "10.20.0.0/16", "gateway": "10.21.0.1"}, NetworkCode.OUTSIDE_NETWORK),
        ({"network": "10.20.0.0/16", "reserved": "10.9.0.1-10.9.0.9"}, NetworkCode.OUTSIDE_NETWORK),
        ({"network": "10.20.0.0/16", "reserved": "nada"}, "not-a-network"),
    ],
)
def test_a_block_that_makes_no_sense_is_refused(
    db: None, values: dict[str, str], code: str
) -> None:
    with pytest.raises(NetworkError) as refused:
        block(**values)
    assert refused.value.code == code and refused.value.field in values


def test_the_same_network_is_one_block_even_for_the_database(db: None) -> None:
    block("10.20.0.0/16", "Norte")
    with pytest.raises(NetworkError) as refused:
        block(" 10.20.0.0/16 ", "Sur")
    assert refused.value.code == NetworkCode.BLOCK_EXISTS
    with pytest.raises(IntegrityError), transaction.atomic():
        AddressBlock.objects.create(name="Sur", network="10.20.0.0/16")


def test_what_a_block_keeps_is_given_to_nobody(pool: Pool, subscribe: Subscribe) -> None:
    block("10.0.0.0/8", "Todo", purpose=AddressBlock.Purpose.SUPERNET)
    block("10.20.0.0/16", "Norte", reserved="10.20.0.2-10.20.0.9", gateway="10.20.0.10")
    block("10.20.0.12/30", "Equipos", purpose=AddressBlock.Purpose.MANAGEMENT)
    assert actions.free_addresses(pool, 3) == ["10.20.0.11", "10.20.0.16", "10.20.0.17"]
    assert subscribe("Ana", pool=pool).address == "10.20.0.11"
    with pytest.raises(NetworkError) as refused:
        subscribe("Beto", pool=pool, address="10.20.0.13")
    assert refused.value.code == NetworkCode.OUTSIDE_POOL


def test_removing_a_block_gives_back_what_it_kept(pool: Pool) -> None:
    kept = block("10.20.0.0/22", reserved="10.20.0.2")
    actions.remove_block(actor=CLERK, now=NOW, block=kept)
    assert actions.free_addresses(pool, 1) == ["10.20.0.2"]


def test_two_services_never_hold_one_address_even_for_the_database(
    subscribe: Subscribe, router: Router
) -> None:
    subscribe("Ana", address="10.0.0.5")
    beto = subscribe("Beto", address="10.0.0.6")
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.filter(pk=beto.pk).update(address="10.0.0.5")


def test_the_map_tells_what_every_address_is(
    pool: Pool, subscribe: Subscribe, boss: User, router: Router
) -> None:
    router.facts = {"foreign_addresses": ["10.20.0.7"]}
    router.save()
    block("10.20.0.0/16", reserved="10.20.0.2")
    subscribe("Ana", pool=pool, address="10.20.0.3")
    suspend(subscribe("Beto", pool=pool, address="10.20.0.4"))
    gone = subscribe("Caro", pool=pool, address="10.20.0.5")
    actions.release(actor=CLERK, now=LATER, connection=gone)
    shown = map_of(pool, "", boss, LATER)
    standing = {cell.address: cell.standing for cell in shown.cells}
    assert [standing[f"10.20.0.{last}"] for last in range(9)] == [
        Standing.KEPT, Standing.KEPT, Standing.KEPT, Standing.HELD, Standing.CUT,
        Standing.LATELY, Standing.FREE, Standing.FOREIGN, Standing.FREE,
    ]  # fmt: skip
    assert (shown.before, shown.after) == ("", "10.20.1.0")
    assert str(shown.cells[3].connection.service.customer) == "Ana"  # type: ignore[union-attr]
    later = map_of(pool, "10.20.0.5", boss, LATER + timedelta(days=31))
    assert later.cells[5].standing is Standing.FREE


def test_the_map_pages_through_the_network_and_survives_nonsense(
    pool: Pool, boss: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):
        last = map_of(pool, "10.20.3.77", boss, NOW)
    assert (last.first, last.last, last.before, last.after) == (
        "10.20.3.0", "10.20.3.255", "10.20.2.0", "",
    )  # fmt: skip
    for start in ("nada", "10.99.0.1", "2001:db8::1"):
        assert map_of(pool, start, boss, NOW).first == "10.20.0.0"


def test_an_ipv6_pool_has_a_map_too(router: Router, boss: User) -> None:
    pool = Pool.objects.create(router=router, name="v6", network="2001:db8::/64")
    assert map_of(pool, "2001:db8::1:0", boss, NOW).first == "2001:db8::1:0"
    assert actions.free_addresses(pool, 2) == ["2001:db8::", "2001:db8::1"]


def test_who_had_an_address_on_a_day_is_found_after_it_went_on(
    subscribe: Subscribe, boss: User
) -> None:
    ana = subscribe("Ana", address="10.0.0.5")
    actions.release(actor=CLERK, now=NOW + timedelta(days=2), connection=ana)
    beto = subscribe("Beto", address="10.0.0.6")
    actions.edit_connection(
        actor=CLERK, now=NOW + timedelta(days=5), connection=beto, address="10.0.0.5"
    )

    def had(day: int) -> list[str]:
        found = uses_of(boss, "10.0.0.5", NOW + timedelta(days=day))
        return [str(use.connection.service.customer) for use in found]

    assert [had(day) for day in (-1, 1, 3, 6)] == [[], ["Ana"], [], ["Beto"]]
    assert [use.address for use in uses_of(boss, "beto")] == ["10.0.0.5", "10.0.0.6"]


def test_addresses_that_a_router_gave_are_known_from_its_sessions(
    subscribe: Subscribe, router: Router, box: MemoryRouter, boss: User
) -> None:
    ana = subscribe("Ana", username="ana")
    fixed = subscribe("Beto", username="beto", address="10.0.0.9")

    def read(at: datetime, *sessions: Session) -> None:
        box.sessions.clear()
        box.sessions.update({each.name: each for each in sessions})
        assert reconcile(router, at).outcome != "failed"

    def had() -> list[tuple[str, bool]]:
        uses = AddressUse.objects.filter(connection=ana).order_by("since")
        return [(use.address, use.until is None) for use in uses]

    read(NOW)
    one = Session("ana", "10.7.0.2", age_s=60)
    read(NOW + timedelta(hours=1), one, Session("beto", "10.0.0.9", age_s=60))
    assert had() == [("10.7.0.2", True)]
    actions.edit_connection(actor=CLERK, now=NOW + timedelta(hours=1), connection=ana, mac="")
    read(NOW + timedelta(hours=2), Session("ana", "10.7.0.3", age_s=60))
    assert had() == [("10.7.0.2", False), ("10.7.0.3", True)]
    found = uses_of(boss, "10.7.0.2", NOW + timedelta(minutes=90))
    assert [str(use.connection.service.customer) for use in found] == ["Ana"]
    read(NOW + timedelta(hours=3))
    assert had()[-1] == ("10.7.0.3", False)
    assert not AddressUse.objects.filter(connection=fixed, seen=True).exists()


def test_ipv6_is_found_in_any_spelling(subscribe: Subscribe, boss: User) -> None:
    subscribe("Ana", address="2001:db8::5")
    assert uses_of(boss, "2001:0DB8:0:0::0005").count() == 1


def test_a_collector_finds_only_his_own_customers(
    subscribe: Subscribe, client_as: ClientAs
) -> None:
    subscribe("Ana", address="10.0.0.5")
    assert client_as("collector").get(reverse("network:history")).status_code == 403
    client = client_as("collector")
    person = User.objects.get(pk=client.session["_auth_user_id"])
    assert not uses_of(person, "10.0.0.5").exists()


def test_screens_of_addresses_open_and_say_what_they_show(
    owner: Client, pool: Pool, subscribe: Subscribe
) -> None:
    subscribe("Ana", pool=pool, address="10.20.0.3")
    row = block("10.0.0.0/8", "Todo lo privado")

    def text(name: str, *args: object, **query: str) -> str:
        response = owner.get(reverse(f"network:{name}", args=args), query)
        assert response.status_code == 200, name
        return response.content.decode()

    assert "Todo lo privado" in text("pools") and "10.20.0.0/22" in text("pools")
    assert "Todo lo privado" not in text("pools", q="centro")
    assert "Nothing like that" in text("pools", q="zzz")
    assert "Ana" in text("pool_map", pool.pk) and "10.20.1.0" in text("pool_map", pool.pk)
    assert "not written well" not in text("pool_map", pool.pk)
    Pool.objects.filter(pk=pool.pk).update(network="mal")
    assert "not written well" in text("pool_map", pool.pk)
    assert "Who had this address?" in text("history")
    assert "Ana" in text("history", q="10.20.0.3")
    assert "Nobody had it" in text("history", q="10.20.0.3", at="2020-01-01T10:00")
    assert "10.0.0.0/8" in text("block", row.pk)


def test_blocks_are_made_and_removed_on_their_screens(owner: Client) -> None:
    values = {"name": "Norte", "network": "10.20.0.0/16", "purpose": "customers"}
    owner.post(reverse("network:new_block"), values)
    made = AddressBlock.objects.get()
    page = owner.post(reverse("network:new_block"), values).content.decode()
    assert "already exists" in page and AddressBlock.objects.count() == 1
    owner.post(reverse("network:remove_block", args=[made.pk]))
    assert not AddressBlock.objects.exists()


def test_the_history_comes_as_a_file(owner: Client, subscribe: Subscribe) -> None:
    ana = subscribe("Ana", address="10.0.0.5")
    AddressUse.objects.filter(connection=ana).update(until=LATER)
    response = owner.get(reverse("network:export_history"), {"q": "10.0.0.5"})
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2 and "10.0.0.5" in lines[1] and "Ana" in lines[1]
