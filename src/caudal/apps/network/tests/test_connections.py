"""Connecting services: users, passwords, addresses, moves and the history of who had what."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from caudal.apps.catalog.models import Technology
from caudal.apps.customers.models import Customer, Service
from caudal.apps.network import actions
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import AddressUse, Connection, Pool, Router
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe, fresh
from caudal.apps.staff.models import JournalEntry
from caudal.core.addressing import AddressFault
from caudal.web.errors import explain

LATER = NOW + timedelta(days=30)


def test_user_comes_from_name_and_code_in_plain_letters(subscribe: Subscribe) -> None:
    connection = subscribe("José Peña Núñez")
    assert connection.username == f"jose.pena.{connection.service.customer.code}".lower()
    assert connection.username.isascii()


def test_password_is_random_and_easy_to_read_out(subscribe: Subscribe) -> None:
    first, second = subscribe("Ana"), subscribe("Beto")
    assert first.password != second.password
    assert len(first.password) == 10 and not set(first.password) & set("lo01i")


def test_password_is_encrypted_in_the_table(subscribe: Subscribe) -> None:
    from django.db import connection as database

    row = subscribe(password="clave-de-ana")
    with database.cursor() as cursor:
        cursor.execute("SELECT password FROM network_connection WHERE id = %s", [row.pk])
        assert "clave" not in cursor.fetchone()[0]


def test_second_service_of_a_customer_gets_another_user(
    subscribe: Subscribe, router: Router
) -> None:
    from caudal.apps.customers import actions as customers

    first = subscribe()
    service = customers.add_service(
        actor=CLERK,
        now=NOW,
        customer=first.service.customer,
        plan=first.service.plan,
        started_on=NOW.date(),
    )
    second = actions.connect(
        actor=CLERK, now=NOW, service=service, router=router, technology=Technology.PPPOE
    )
    assert second.username == f"{first.username}-2"


def test_first_free_address_of_the_pool_is_taken(subscribe: Subscribe, pool: Pool) -> None:
    assert subscribe("Ana", pool=pool).address == "10.20.0.2"
    assert subscribe("Beto", pool=pool).address == "10.20.0.3"


def test_address_outside_the_pool_is_refused(subscribe: Subscribe, pool: Pool) -> None:
    with pytest.raises(NetworkError) as caught:
        subscribe(pool=pool, address="10.99.0.5")
    assert caught.value.code == NetworkCode.OUTSIDE_POOL
    assert caught.value.field == "address"
    assert "10.99.0.5" in explain(caught.value)
    assert not Connection.objects.exists()


def test_any_address_is_allowed_without_a_pool(subscribe: Subscribe) -> None:
    assert subscribe(address=" 10.99.0.5 ").address == "10.99.0.5"


@pytest.mark.parametrize("typed", ["10.0.0.300", "hola", "10.0.0.0/24", "10.0.0"])
def test_text_that_is_no_address_is_refused(subscribe: Subscribe, typed: str) -> None:
    with pytest.raises(NetworkError) as caught:
        subscribe(address=typed)
    assert caught.value.code == AddressFault.NOT_AN_ADDRESS and typed in explain(caught.value)


def test_address_of_another_customer_names_him(subscribe: Subscribe) -> None:
    subscribe("Ana Ruiz", address="10.0.0.5")
    with pytest.raises(NetworkError) as caught:
        subscribe("Beto", address="10.0.0.5")
    assert caught.value.code == NetworkCode.ADDRESS_TAKEN
    assert "Ana Ruiz" in explain(caught.value)


def test_user_of_another_customer_names_him(subscribe: Subscribe) -> None:
    subscribe("Ana Ruiz", username="casa")
    with pytest.raises(NetworkError) as caught:
        subscribe("Beto", username="casa")
    assert caught.value.code == NetworkCode.USERNAME_TAKEN
    assert "Ana Ruiz" in explain(caught.value)


def test_database_refuses_one_address_twice(subscribe: Subscribe) -> None:
    first, second = subscribe("Ana", address="10.0.0.5"), subscribe("Beto", address="10.0.0.6")
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.filter(pk=second.pk).update(address=first.address)


def test_same_address_on_another_router_is_fine(subscribe: Subscribe) -> None:
    other = Router.objects.create(name="Norte", driver="memory", host="192.0.2.2", username="c")
    subscribe("Ana", address="10.0.0.5")
    assert subscribe("Beto", address="10.0.0.5", router=other).address == "10.0.0.5"


def test_simple_queue_needs_an_address(subscribe: Subscribe) -> None:
    with pytest.raises(NetworkError) as caught:
        subscribe(technology=Technology.SIMPLE_QUEUE)
    assert caught.value.code == NetworkCode.ADDRESS_NEEDED


@pytest.mark.parametrize("typed", ["aabb.ccdd.eeff", "aa-bb-cc-dd-ee-ff", " AA:BB:CC:DD:EE:FF "])
def test_mac_is_written_one_way(subscribe: Subscribe, typed: str) -> None:
    assert subscribe(mac=typed).mac == "AA:BB:CC:DD:EE:FF"


def test_text_that_is_no_mac_is_refused(subscribe: Subscribe) -> None:
    with pytest.raises(NetworkError) as caught:
        subscribe(mac="AA:BB:CC:DD:EE")
    assert (caught.value.code, caught.value.field) == (NetworkCode.BAD_MAC, "mac")


def test_emoji_in_a_user_is_refused(subscribe: Subscribe) -> None:
    with pytest.raises(NetworkError) as caught:
        subscribe(username="ana🙂")
    assert caught.value.code == NetworkCode.USERNAME_NOT_PLAIN


def test_customer_is_found_by_address_user_and_mac(subscribe: Subscribe) -> None:
    connection = subscribe(address="10.0.0.5", mac="aabbccddeeff", username="Casa.Ana")
    customer = Customer.objects.get(pk=connection.service.customer_id)
    assert customer.access_text == "casa.ana 10.0.0.5 aa:bb:cc:dd:ee:ff"
    actions.release(actor=CLERK, now=LATER, connection=connection)
    customer.refresh_from_db()
    assert customer.access_text == ""


def test_each_change_makes_the_service_known_to_its_router(subscribe: Subscribe) -> None:
    connection = subscribe()
    before = connection.service.revision
    actions.edit_connection(actor=CLERK, now=LATER, connection=connection, username="otra")
    assert fresh(connection).service.revision == before + 1
    assert fresh(connection).state == Connection.Sync.PENDING


def test_saving_without_a_change_does_nothing(subscribe: Subscribe) -> None:
    connection = subscribe()
    before = connection.service.revision
    actions.edit_connection(
        actor=CLERK, now=LATER, connection=connection, username=connection.username
    )
    assert fresh(connection).service.revision == before


def test_history_keeps_who_had_an_address_and_when(subscribe: Subscribe) -> None:
    connection = subscribe("Ana", address="10.0.0.5")
    actions.edit_connection(actor=CLERK, now=LATER, connection=connection, address="10.0.0.6")
    uses = [(use.address, use.since, use.until) for use in AddressUse.objects.order_by("since")]
    assert uses == [("10.0.0.5", NOW, LATER), ("10.0.0.6", LATER, None)]


def test_released_address_is_free_at_once_and_remembered(subscribe: Subscribe) -> None:
    ana = subscribe("Ana", address="10.0.0.5", username="casa")
    actions.release(actor=CLERK, now=LATER, connection=ana)
    beto = subscribe("Beto", address="10.0.0.5", username="casa")
    holders = AddressUse.objects.filter(address="10.0.0.5").order_by("since", "pk")
    assert {use.connection_id for use in holders} == {ana.pk, beto.pk}
    assert holders.get(connection=ana).until == LATER


def test_returning_customer_gets_his_address_back(subscribe: Subscribe) -> None:
    connection = subscribe(address="10.0.0.5")
    actions.release(actor=CLERK, now=LATER, connection=connection)
    actions.return_address(actor=CLERK, now=LATER, connection=connection)
    assert fresh(connection).released_at is None
    assert AddressUse.objects.filter(address="10.0.0.5", until=None).count() == 1


def test_address_that_somebody_else_has_now_is_not_given_back(subscribe: Subscribe) -> None:
    ana = subscribe("Ana", address="10.0.0.5")
    actions.release(actor=CLERK, now=LATER, connection=ana)
    subscribe("Beto", address="10.0.0.5")
    with pytest.raises(NetworkError) as caught:
        actions.return_address(actor=CLERK, now=LATER, connection=ana)
    assert caught.value.code == NetworkCode.ADDRESS_TAKEN and "Beto" in explain(caught.value)
    assert fresh(ana).released_at == LATER


def test_released_service_can_be_connected_again_elsewhere(
    subscribe: Subscribe, router: Router
) -> None:
    other = Router.objects.create(name="Norte", driver="memory", host="192.0.2.2", username="c")
    old = subscribe(address="10.0.0.5")
    actions.release(actor=CLERK, now=LATER, connection=old)
    again = actions.connect(
        actor=CLERK,
        now=LATER,
        service=old.service,
        router=other,
        technology=Technology.PPPOE,
        address="10.7.0.5",
    )
    assert again.pk == old.pk and fresh(old).router == other
    router.refresh_from_db()
    assert router.dirty_since == LATER


def test_connected_service_is_not_connected_twice(subscribe: Subscribe, router: Router) -> None:
    connection = subscribe()
    with pytest.raises(NetworkError) as caught:
        actions.connect(
            actor=CLERK,
            now=NOW,
            service=connection.service,
            router=router,
            technology=Technology.PPPOE,
        )
    assert caught.value.code == NetworkCode.ALREADY_CONNECTED


def test_move_marks_the_old_router_to_be_cleaned(subscribe: Subscribe, router: Router) -> None:
    other = Router.objects.create(name="Norte", driver="memory", host="192.0.2.2", username="c")
    connection = subscribe(address="10.0.0.5")
    actions.move(actor=CLERK, now=LATER, connection=connection, router=other, address="10.7.0.5")
    router.refresh_from_db()
    assert router.dirty_since == LATER
    assert fresh(connection).router == other
    assert AddressUse.objects.get(until=None).router == other


def test_pool_of_another_router_is_refused(subscribe: Subscribe, pool: Pool) -> None:
    other = Router.objects.create(name="Norte", driver="memory", host="192.0.2.2", username="c")
    with pytest.raises(NetworkError) as caught:
        subscribe(router=other, pool=pool)
    assert caught.value.code == NetworkCode.POOL_OF_OTHER_ROUTER


def test_free_addresses_leave_out_what_is_held_excluded_or_seen_on_the_router(
    subscribe: Subscribe, pool: Pool
) -> None:
    pool.excluded = "10.20.0.4-10.20.0.6"
    pool.save()
    pool.router.facts = {"addresses": ["10.20.0.8/22"], "foreign_addresses": ["10.20.0.9"]}
    pool.router.save()
    subscribe(pool=pool, address="10.20.0.3")
    assert actions.free_addresses(pool, 4) == [
        "10.20.0.2",
        "10.20.0.7",
        "10.20.0.10",
        "10.20.0.11",
    ]


def test_full_pool_says_so(subscribe: Subscribe, router: Router) -> None:
    small = Pool.objects.create(router=router, name="Chico", network="10.1.0.0/30")
    subscribe("Ana", pool=small)
    subscribe("Beto", pool=small)
    with pytest.raises(NetworkError) as caught:
        subscribe("Carla", pool=small)
    assert caught.value.code == NetworkCode.POOL_FULL


def test_journal_never_holds_a_password(subscribe: Subscribe) -> None:
    connection = subscribe(password="primera")
    actions.edit_connection(actor=CLERK, now=LATER, connection=connection, password="segunda")
    entries = JournalEntry.objects.filter(subject_kind="network.connection").order_by("pk")
    assert [entry.verb for entry in entries] == ["connection.connect", "connection.edit"]
    assert "password" in entries[1].after
    for entry in entries:
        assert "primera" not in f"{entry.before}{entry.after}"
        assert "segunda" not in f"{entry.before}{entry.after}"


def test_service_of_an_unmanaged_plan_is_not_on_a_router(
    service_of: Callable[..., Service], router: Router
) -> None:
    with pytest.raises(NetworkError) as caught:
        actions.connect(
            actor=CLERK,
            now=NOW,
            service=service_of(),
            router=router,
            technology=Technology.UNMANAGED,
        )
    assert caught.value.code == NetworkCode.NOT_ON_A_ROUTER
