"""Customers move between routers: served all the way, cleaned up behind, and no brake in vain."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from caudal.apps.clock.jobs import Run
from caudal.apps.network import actions
from caudal.apps.network.jobs import reconcile_routers
from caudal.apps.network.models import Connection, Router, SyncPass
from caudal.apps.network.sync import reconcile, results
from caudal.apps.network.sync.due import due_routers
from caudal.apps.network.tests.conftest import CLERK, NOW, Many, Subscribe, fresh, restore, suspend
from caudal.core.access import Code
from caudal.practice.routeros import V6, V7, PracticeRouter

SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)
Outcome = SyncPass.Outcome
Sync = Connection.Sync


@pytest.fixture(params=[V6, V7])
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[PracticeRouter, PracticeRouter]]:
    with PracticeRouter(request.param) as one, PracticeRouter(request.param, serial="B2") as two:
        for each in (one, two):
            rule = {"chain": "forward", "src_address_list": "morosos"}
            each.put("/ip/firewall/filter", action="drop", **rule)
        yield one, two


def row(name: str, practice: PracticeRouter) -> Router:
    return Router.objects.create(
        name=name, driver="routeros", host="127.0.0.1", port=practice.port,
        username="admin", password="practica",
    )  # fmt: skip


@pytest.fixture
def router(db: None, pair: tuple[PracticeRouter, PracticeRouter]) -> Router:
    return row("Torre", pair[0])


@pytest.fixture
def other(db: None, pair: tuple[PracticeRouter, PracticeRouter]) -> Router:
    return row("Norte", pair[1])


def accounts(practice: PracticeRouter) -> set[str]:
    return {each["name"] for each in practice.rows("/ppp/secret")}


def move(connection: Connection, to: Router, **more: Any) -> None:
    actions.move(actor=CLERK, now=SOON, connection=fresh(connection), router=to, **more)


def test_old_router_keeps_its_customer_until_the_new_one_holds_him(
    subscribe: Subscribe, router: Router, other: Router, pair: tuple[PracticeRouter, PracticeRouter]
) -> None:
    ana = subscribe("Ana", address="10.20.0.5")
    reconcile(router, NOW)
    reconcile(other, NOW)
    pair[0].plug(ana.username, ana.password)
    pair[1].power_off()
    move(ana, other)
    done = reconcile(router, SOON)
    assert accounts(pair[0]) == {ana.username} and pair[0].can_browse("10.20.0.5")
    assert [each["code"] for each in done.findings["left"]] == [Code.MOVING]
    router.refresh_from_db()
    assert router.dirty_since and router.retry_at, "it is looked at again"
    pair[1].power_on()
    assert reconcile(other, LATER).outcome == Outcome.APPLIED
    router.refresh_from_db()
    assert router.retry_at is None, "at once, for the new place is proved"
    assert reconcile_routers(Run(), LATER)
    assert accounts(pair[0]) == set() and accounts(pair[1]) == {ana.username}
    router.refresh_from_db()
    assert router.dirty_since is None and "moving" in router.facts and not router.facts["moving"]


def test_passes_that_end_in_the_same_instant_leave_no_old_place_behind(
    subscribe: Subscribe, router: Router, other: Router,
    pair: tuple[PracticeRouter, PracticeRouter], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The new router is proved when the old one has compared and has not yet written it down."""
    ana = subscribe("Ana", address="10.20.0.5")
    reconcile(router, NOW)
    reconcile(other, NOW)
    move(ana, other)
    write_verdicts = results.write_verdicts

    def late(*about: Any) -> None:
        monkeypatch.setattr(results, "write_verdicts", write_verdicts)
        assert reconcile(other, SOON).outcome == Outcome.APPLIED
        write_verdicts(*about)

    monkeypatch.setattr(results, "write_verdicts", late)
    reconcile(router, SOON)
    assert accounts(pair[0]) == accounts(pair[1]) == {ana.username}
    assert router in due_routers(SOON)
    reconcile(router, SOON)
    assert not accounts(pair[0]) and accounts(pair[1]) == {ana.username}


def test_a_hundred_who_move_together_stop_at_no_brake(
    many: Many, router: Router, other: Router, pair: tuple[PracticeRouter, PracticeRouter]
) -> None:
    many(100)
    reconcile(router, NOW)
    reconcile(other, NOW)
    for connection in Connection.objects.select_related("service__customer", "router"):
        move(connection, other)
    outcomes = [reconcile(each, SOON).outcome for each in (router, other, router)]
    assert Outcome.BRAKED not in outcomes
    assert len(accounts(pair[1])) == 100 and not accounts(pair[0])
    assert actions.cuts_left(SOON) == actions.ceiling(), "no cut of this hour was taken"


def test_who_is_cut_while_he_waits_for_his_new_router_is_cut_on_the_old_one(
    subscribe: Subscribe, router: Router, other: Router, pair: tuple[PracticeRouter, PracticeRouter]
) -> None:
    ana = subscribe("Ana", address="10.20.0.5")
    reconcile(router, NOW)
    pair[1].power_off()
    move(ana, other)
    reconcile(router, SOON)
    suspend(fresh(ana), SOON)
    reconcile(router, SOON)
    assert not accounts(pair[0])
    pair[1].power_on()
    reconcile(other, LATER)
    listed = {each["address"] for each in pair[1].rows("/ip/firewall/address-list")}
    assert listed == {"10.20.0.5"} and fresh(ana).sync == Sync.IN_SYNC


def test_who_was_cut_pays_and_moves_is_not_kept_cut_by_the_old_router(
    subscribe: Subscribe, router: Router, other: Router, pair: tuple[PracticeRouter, PracticeRouter]
) -> None:
    ana = subscribe("Ana", address="10.20.0.5")
    suspend(ana)
    reconcile(router, NOW)
    pair[1].power_off()
    restore(fresh(ana), SOON)
    move(ana, other)
    reconcile(router, SOON)
    assert not pair[0].rows("/ip/firewall/address-list")


def test_who_moves_back_before_anything_was_written_loses_nothing(
    subscribe: Subscribe, router: Router, other: Router, pair: tuple[PracticeRouter, PracticeRouter]
) -> None:
    ana = subscribe("Ana", address="10.20.0.5")
    reconcile(router, NOW)
    pair[0].plug(ana.username, ana.password)
    move(ana, other)
    reconcile(router, SOON)
    move(ana, router)
    reconcile(other, SOON)
    reconcile(router, LATER)
    assert pair[0].can_browse("10.20.0.5") and not accounts(pair[1])
    assert fresh(ana).sync == Sync.IN_SYNC
    for each in (router, other):
        assert reconcile(each, LATER).outcome == Outcome.IN_SYNC


def test_old_backup_with_customers_who_moved_away_is_cleaned_without_a_brake(
    many: Many, router: Router, other: Router, pair: tuple[PracticeRouter, PracticeRouter],
    tmp_path: Any,
) -> None:  # fmt: skip
    many(40)
    reconcile(router, NOW)
    pair[0].save(tmp_path / "old")
    for connection in Connection.objects.select_related("service__customer", "router"):
        move(connection, other)
    for each in (other, router):
        reconcile(each, SOON)
    pair[0].load(tmp_path / "old")
    assert len(accounts(pair[0])) == 40
    assert reconcile(router, LATER).outcome == Outcome.APPLIED
    assert not accounts(pair[0])
