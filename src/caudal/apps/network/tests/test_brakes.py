"""The brake against mass cuts: who is held, who is not, and what a typed count releases."""

from datetime import timedelta

import pytest

from caudal.apps.network import actions
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Connection, Router, SyncPass
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe, fresh, restore, suspend
from caudal.core.access import Kind
from caudal.integrations.access.memory import MemoryRouter

SOON = NOW + timedelta(minutes=1)
Outcome = SyncPass.Outcome
Sync = Connection.Sync


def blocked(box: MemoryRouter) -> int:
    return sum(row.kind is Kind.BLOCK for row in box.rows.values())


@pytest.fixture
def crowd(subscribe: Subscribe, router: Router) -> list[Connection]:
    """Thirty customers who browse, and one who is cut."""
    found = [subscribe(f"Cliente {n}", address=f"10.0.1.{n + 1}") for n in range(31)]
    suspend(found[30])
    reconcile(router, NOW)
    return found


def test_twenty_cuts_need_nobody(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    for connection in crowd[:20]:
        suspend(connection)
    assert reconcile(router, SOON).outcome == Outcome.APPLIED
    assert blocked(box) == 21


def test_more_cuts_stop_and_restorations_go_on(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    for connection in crowd[:21]:
        suspend(connection)
    restore(crowd[30])
    done = reconcile(router, SOON)
    assert (done.outcome, done.brake_count, done.cuts) == (Outcome.BRAKED, 21, 21)
    assert blocked(box) == 0
    assert {fresh(each).state for each in crowd[:21]} == {Sync.PENDING}
    assert fresh(crowd[30]).state == Sync.IN_SYNC
    assert len(done.findings["cut"]) == 21


def test_typed_count_releases_exactly_that_set(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    for connection in crowd[:21]:
        suspend(connection)
    braked = reconcile(router, SOON)
    actions.approve_cuts(actor=CLERK, now=SOON, router=router, sync_pass=braked, count=21)
    assert reconcile(router, SOON).outcome == Outcome.APPLIED
    assert blocked(box) == 22
    assert {fresh(each).state for each in crowd} == {Sync.IN_SYNC}


def test_approved_argument_does_the_same(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    for connection in crowd[:21]:
        suspend(connection)
    reconcile(router, SOON)
    assert reconcile(router, SOON, approved=20).outcome == Outcome.BRAKED
    assert blocked(box) == 1
    assert reconcile(router, SOON, approved=21).outcome == Outcome.APPLIED
    assert blocked(box) == 22


def test_somebody_who_paid_meanwhile_does_not_void_the_approval(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    for connection in crowd[:23]:
        suspend(connection)
    braked = reconcile(router, SOON)
    actions.approve_cuts(actor=CLERK, now=SOON, router=router, sync_pass=braked, count=23)
    restore(crowd[0])
    assert reconcile(router, SOON).outcome == Outcome.APPLIED
    assert blocked(box) == 23


def test_somebody_who_was_not_on_the_list_is_not_cut_by_it(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    for connection in crowd[:21]:
        suspend(connection)
    braked = reconcile(router, SOON)
    suspend(crowd[25])
    actions.approve_cuts(actor=CLERK, now=SOON, router=router, sync_pass=braked, count=21)
    again = reconcile(router, SOON)
    assert (again.outcome, again.brake_count) == (Outcome.BRAKED, 22)
    assert blocked(box) == 1


def test_approval_is_used_once(crowd: list[Connection], router: Router, box: MemoryRouter) -> None:
    for connection in crowd[:21]:
        suspend(connection)
    braked = reconcile(router, SOON)
    actions.approve_cuts(actor=CLERK, now=SOON, router=router, sync_pass=braked, count=21)
    reconcile(router, SOON)
    for connection in crowd[:21]:
        restore(connection)
    reconcile(router, SOON)
    for connection in crowd[:21]:
        suspend(connection)
    assert reconcile(router, SOON).outcome == Outcome.BRAKED
    assert blocked(box) == 1


def test_wrong_count_and_old_list_are_refused(crowd: list[Connection], router: Router) -> None:
    for connection in crowd[:21]:
        suspend(connection)
    old = reconcile(router, SOON)
    with pytest.raises(NetworkError) as caught:
        actions.approve_cuts(actor=CLERK, now=SOON, router=router, sync_pass=old, count=20)
    assert caught.value.code == NetworkCode.WRONG_COUNT
    reconcile(router, SOON)
    with pytest.raises(NetworkError) as caught:
        actions.approve_cuts(actor=CLERK, now=SOON, router=router, sync_pass=old, count=21)
    assert caught.value.code == NetworkCode.NOT_BRAKED


def test_emptied_router_waits_for_a_person(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    box.rows.clear()
    done = reconcile(router, SOON)
    assert done.outcome == Outcome.BRAKED and not box.rows
    assert done.findings["brakes"] == [{"code": "empty-read", "count": done.brake_count}]
    actions.approve_cuts(
        actor=CLERK, now=SOON, router=router, sync_pass=done, count=done.brake_count
    )
    assert reconcile(router, SOON).outcome == Outcome.APPLIED
    assert len(box.rows) == done.brake_count
