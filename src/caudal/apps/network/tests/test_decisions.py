"""Rows of others are ignored or removed by a person, and every operation can be undone."""

from datetime import timedelta

import pytest

from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions as customers
from caudal.apps.network import actions
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Connection, Operation, Router, RowDecision, SyncPass
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
from caudal.apps.staff.models import JournalEntry
from caudal.core.access import Kind, Row
from caudal.integrations.access.memory import MemoryRouter

SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(minutes=2)
Outcome = SyncPass.Outcome
Sync = Connection.Sync
Choice = RowDecision.Choice
BY_HAND = Row(Kind.ACCOUNT, "vecino", {"password": "suya", "profile": "viejo"}, "a mano")


def refused(act: object, **how: object) -> str:
    with pytest.raises(NetworkError) as caught:
        act(actor=CLERK, now=SOON, **how)  # type: ignore[operator]
    return str(caught.value.code)


def operation(kind: Kind, key: str) -> Operation:
    return Operation.objects.filter(menu=kind, key=key, ok=True).latest("pk")


@pytest.fixture
def stranger(subscribe: Subscribe, router: Router, box: MemoryRouter) -> Row:
    """A row made by hand, beside a customer of ours."""
    subscribe(address="10.0.0.5")
    row = box.put(BY_HAND)
    box.put(Row(Kind.ACCOUNT, "otro", {"password": "x"}, ""))
    reconcile(router, NOW)
    return row


def decide(router: Router, choice: str, *keys: str, count: int | None = None) -> int:
    rows = [(str(Kind.ACCOUNT), key) for key in keys]
    return actions.decide(
        actor=CLERK, now=SOON, router=router, choice=choice, rows=rows, count=count
    )


def test_row_of_others_is_removed_when_a_person_types_the_count(
    stranger: Row, router: Router, box: MemoryRouter
) -> None:
    box.dial("vecino", address="10.9.0.9")
    with pytest.raises(NetworkError) as caught:
        decide(router, Choice.REMOVE, "vecino", count=2)
    assert caught.value.code == NetworkCode.WRONG_COUNT
    decide(router, Choice.REMOVE, "vecino", count=1)
    reconcile(router, LATER)
    assert "vecino" not in held(box, Kind.ACCOUNT) and not box.sessions
    assert "otro" in held(box, Kind.ACCOUNT)
    assert RowDecision.objects.get().done_at is not None
    assert JournalEntry.objects.filter(verb="router.decide").count() == 1
    assert reconcile(router, LATER).outcome == Outcome.IN_SYNC


def test_removal_can_be_undone(stranger: Row, router: Router, box: MemoryRouter) -> None:
    decide(router, Choice.REMOVE, "vecino", count=1)
    reconcile(router, LATER)
    actions.undo(actor=CLERK, now=LATER, operation=operation(Kind.ACCOUNT, "vecino"))
    reconcile(router, LATER)
    back = held(box, Kind.ACCOUNT)["vecino"]
    assert (dict(back.attrs), back.comment) == (dict(BY_HAND.attrs), BY_HAND.comment)
    assert reconcile(router, LATER).outcome == Outcome.IN_SYNC


def test_row_that_was_changed_since_it_was_seen_is_not_removed(
    stranger: Row, router: Router, box: MemoryRouter
) -> None:
    decide(router, Choice.REMOVE, "vecino", count=1)
    box.rows[stranger.ref] = Row(
        stranger.kind, stranger.key, {"password": "otra"}, stranger.comment, stranger.ref
    )
    reconcile(router, LATER)
    assert "vecino" in held(box, Kind.ACCOUNT)
    assert RowDecision.objects.get().error == "changed-meanwhile"


def test_row_that_somebody_removed_first_is_settled(
    stranger: Row, router: Router, box: MemoryRouter
) -> None:
    decide(router, Choice.REMOVE, "vecino", count=1)
    del box.rows[stranger.ref]
    assert reconcile(router, LATER).outcome == Outcome.IN_SYNC
    assert RowDecision.objects.get().done_at is not None


def test_only_what_the_last_reading_found_can_be_decided_about(
    stranger: Row, router: Router
) -> None:
    mine = Connection.objects.get().username
    for key in ("nadie", mine):
        with pytest.raises(NetworkError) as caught:
            decide(router, Choice.REMOVE, key, count=1)
        assert caught.value.code == NetworkCode.ROW_NOT_SEEN


def test_ignored_row_is_never_touched(stranger: Row, router: Router, box: MemoryRouter) -> None:
    assert decide(router, Choice.IGNORE, "vecino", "otro") == 2
    before = dict(box.rows)
    reconcile(router, LATER)
    assert box.rows == before and router.decisions.filter(choice=Choice.IGNORE).count() == 2
    actions.forget(actor=CLERK, now=LATER, decision=router.decisions.get(key="otro"))
    assert router.decisions.get().key == "vecino"


def test_cut_that_is_undone_stays_so_and_is_explained(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    suspend(connection)
    reconcile(router, SOON)
    box.dial(connection.username, address="10.0.0.5")
    box.pass_time(60)
    actions.undo(actor=CLERK, now=LATER, operation=operation(Kind.BLOCK, "10.0.0.5"))
    reconcile(router, LATER)
    assert not held(box, Kind.BLOCK) and box.sessions, "and nobody disconnects him again"
    seen = fresh(connection)
    assert seen.state == Sync.DRIFT and [each["code"] for each in seen.drift] == ["left"]
    for _ in range(2):
        assert reconcile(router, LATER).outcome == Outcome.DRIFT
    assert not held(box, Kind.BLOCK)


def test_undo_ends_when_the_system_wants_something_else(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    suspend(connection)
    reconcile(router, SOON)
    actions.undo(actor=CLERK, now=LATER, operation=operation(Kind.BLOCK, "10.0.0.5"))
    reconcile(router, LATER)
    restore(connection, LATER)
    assert reconcile(router, LATER).outcome == Outcome.IN_SYNC
    assert not RowDecision.objects.exists() and fresh(connection).state == Sync.IN_SYNC
    suspend(connection, LATER)
    reconcile(router, LATER)
    assert list(held(box, Kind.BLOCK)) == ["10.0.0.5"], "next month he is cut again"


def test_undo_taken_back_lets_the_system_put_it_right(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    suspend(connection)
    reconcile(router, SOON)
    actions.undo(actor=CLERK, now=LATER, operation=operation(Kind.BLOCK, "10.0.0.5"))
    reconcile(router, LATER)
    actions.forget(actor=CLERK, now=LATER, decision=RowDecision.objects.get())
    reconcile(router, LATER)
    assert list(held(box, Kind.BLOCK)) == ["10.0.0.5"]
    assert fresh(connection).state == Sync.IN_SYNC


def test_change_of_plan_is_undone_on_the_router(
    subscribe: Subscribe, router: Router, box: MemoryRouter, fast_plan: Plan
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    before = held(box, Kind.ACCOUNT)[connection.username]
    customers.change_plan(actor=CLERK, now=SOON, service=connection.service, plan=fast_plan)
    reconcile(router, SOON)
    assert held(box, Kind.ACCOUNT)[connection.username].attrs["profile"] == "Rapido 50Mb"
    change = operation(Kind.ACCOUNT, connection.username)
    actions.undo(actor=CLERK, now=LATER, operation=change)
    reconcile(router, LATER)
    after = held(box, Kind.ACCOUNT)[connection.username]
    assert (dict(after.attrs), after.comment) == (dict(before.attrs), before.comment)
    assert fresh(connection).state == Sync.DRIFT


def test_only_the_latest_change_of_a_row_can_be_undone_and_a_session_never(
    subscribe: Subscribe, router: Router, box: MemoryRouter, fast_plan: Plan
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    box.dial(connection.username, address="10.0.0.5", speed="2000000/10000000")
    first = operation(Kind.ACCOUNT, connection.username)
    customers.change_plan(actor=CLERK, now=SOON, service=connection.service, plan=fast_plan)
    reconcile(router, SOON)
    assert refused(actions.undo, operation=first) == NetworkCode.CHANGED_SINCE
    kick = Operation.objects.get(menu=Kind.SESSION)
    assert refused(actions.undo, operation=kick) == NetworkCode.SESSIONS_COME_BACK
    second = operation(Kind.ACCOUNT, connection.username)
    actions.undo(actor=CLERK, now=LATER, operation=second)
    assert refused(actions.undo, operation=second) == NetworkCode.NOT_TO_BE_UNDONE
    assert Operation.objects.get(pk=second.pk).undone_by == "test"


def test_whole_pass_is_undone_as_one(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    found = [subscribe(f"Cliente {n}", address=f"10.0.1.{n + 1}") for n in range(12)]
    reconcile(router, NOW)
    for connection in found:
        suspend(connection)
    cuts = reconcile(router, SOON)
    assert refused(actions.undo_pass, sync_pass=cuts, count=11) == NetworkCode.WRONG_COUNT
    assert actions.undo_pass(actor=CLERK, now=LATER, sync_pass=cuts, count=12) == 12
    assert actions.undoable(cuts) == []
    done = reconcile(router, LATER)
    assert not held(box, Kind.BLOCK) and done.outcome == Outcome.DRIFT
    assert {fresh(each).state for each in found} == {Sync.DRIFT}


def test_undone_addition_goes_and_passwords_do_not_show_in_the_journal(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5", password="secreta")
    reconcile(router, NOW)
    added = operation(Kind.ACCOUNT, connection.username)
    assert "secreta" not in str(added.after) and "secreta" in added.rows
    actions.undo(actor=CLERK, now=LATER, operation=added)
    reconcile(router, LATER)
    assert connection.username not in held(box, Kind.ACCOUNT)
    assert fresh(connection).state == Sync.DRIFT


def test_undo_that_the_router_refuses_is_tried_again_and_says_why(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    from caudal.core.ports.access import AccessError, AccessFault

    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    suspend(connection)
    reconcile(router, SOON)
    actions.undo(actor=CLERK, now=LATER, operation=operation(Kind.BLOCK, "10.0.0.5"))

    def refuse(command: str) -> None:
        if command == "remove block":
            raise AccessError(AccessFault.REFUSED, detail="failure: busy")

    box.fault = refuse
    reconcile(router, LATER)
    box.fault = None
    assert RowDecision.objects.get().error == "refused: failure: busy"
    reconcile(router, LATER)
    assert not held(box, Kind.BLOCK) and RowDecision.objects.get().error == ""
