"""A pass that goes wrong, or meets another one: nothing is believed, everything is tried again."""

from datetime import timedelta

import pytest

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
    suspend,
)
from caudal.core.access import Kind
from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access.memory import MemoryRouter

SOON = NOW + timedelta(minutes=1)
Outcome = SyncPass.Outcome
Sync = Connection.Sync


def test_partial_reading_changes_nothing(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    suspend(connection)
    rows, proved_at = dict(box.rows), fresh(connection).verified_at
    box.partial = True
    done = reconcile(router, SOON)
    box.partial = False
    assert box.rows == rows and done.outcome == Outcome.FAILED
    assert fresh(connection).verified_at == proved_at
    assert fresh(connection).state == Sync.PENDING
    assert done.error.startswith("incomplete-read")


def test_router_that_is_off_is_tried_again_ever_later_and_converges(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    suspend(connection, SOON)
    box.online = False
    pauses = []
    for _ in range(9):
        assert reconcile(router, SOON).outcome == Outcome.UNREACHABLE
        router.refresh_from_db()
        pauses.append((router.retry_at - SOON).total_seconds())
    assert 4 <= pauses[0] <= 7 and 240 <= pauses[-1] <= 361
    assert pauses[:5] == sorted(pauses[:5])
    assert router.failing_since is not None and router.failing_since - SOON < timedelta(minutes=1)
    waits = fresh(connection)
    assert waits.state == Sync.PENDING and waits.waits_since == SOON
    assert waits.last_error == "unreachable"
    box.online = True
    reconcile(router, SOON + timedelta(hours=2))
    router.refresh_from_db()
    assert list(held(box, Kind.BLOCK)) == ["10.0.0.5"]
    assert (router.failing_since, router.failures, router.last_error) == (None, 0, "")
    assert fresh(connection).state == Sync.IN_SYNC and fresh(connection).last_error == ""


def test_same_router_always_waits_the_same_and_another_one_not() -> None:
    from caudal.core.backoff import pause

    assert pause(3, seed=7) == pause(3, seed=7) != pause(3, seed=8)
    assert timedelta(seconds=4) <= pause(1, seed=7) <= timedelta(seconds=6)
    assert pause(500, seed=7) <= timedelta(seconds=360)


def test_operation_that_fails_leaves_its_service_waiting_with_the_reason(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    good, bad = subscribe("Ana", address="10.0.0.5"), subscribe("Beto", address="10.0.0.6")

    def fault(command: str) -> None:
        if command == "add account" and len(held(box, Kind.ACCOUNT)) == 1:
            raise AccessError(AccessFault.REFUSED, detail="failure: out of memory")

    box.fault = fault
    done = reconcile(router, SOON)
    box.fault = None
    assert (done.applied, done.failed) == (2, 1)
    states = {row.pk: row for row in map(fresh, (good, bad))}
    waiting = [row for row in states.values() if row.state == Sync.PENDING]
    assert len(waiting) == 1 and "out of memory" in waiting[0].last_error
    assert Operation.objects.get(ok=False).error == "refused: failure: out of memory"
    router.refresh_from_db()
    assert router.retry_at is not None and router.failing_since is None
    reconcile(router, SOON)
    assert fresh(good).state == fresh(bad).state == Sync.IN_SYNC


def test_answer_lost_half_way_converges(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connections = [subscribe(f"Cliente {n}", address=f"10.0.0.{n + 2}") for n in range(5)]
    calls = iter(range(1000))

    def fault(command: str) -> None:
        if next(calls) >= 5:
            raise AccessError(AccessFault.CONNECTION_LOST)

    box.fault = fault
    assert reconcile(router, SOON).outcome == Outcome.UNREACHABLE
    box.fault = None
    assert {fresh(each).state for each in connections} == {Sync.PENDING}
    reconcile(router, SOON)
    assert {fresh(each).state for each in connections} == {Sync.IN_SYNC}
    assert len(held(box, Kind.ACCOUNT)) == 5


def test_what_changes_during_a_pass_stays_pending(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    done: list[bool] = []

    def fault(command: str) -> None:
        if command == "read" and not done:
            done.append(True)
            suspend(connection)

    box.fault = fault
    reconcile(router, SOON)
    box.fault = None
    assert fresh(connection).state == Sync.PENDING
    assert fresh(connection).synced_revision == fresh(connection).service.revision - 1
    reconcile(router, SOON)
    assert list(held(box, Kind.BLOCK)) == ["10.0.0.5"] and fresh(connection).state == Sync.IN_SYNC


def test_what_is_moved_during_a_pass_is_not_called_proved(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    other = Router.objects.create(name="Norte", driver="memory", host="192.0.2.2", username="c")
    connection = subscribe(address="10.0.0.5")
    done: list[bool] = []

    def fault(command: str) -> None:
        if command == "read" and not done:
            done.append(True)
            actions.move(actor=CLERK, now=NOW, connection=connection, router=other)

    box.fault = fault
    reconcile(router, SOON)
    box.fault = None
    router.refresh_from_db()
    assert fresh(connection).verified_at is None and fresh(connection).state == Sync.PENDING
    assert router.dirty_since == NOW
    reconcile(router, SOON)
    assert box.rows, "kept until his new router holds him"
    reconcile(other, SOON)
    reconcile(router, SOON)
    assert not box.rows


def test_who_comes_back_during_a_pass_that_was_to_clean_up_behind_him_keeps_his_service(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    other = Router.objects.create(name="Norte", driver="memory", host="192.0.2.2", username="c")
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    actions.move(actor=CLERK, now=NOW, connection=connection, router=other)
    reconcile(other, NOW)
    before, done = dict(box.rows), []

    def fault(command: str) -> None:
        if command == "read" and not done:
            done.append(True)
            actions.move(actor=CLERK, now=NOW, connection=fresh(connection), router=router)

    box.fault = fault
    reconcile(router, SOON)
    box.fault = None
    assert box.rows == before
    reconcile(router, SOON)
    assert fresh(connection).state == Sync.IN_SYNC


def test_other_serial_is_refused_until_a_person_accepts_it(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    from dataclasses import replace

    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    suspend(connection)
    rows = dict(box.rows)
    old, box.device = box.device, replace(box.device, serial="OTRO1")
    try:
        done = reconcile(router, SOON)
        assert done.outcome == Outcome.FAILED and done.error == "serial-changed: OTRO1"
        assert box.rows == rows
        router.refresh_from_db()
        assert (router.serial, router.found_serial) == (old.serial, "OTRO1")
        actions.accept_serial(actor=CLERK, now=SOON, router=router)
        assert reconcile(router, SOON).outcome == Outcome.APPLIED
    finally:
        box.device = old


def test_pass_of_a_worker_that_died_is_closed_by_the_next(
    subscribe: Subscribe, router: Router
) -> None:
    subscribe()
    dead = SyncPass.objects.create(router=router, started_at=NOW)
    reconcile(router, SOON)
    dead.refresh_from_db()
    assert (dead.outcome, dead.error) == (Outcome.FAILED, "interrupted")


def test_router_in_the_hands_of_another_worker_is_busy(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    subscribe()
    told: list[str] = []

    def fault(command: str) -> None:
        with pytest.raises(NetworkError) as caught:
            reconcile(Router.objects.get(), SOON)
        told.append(caught.value.code)

    box.fault = fault
    reconcile(router, SOON)
    box.fault = None
    assert set(told) == {NetworkCode.ROUTER_BUSY}


def test_worker_that_lost_its_lease_writes_nothing_more(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")

    def fault(command: str) -> None:
        if command == "read":
            Router.objects.update(lease_by="somebody else")

    box.fault = fault
    done = reconcile(router, SOON)
    box.fault = None
    assert (done.outcome, done.error) == (Outcome.FAILED, "lease-lost")
    assert not box.rows and fresh(connection).state == Sync.PENDING


def test_unexpected_error_is_not_swallowed_and_the_router_is_left_for_later(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    subscribe()

    def fault(command: str) -> None:
        raise ZeroDivisionError

    box.fault = fault
    with pytest.raises(ZeroDivisionError):
        reconcile(router, SOON)
    box.fault = None
    router.refresh_from_db()
    assert router.last_error == "internal: ZeroDivisionError" and router.lease_until is None
    assert router.passes.get().outcome == Outcome.FAILED
