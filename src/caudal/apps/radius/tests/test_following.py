"""The answers change with the rows that they come from, in the same transaction."""

from typing import Any

import pytest
from django.db import transaction

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.customers import actions as customers
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe, restore, suspend
from caudal.apps.radius.models import Login


def the_login(connection: Connection) -> Login:
    return Login.objects.get(connection=connection)


def test_a_new_customer_is_answered_at_once(subscribe: Subscribe, pool: Pool) -> None:
    login = the_login(subscribe(username="ana", password="clave", pool=pool))
    assert (login.username, login.password, login.reason) == ("ana", "clave", "")
    assert (login.rate, login.address) == ("2M/10M", "10.20.0.2")


def test_what_is_rolled_back_is_not_answered(subscribe: Subscribe) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        subscribe()
        raise RuntimeError
    assert not Login.objects.exists()


def test_another_plan_or_password_is_answered_at_once(
    subscribe: Subscribe, fast_plan: Plan
) -> None:
    connection = subscribe(password="vieja")
    customers.change_plan(actor=CLERK, now=NOW, service=connection.service, plan=fast_plan)
    network.edit_connection(actor=CLERK, now=NOW, connection=connection, password="nueva")
    login = the_login(connection)
    assert (login.rate, login.password) == ("10M/50M", "nueva")


def test_the_speed_of_a_plan_that_changes_is_answered(subscribe: Subscribe, plan: Plan) -> None:
    connection = subscribe()
    network.notice_plan_changes(NOW)
    Plan.objects.filter(pk=plan.pk).update(
        down_kbps=20_000, burst_down_kbps=30_000, burst_up_kbps=4_000, burst_seconds=8, priority=3
    )
    network.notice_plan_changes(NOW)
    assert the_login(connection).rate == "2M/20M 4M/30M 2M/20M 8/8 3"


def test_a_plan_of_many_customers_is_answered_in_as_many_statements_as_one_of_few(
    subscribe: Subscribe, plan: Plan, django_assert_max_num_queries: Any
) -> None:
    for n in range(25):
        subscribe(f"Cliente {n}", address=f"10.20.1.{n + 1}")
    network.notice_plan_changes(NOW)
    Plan.objects.filter(pk=plan.pk).update(down_kbps=20_000)
    with django_assert_max_num_queries(20):
        network.notice_plan_changes(NOW)
    assert set(Login.objects.values_list("rate", flat=True)) == {"2M/20M"}
    assert Login.objects.count() == 25


def test_a_cut_waits_for_the_pass_and_its_brakes_but_a_restoration_does_not(
    subscribe: Subscribe,
) -> None:
    connection = subscribe()
    suspend(connection)
    assert the_login(connection).reason == ""
    Login.objects.update(reason="suspended")
    restore(connection)
    assert the_login(connection).reason == ""


def test_who_is_connected_while_suspended_begins_cut(subscribe: Subscribe) -> None:
    connection = subscribe()
    suspend(connection)
    Login.objects.all().delete()
    network.edit_connection(actor=CLERK, now=NOW, connection=connection, password="otra")
    assert the_login(connection).reason == "suspended"


def test_a_frozen_router_is_answered_as_it_was(subscribe: Subscribe, router: Router) -> None:
    connection = subscribe(password="vieja")
    network.freeze(actor=CLERK, now=NOW, router=router)
    network.edit_connection(actor=CLERK, now=NOW, connection=connection, password="nueva")
    assert the_login(connection).password == "vieja"


def test_a_device_by_dhcp_is_known_by_its_mac(subscribe: Subscribe, pool: Pool) -> None:
    connection = subscribe(technology=Technology.DHCP, mac="aa-bb-cc-00-00-09", pool=pool)
    login = the_login(connection)
    assert (login.username, login.password, login.mac) == ("AA:BB:CC:00:00:09", "", "")


def test_services_of_other_routers_are_not_answered(subscribe: Subscribe) -> None:
    api = Router.objects.create(name="API", driver="memory", host="192.0.2.9")
    subscribe(router=api)
    assert not Login.objects.exists()


def test_who_moves_to_another_router_is_answered_there_at_once(
    subscribe: Subscribe, router: Router
) -> None:
    other = Router.objects.create(name="Sur", driver="radius", host="192.0.2.7", password="x")
    connection = subscribe()
    network.move(actor=CLERK, now=NOW, connection=connection, router=other)
    routers = Login.objects.filter(connection=connection).values_list("router__name", flat=True)
    assert set(routers) == {"Torre Norte", "Sur"}
