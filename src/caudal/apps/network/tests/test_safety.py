"""Brakes of the installation: the first cuts are proved, so many in an hour, one switch for all."""

from datetime import timedelta

import pytest

from caudal.apps.network import actions
from caudal.apps.network.infrastructure import register
from caudal.apps.network.models import Connection, Operation, Router, Safety, SyncPass
from caudal.apps.network.sync import reconcile
from caudal.apps.network.sync.due import due_routers
from caudal.apps.network.tests.conftest import (
    CLERK,
    NOW,
    Subscribe,
    fresh,
    held,
    restore,
    suspend,
)
from caudal.core.access import Code, Kind, Row
from caudal.integrations.access.memory import MemoryRouter

SOON = NOW + timedelta(minutes=1)
Outcome = SyncPass.Outcome
Sync = Connection.Sync


@pytest.fixture
def crowd(subscribe: Subscribe, router: Router) -> list[Connection]:
    """Fifteen customers who browse."""
    found = [subscribe(f"Cliente {n}", address=f"10.0.1.{n + 1}") for n in range(15)]
    reconcile(router, NOW)
    return found


def test_first_five_cuts_are_read_back_before_the_rest(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    for connection in crowd:
        suspend(connection)
    blocked: list[int] = []

    def watch(command: str) -> None:
        if command == "read":
            blocked.append(len(held(box, Kind.BLOCK)))

    box.fault = watch
    done = reconcile(router, SOON)
    box.fault = None
    assert blocked == [0, 5, 15]
    assert (done.outcome, done.cuts, done.applied) == (Outcome.APPLIED, 15, 15)


def test_cuts_that_do_not_take_stop_the_rest_until_a_person_types_the_count(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    restored = crowd.pop()
    suspend(restored)
    reconcile(router, NOW)
    for connection in crowd:
        suspend(connection)
    restore(restored)

    def swallow(command: str) -> None:
        """The router says yes and forgets: somebody's script clears the list."""
        if command == "read" and len(held(box, Kind.BLOCK)) >= 5:
            for row in list(held(box, Kind.BLOCK).values()):
                del box.rows[row.ref]

    box.fault = swallow
    done = reconcile(router, SOON)
    assert done.outcome == Outcome.BRAKED
    assert [each["code"] for each in done.findings["brakes"]] == ["first-cuts"]
    assert done.brake_count == 14
    assert fresh(restored).state == Sync.IN_SYNC, "restorations are never braked"
    box.fault = None
    again = reconcile(router, SOON)
    assert again.outcome == Outcome.BRAKED and not held(box, Kind.BLOCK)
    actions.approve_cuts(actor=CLERK, now=SOON, router=router, sync_pass=again, count=14)
    assert reconcile(router, SOON).outcome == Outcome.APPLIED
    assert len(held(box, Kind.BLOCK)) == 14


def test_somebody_else_who_stops_working_during_the_first_cuts_stops_the_rest(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    bystander = crowd.pop()
    for connection in crowd:
        suspend(connection)

    def break_bystander(command: str) -> None:
        if command == "read" and held(box, Kind.BLOCK):
            row = held(box, Kind.ACCOUNT)[bystander.username]
            box.rows[row.ref] = Row(
                row.kind, row.key, {**row.attrs, "enabled": "no"}, row.comment, row.ref
            )

    box.fault = break_bystander
    done = reconcile(router, SOON)
    box.fault = None
    assert done.outcome == Outcome.BRAKED and len(held(box, Kind.BLOCK)) == 5


def test_hour_has_a_ceiling_and_the_rest_follows_by_itself(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    actions.set_ceiling(actor=CLERK, now=NOW, cuts_per_hour=8)
    for connection in crowd:
        suspend(connection)
    done = reconcile(router, SOON)
    assert (done.outcome, len(held(box, Kind.BLOCK))) == (Outcome.BRAKED, 8)
    assert done.findings["brakes"] == [{"code": "hourly", "count": 7}]
    reconcile(router, SOON + timedelta(minutes=30))
    assert len(held(box, Kind.BLOCK)) == 8
    reconcile(router, SOON + timedelta(minutes=62))
    assert len(held(box, Kind.BLOCK)) == 15
    assert {fresh(each).state for each in crowd} == {Sync.IN_SYNC}


def test_person_who_types_the_count_is_not_held_by_the_hour(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    actions.set_ceiling(actor=CLERK, now=NOW, cuts_per_hour=8)
    for connection in crowd:
        suspend(connection)
    done = reconcile(router, SOON)
    actions.approve_cuts(actor=CLERK, now=SOON, router=router, sync_pass=done, count=7)
    assert reconcile(router, SOON).outcome == Outcome.APPLIED
    assert len(held(box, Kind.BLOCK)) == 15


def test_hour_is_one_for_all_routers_and_restorations_do_not_count(
    crowd: list[Connection], subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    from caudal.integrations.access.memory import router_named

    other = Router.objects.create(
        name=f"{router.name[:90]}/norte", driver="memory", host="192.0.2.2", username="c"
    )
    second = router_named(other.name)
    second.rows.clear()
    mine = [subscribe(f"Norte {n}", router=other, address=f"10.0.2.{n + 1}") for n in range(4)]
    reconcile(other, NOW)
    actions.set_ceiling(actor=CLERK, now=NOW, cuts_per_hour=10)
    for connection in [*crowd[:8], *mine]:
        suspend(connection)
    reconcile(router, SOON)
    reconcile(other, SOON)
    assert (len(held(box, Kind.BLOCK)), len(held(second, Kind.BLOCK))) == (8, 2)
    for connection in crowd[:8]:
        restore(connection)
    assert reconcile(router, SOON).outcome == Outcome.APPLIED
    assert not held(box, Kind.BLOCK)


def test_ceiling_is_a_tenth_of_the_active_and_never_less_than_a_hundred(
    crowd: list[Connection],
) -> None:
    assert actions.ceiling() == 100
    actions.set_ceiling(actor=CLERK, now=NOW, cuts_per_hour=3)
    assert actions.ceiling() == 3
    assert actions.take_cuts(2, NOW) == 2 and actions.take_cuts(2, NOW) == 1
    assert actions.take_cuts(2, NOW + timedelta(minutes=59)) == 0
    assert actions.take_cuts(2, NOW + timedelta(minutes=60)) == 2


def test_one_switch_stops_all_routers_and_lets_them_be_read(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    suspend(crowd[0])
    actions.stop_all(actor=CLERK, now=NOW)
    rows = dict(box.rows)
    assert reconcile(router, SOON).outcome == Outcome.READ_ONLY
    assert box.rows == rows and not due_routers(SOON)
    actions.resume_all(actor=CLERK, now=SOON)
    assert due_routers(SOON) == [router]
    assert reconcile(router, SOON).outcome == Outcome.APPLIED
    assert len(held(box, Kind.BLOCK)) == 1


def test_switch_thrown_during_a_pass_stops_what_is_left_of_it(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    for connection in crowd:
        suspend(connection)

    def throw(command: str) -> None:
        if command == "read" and len(held(box, Kind.BLOCK)) == 5:
            actions.stop_all(actor=CLERK, now=NOW)

    box.fault = throw
    reconcile(router, SOON)
    box.fault = None
    assert len(held(box, Kind.BLOCK)) == 5
    assert Operation.objects.filter(effect="cut", ok=True).count() == 5


def test_cuts_wait_while_our_clock_is_behind_the_last_pass(
    crowd: list[Connection], router: Router, box: MemoryRouter
) -> None:
    cut, restored = crowd[0], crowd[1]
    suspend(restored)
    reconcile(router, NOW)
    suspend(cut)
    restore(restored)
    done = reconcile(router, NOW - timedelta(days=1))
    assert done.findings["brakes"] == [{"code": "clock-back", "count": 1}]
    assert not held(box, Kind.BLOCK), "the restoration went through, the cut did not"
    assert reconcile(router, SOON).outcome in (Outcome.APPLIED, Outcome.BRAKED)


def test_no_customer_may_have_an_address_of_the_provider(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    Router.objects.create(name="Norte", driver="memory", host="10.9.0.1", username="c")
    register(_antennas)
    found = [
        subscribe("Ana", address="10.9.0.1"),
        subscribe("Beto", address="10.9.0.7"),
        subscribe("Caro", address="10.9.0.8"),
    ]
    reconcile(router, SOON)
    codes = [[each["code"] for each in fresh(one).drift] for one in found]
    assert codes == [[Code.OWN_ADDRESS], [Code.OWN_ADDRESS], []]
    assert len(held(box, Kind.ACCOUNT)) == 1


def _antennas() -> list[str]:
    return ["10.9.0.7", "antenna.example"]


def test_defaults_are_made_when_first_asked_for(db: None) -> None:
    assert not actions.is_stopped() and not Safety.objects.exists()
    assert actions.safety().cuts_per_hour is None
