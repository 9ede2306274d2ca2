"""A pass over a router: what it writes there, what it writes down, and what it leaves alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Service, ServiceState
from caudal.apps.network import actions
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Connection, Operation, Router, SyncPass
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import (
    CLERK,
    NOW,
    Subscribe,
    fresh,
    held,
    restore,
    suspend,
)
from caudal.core.access import Kind, Row
from caudal.integrations.access.memory import MemoryRouter, router_named

SOON = NOW + timedelta(minutes=1)
Outcome = SyncPass.Outcome
Sync = Connection.Sync


def test_new_customer_is_written_and_proved(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    done = reconcile(router, SOON)
    account = held(box, Kind.ACCOUNT)[connection.username]
    assert account.attrs["password"] == connection.password
    assert account.attrs["address"] == "10.0.0.5"
    assert held(box, Kind.PROFILE)["Basico 10Mb"].attrs["max"] == "2000000/10000000"
    assert done.outcome == Outcome.APPLIED and done.applied == done.planned == 2
    proved = fresh(connection)
    assert (proved.state, proved.waits_since) == (Sync.IN_SYNC, None)
    assert proved.synced_revision == proved.service.revision
    assert proved.verified_at is not None and proved.verified_at >= SOON


def test_second_pass_finds_nothing_to_do(subscribe: Subscribe, router: Router) -> None:
    subscribe(address="10.0.0.5")
    reconcile(router, SOON)
    again = reconcile(router, SOON)
    assert (again.outcome, again.planned, again.operations.count()) == (Outcome.IN_SYNC, 0, 0)


def test_cut_lists_the_address_and_closes_the_session(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    box.dial(connection.username, address="10.0.0.5", speed="2000000/10000000")
    box.pass_time(3600)
    suspend(connection)
    done = reconcile(router, SOON)
    assert list(held(box, Kind.BLOCK)) == ["10.0.0.5"] and not box.sessions
    assert done.cuts == 1 and fresh(connection).state == Sync.IN_SYNC
    restore(connection, SOON)
    reconcile(router, SOON)
    assert not held(box, Kind.BLOCK)


def test_customer_without_fixed_address_is_cut_by_his_account(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe()
    reconcile(router, NOW)
    suspend(connection)
    reconcile(router, SOON)
    assert not held(box, Kind.ACCOUNT)[connection.username].enabled


def test_simple_queue_is_made_and_cut(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(technology=Technology.SIMPLE_QUEUE, address="10.0.0.5")
    suspend(connection)
    reconcile(router, SOON)
    queue = held(box, Kind.QUEUE)[connection.username]
    assert queue.attrs["target"] == "10.0.0.5" and queue.attrs["max"] == "2000000/10000000"
    assert list(held(box, Kind.BLOCK)) == ["10.0.0.5"]


def test_change_of_plan_reaches_the_router(
    subscribe: Subscribe, router: Router, box: MemoryRouter, fast_plan: Plan
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    customers.change_plan(actor=CLERK, now=NOW, service=connection.service, plan=fast_plan)
    reconcile(router, SOON)
    assert held(box, Kind.ACCOUNT)[connection.username].attrs["profile"] == "Rapido 50Mb"
    assert list(held(box, Kind.PROFILE)) == ["Rapido 50Mb"]


def test_service_that_waits_for_its_installation_is_not_on_the_router(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe()
    Service.objects.filter(pk=connection.service_id).update(state=ServiceState.PENDING)
    reconcile(router, SOON)
    assert not box.rows and fresh(connection).state == Sync.IN_SYNC


def test_released_service_disappears(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    actions.release(actor=CLERK, now=NOW, connection=connection)
    reconcile(router, SOON)
    assert not box.rows and fresh(connection).state == Sync.IN_SYNC


def test_cancelled_service_that_keeps_its_address_stays_cut(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    customers.cancel(
        actor=CLERK, now=NOW, service=connection.service, last_day=NOW.date(), reason="mudanza"
    )
    reconcile(router, SOON)
    assert list(held(box, Kind.BLOCK)) == ["10.0.0.5"]


def test_move_cleans_the_old_router(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    other = Router.objects.create(name="Norte", driver="memory", host="192.0.2.2", username="c")
    new_box = router_named("Norte")
    new_box.rows.clear()
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    actions.move(actor=CLERK, now=NOW, connection=connection, router=other)
    reconcile(other, SOON)
    reconcile(router, SOON)
    assert not box.rows and connection.username in held(new_box, Kind.ACCOUNT)
    router.refresh_from_db()
    assert router.dirty_since is None and fresh(connection).state == Sync.IN_SYNC


def test_rows_of_other_people_are_left_alone(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    by_hand = [
        box.put(Row(Kind.ACCOUNT, "vecino", {"password": "x"}, "no tocar")),
        box.put(Row(Kind.BLOCK, "10.0.0.77", {}, "a mano")),
    ]
    subscribe(address="10.0.0.5")
    done = reconcile(router, SOON)
    assert [box.rows[row.ref] for row in by_hand] == by_hand
    assert {row["key"] for row in done.findings["unknown"]} == {"vecino", "10.0.0.77"}


def test_name_held_by_an_unmarked_row_is_a_conflict_for_a_person(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    theirs = box.put(Row(Kind.ACCOUNT, "casa", {"password": "suya"}, "a mano"))
    connection = subscribe(username="casa")
    reconcile(router, SOON)
    assert box.rows[theirs.ref] == theirs
    told = fresh(connection)
    assert told.state == Sync.DRIFT and told.drift[0]["code"] == "unmarked"


def test_row_that_may_be_adopted_becomes_ours(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    box.put(Row(Kind.ACCOUNT, "casa", {"password": "suya"}, "a mano"))
    connection = subscribe(username="casa", adopt=True)
    reconcile(router, SOON)
    assert held(box, Kind.ACCOUNT)["casa"].comment.startswith("caudal:")
    assert fresh(connection).state == Sync.IN_SYNC and not fresh(connection).adopt


def test_hand_edit_is_put_right_and_reported(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    account = held(box, Kind.ACCOUNT)[connection.username]
    edited = {**account.attrs, "address": "10.0.0.99"}
    box.put(Row(account.kind, account.key, edited, account.comment, account.ref))
    done = reconcile(router, SOON)
    assert done.findings["drift"][0]["changes"]["address"] == ["10.0.0.99", "10.0.0.5"]
    assert held(box, Kind.ACCOUNT)[connection.username].attrs["address"] == "10.0.0.5"


def test_dry_run_writes_nothing_anywhere(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    before = Connection.objects.values().get()
    done = reconcile(router, SOON, dry_run=True)
    assert not box.rows and not Operation.objects.exists()
    assert Connection.objects.values().get() == before
    assert done.outcome == Outcome.DRY_RUN and done.planned == 2
    secret = next(op for op in done.findings["plan"] if op["kind"] == "account")
    assert secret["key"] == connection.username
    assert connection.password not in str(done.findings)


def test_frozen_router_is_read_only(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    box.rows.clear()
    actions.freeze(actor=CLERK, now=NOW, router=router)
    done = reconcile(router, SOON)
    assert not box.rows and done.outcome == Outcome.READ_ONLY
    told = fresh(connection)
    assert told.state == Sync.DRIFT and {each["code"] for each in told.drift} == {"missing"}


def test_router_with_its_api_off_is_not_touched(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    subscribe()
    Router.objects.update(is_active=False)
    with pytest.raises(NetworkError) as caught:
        reconcile(router, SOON)
    assert caught.value.code == NetworkCode.ROUTER_OFF
    router.refresh_from_db()
    assert not box.rows and router.lease_until is None


def test_customer_may_not_have_the_routers_own_address(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address=router.host)
    suspend(connection)
    reconcile(router, SOON)
    assert not box.rows
    assert fresh(connection).drift[0]["code"] == "own-address"


def test_session_is_noted_and_its_end_too(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    session = box.dial(
        connection.username, address="10.0.0.5", mac="AA:BB:CC:DD:EE:FF", speed="2000000/10000000"
    )
    box.pass_time(600)
    reconcile(router, SOON)
    told = fresh(connection)
    assert told.online_since is not None
    assert abs(SOON - timedelta(seconds=600) - told.online_since) < timedelta(seconds=5)
    assert told.last_session["mac"] == "AA:BB:CC:DD:EE:FF"
    del box.sessions[session.ref]
    reconcile(router, SOON)
    assert fresh(connection).online_since is None and fresh(connection).last_session


def test_refused_service_does_not_stop_the_others(
    service_of: Callable[..., Service], subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    good, bad = subscribe("Ana"), subscribe("Beto")
    Connection.objects.filter(pk=bad.pk).update(username="")
    reconcile(router, SOON)
    assert list(held(box, Kind.ACCOUNT)) == [good.username]
    assert fresh(bad).state == Sync.DRIFT and fresh(bad).drift[0]["code"] == "empty-name"
