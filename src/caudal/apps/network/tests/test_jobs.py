"""Which routers the clock works on, when, and that a slow one delays nobody."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from caudal.apps.catalog.models import Plan
from caudal.apps.clock.jobs import Run
from caudal.apps.network import actions, jobs
from caudal.apps.network.jobs import forget_passes, reconcile_routers
from caudal.apps.network.models import Connection, Router, SyncPass
from caudal.apps.network.sync import reconcile
from caudal.apps.network.sync.due import due_routers
from caudal.apps.network.tests.conftest import CLERK, NOW, TODAY, Subscribe, fresh, suspend
from caudal.core.access import Kind
from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access.memory import MemoryRouter, router_named

SOON = NOW + timedelta(minutes=1)
Sync = Connection.Sync
QUIET_QUERIES = 21
"""Of a pass that finds everything as it should be: one more would be paid every quarter hour."""


def test_new_customer_reaches_his_router_and_then_there_is_nothing_to_do(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    assert reconcile_routers(Run(), NOW) == {"applied": 1, "plans": 1}
    assert fresh(connection).state == Sync.IN_SYNC
    assert reconcile_routers(Run(), SOON) == {}


def test_every_router_is_looked_at_each_quarter_of_an_hour(
    subscribe: Subscribe, router: Router
) -> None:
    subscribe()
    reconcile_routers(Run(), NOW)
    assert not due_routers(NOW + timedelta(minutes=13))
    assert due_routers(NOW + timedelta(minutes=17)) == [router]


def test_change_is_taken_up_at_once_although_something_else_waits(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    first, second = subscribe("Ana", address="10.0.0.5"), subscribe("Beto", address="10.0.0.6")

    def fault(command: str) -> None:
        if command == "add account":
            raise AccessError(AccessFault.REFUSED)

    box.fault = fault
    reconcile_routers(Run(), NOW)
    box.fault = None
    assert not due_routers(NOW + timedelta(seconds=1))
    suspend(first)
    assert due_routers(NOW + timedelta(seconds=1)) == [router]
    assert fresh(second).state == Sync.PENDING
    assert due_routers(NOW + timedelta(seconds=8)) == [router]


def test_router_that_is_off_is_left_alone_until_its_pause_is_over(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe()
    box.online = False
    reconcile_routers(Run(), NOW)
    box.online = True
    suspend(connection)
    assert not due_routers(NOW + timedelta(seconds=1))
    assert due_routers(NOW + timedelta(seconds=8)) == [router]


def test_changes_of_a_router_with_its_api_off_wait(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    subscribe()
    Router.objects.update(is_active=False)
    assert reconcile_routers(Run(), NOW)["plans"] == 1
    assert not box.rows and not SyncPass.objects.exists()


def test_changed_plan_reaches_the_customers_who_have_it(
    subscribe: Subscribe, router: Router, box: MemoryRouter, plan: Plan
) -> None:
    connection = subscribe()
    reconcile_routers(Run(), NOW)
    Plan.objects.update(down_kbps=20_000)
    assert reconcile_routers(Run(), SOON) == {"applied": 1, "plans": 1}
    profile = next(row for row in box.rows.values() if row.kind is Kind.PROFILE)
    assert profile.attrs["max"] == "2000000/20000000"
    assert fresh(connection).state == Sync.IN_SYNC


def test_requested_dry_run_is_done_once_and_says_who_asked(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    actions.freeze(actor=CLERK, now=NOW, router=router)
    subscribe()
    actions.request_pass(actor=CLERK, now=NOW, router=router, kind=Router.Request.DRY_RUN)
    reconcile_routers(Run(), NOW)
    asked = SyncPass.objects.filter(outcome=SyncPass.Outcome.DRY_RUN).get()
    assert asked.requested_by == "test" and not box.rows
    router.refresh_from_db()
    assert router.requested == ""


def test_passes_that_wrote_nothing_are_forgotten_after_a_week(
    subscribe: Subscribe, router: Router
) -> None:
    subscribe()
    reconcile_routers(Run(), NOW)
    reconcile_routers(Run(), NOW + timedelta(hours=1))
    assert SyncPass.objects.count() == 2
    later = NOW + timedelta(days=8)
    assert forget_passes(Run(), TODAY, "America/Mexico_City", later) == {"forgotten": 1}
    assert SyncPass.objects.get().operations.count() == 2


@pytest.mark.django_db(transaction=True)
def test_dead_router_does_not_delay_the_others(subscribe: Subscribe, router: Router) -> None:
    names = [f"{router.name}/{n}" for n in range(3)]
    made = [
        Router.objects.create(name=name, driver="memory", host="192.0.2.9", username="c")
        for name in names
    ]
    connections = [
        subscribe(f"Cliente {n}", router=each, address="10.0.0.5") for n, each in enumerate(made)
    ]
    freed: list[bool] = []
    over = threading.Event()

    def hang(command: str) -> None:
        freed.append(over.wait(120))
        raise AccessError(AccessFault.TIMED_OUT)

    def proved_twice() -> None:
        """The live ones are done, and a change made meanwhile too, before the dead one ends."""
        _until(lambda: all(fresh(each).state == Sync.IN_SYNC for each in connections[1:]))
        suspend(connections[1])
        _until(lambda: fresh(connections[1]).synced_revision == 3)
        over.set()

    dead = router_named(names[0])
    dead.fault = hang
    watcher = threading.Thread(target=_closing(proved_twice))
    watcher.start()
    summary = reconcile_routers(Run(), NOW)
    watcher.join()
    dead.fault = None
    assert freed and all(freed), "the live routers were done while the dead one hung"
    assert summary["unreachable"] == 1 and summary["applied"] >= 3
    assert fresh(connections[0]).state == Sync.PENDING


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_each_thing_once(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connections = [subscribe(f"Cliente {n}", address=f"10.0.0.{n + 2}") for n in range(20)]
    written: list[str] = []
    inside: list[int] = []
    busiest: list[int] = []

    def watch(command: str) -> None:
        inside.append(1)
        busiest.append(len(inside))
        time.sleep(0.001)
        written.append(command)
        inside.pop()

    box.fault = watch
    threads = [
        threading.Thread(target=_closing(lambda: reconcile_routers(Run(), NOW))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    box.fault = None
    assert max(busiest) == 1, "one connection to a router at a time"
    assert written.count("add account") == 20
    assert {fresh(each).state for each in connections} == {Sync.IN_SYNC}


def _until(reached: object) -> None:
    ends = time.monotonic() + 100
    while not reached():  # type: ignore[operator]
        assert time.monotonic() < ends, "not reached in time"
        time.sleep(0.05)


def _closing(act: object) -> object:
    from django.db import connections

    def run() -> None:
        try:
            act()  # type: ignore[operator]
        finally:
            connections.close_all()

    return run


@pytest.mark.django_db(transaction=True)
def test_who_has_not_answered_keeps_no_place_from_those_who_have(
    subscribe: Subscribe, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many work side by side as ever, while half as many have not even said that they live."""
    monkeypatch.setattr(jobs, "PATIENCE_S", 3600)
    living = [router.name, *(f"{router.name}/vivo{n}" for n in range(jobs.AT_ONCE - 1))]
    silent = [f"{router.name}/mudo{n}" for n in range(jobs.AT_ONCE // 2)]
    for name in [*silent, *living[1:]]:
        Router.objects.create(name=name, driver="memory", host="192.0.2.9", username="c")
    together, over = threading.Barrier(jobs.AT_ONCE), threading.Event()

    def work(found: Router, *args: object, heard: Callable[[], None], **kwargs: object) -> None:
        if found.name in silent:
            over.wait(200)
            return
        heard()
        together.wait(150)
        over.set()

    monkeypatch.setattr(jobs, "reconcile", work)
    Router.objects.exclude(name__in=silent).update(verified_at=NOW - timedelta(days=1))
    monkeypatch.setattr(jobs, "MOST_PASSES", 1)
    reconcile_routers(Run(), NOW)
    assert over.is_set() and not together.broken


def test_pass_over_a_router_in_sync_costs_the_same_however_many_it_serves(
    subscribe: Subscribe, router: Router, django_assert_num_queries: Any
) -> None:
    for number in range(12):
        subscribe(f"Cliente {number}", address=f"10.0.0.{number + 2}")
        if number in (0, 11):
            reconcile(router, SOON)
            with django_assert_num_queries(QUIET_QUERIES):
                assert reconcile(router, SOON).outcome == SyncPass.Outcome.IN_SYNC
