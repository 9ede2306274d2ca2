"""What happens to routers in the field; each story ends in sync or in an explained difference."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.catalog.models import Company, Plan
from caudal.apps.clock.jobs import Run
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Service
from caudal.apps.network import actions
from caudal.apps.network.jobs import reconcile_routers, tell_of_alarms
from caudal.apps.network.models import Connection, Router, SyncPass
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import (
    CLERK,
    NOW,
    Many,
    Subscribe,
    fresh,
    restore,
    suspend,
)
from caudal.core.access import Code
from caudal.practice.routeros import V6, V7, PracticeRouter, Wrong

SOON = NOW + timedelta(minutes=1)
Outcome = SyncPass.Outcome
Sync = Connection.Sync


@pytest.fixture(params=[V6, V7])
def practice(request: pytest.FixtureRequest) -> Iterator[PracticeRouter]:
    """With the rule that makes a cut real, and a row of somebody else."""
    with PracticeRouter(request.param) as found:
        rule = {"chain": "forward", "src_address_list": "morosos", "out_interface": "ether1"}
        found.put("/ip/firewall/filter", action="drop", **rule)
        found.put("/ppp/secret", name="vecino", password="x", comment="no tocar")
        yield found


@pytest.fixture
def router(db: None, practice: PracticeRouter) -> Router:
    return Router.objects.create(
        name="Torre", driver="routeros", host="127.0.0.1", port=practice.port,
        username="admin", password="practica",
    )  # fmt: skip


def listed(practice: PracticeRouter) -> set[str]:
    return {row["address"] for row in practice.rows("/ip/firewall/address-list")}


def accounts(practice: PracticeRouter) -> set[str]:
    return {row["name"] for row in practice.rows("/ppp/secret")}


def cut_many(services: list[Service], at: datetime) -> None:
    for service in services:
        customers.suspend(actor=CLERK, now=at, today=at.date(), service=service, reason="unpaid")


def settled(router: Router, at: datetime) -> bool:
    """Everything is verified, and another pass writes nothing."""
    again = reconcile(router, at)
    assert again.planned == 0 and again.outcome == Outcome.IN_SYNC
    return not router.connections.exclude(sync=Sync.IN_SYNC).exists()


@pytest.mark.parametrize("practice", [V7], indirect=True)
def test_router_off_at_the_cut_of_a_thousand_customers_and_back_two_days_later(
    many: Many, router: Router, practice: PracticeRouter
) -> None:
    many(1000)
    Company.objects.update(email="dueno@caudal.example")
    reconcile(router, NOW)
    assert len(accounts(practice)) == 1001
    practice.power_off()
    services = list(Service.objects.order_by("pk"))
    cut_many(services[:90], SOON)
    at = SOON
    while at < NOW + timedelta(hours=47):
        reconcile_routers(Run(), at)
        at += timedelta(hours=3)
    router.refresh_from_db()
    waits = fresh(router.connections.order_by("pk")[0])
    assert (waits.state, waits.waits_since) == (Sync.PENDING, SOON)
    assert router.failures > 10 and router.condition(at) == Router.Condition.ALARM
    assert tell_of_alarms(Run(), at) == {"alarms": 1}
    restore(waits, at)
    practice.power_on()
    back = NOW + timedelta(days=2)
    assert reconcile_routers(Run(), back) == {"applied": 1}, "without a person"
    assert len(listed(practice)) == 89, "who paid meanwhile is not cut"
    assert tell_of_alarms(Run(), back) == {"recovered": 1}
    assert settled(router, back) and "vecino" in accounts(practice)


@pytest.mark.parametrize("practice", [V7], indirect=True)
def test_cuts_beyond_the_brake_that_waited_for_the_router_ask_when_it_is_back(
    many: Many, router: Router, practice: PracticeRouter
) -> None:
    many(1000)
    reconcile(router, NOW)
    practice.power_off()
    cut_many(list(Service.objects.order_by("pk")[:300]), SOON)
    reconcile(router, SOON)
    practice.power_on()
    back = NOW + timedelta(days=2)
    held = reconcile(router, back)
    assert (held.outcome, held.brake_count) == (Outcome.BRAKED, 300)
    assert not listed(practice)
    actions.approve_cuts(actor=CLERK, now=back, router=router, sync_pass=held, count=300)
    assert reconcile(router, back).outcome == Outcome.APPLIED
    assert len(listed(practice)) == 300 and settled(router, back)


def test_router_restored_from_an_old_backup(
    subscribe: Subscribe, router: Router, practice: PracticeRouter, fast_plan: Plan, tmp_path: Path
) -> None:
    paid, owes, left, faster = (
        subscribe(f"Cliente {n}", router=router, address=f"10.20.0.{n + 5}") for n in range(4)
    )
    suspend(paid)
    reconcile(router, NOW)
    practice.save(tmp_path / "backup")
    restore(paid, SOON)
    suspend(owes, SOON)
    actions.release(actor=CLERK, now=SOON, connection=left)
    customers.change_plan(actor=CLERK, now=SOON, service=faster.service, plan=fast_plan)
    joined = subscribe("Nuevo", router=router, address="10.20.0.20")
    reconcile(router, SOON)
    assert settled(router, SOON)
    practice.load(tmp_path / "backup")
    assert listed(practice) == {"10.20.0.5"} and joined.username not in accounts(practice)
    later = SOON + timedelta(minutes=20)
    done = reconcile(router, later)
    assert done.outcome == Outcome.APPLIED
    assert listed(practice) == {"10.20.0.6"}
    assert {joined.username, "vecino"} <= accounts(practice)
    assert left.username not in accounts(practice), "it is ours by its mark, and no longer wanted"
    assert done.findings["drift_count"] > 0, "what was put right is told"
    assert settled(router, later)


def test_hand_edits_are_put_right_and_what_is_not_ours_is_explained(
    subscribe: Subscribe, router: Router, practice: PracticeRouter
) -> None:
    ana, beto, caro = (
        subscribe(name, router=router, address=f"10.20.0.{n + 5}")
        for n, name in enumerate(("Ana", "Beto", "Caro"))
    )
    reconcile(router, NOW)
    practice.edit("/ppp/secret", ana.username, disabled="yes")
    practice.delete("/ppp/secret", beto.username)
    practice.put("/ip/firewall/address-list", list="morosos", address="10.20.0.7", comment="debe")
    done = reconcile(router, SOON)
    assert done.outcome == Outcome.DRIFT
    told = {each["code"] for each in done.findings["drift"]}
    assert told == {Code.CHANGED, Code.MISSING}, "the hand edits are told"
    row = next(r for r in practice.rows("/ppp/secret") if r["name"] == ana.username)
    assert row["disabled"] == "false" and beto.username in accounts(practice)
    seen = fresh(caro)
    assert seen.state == Sync.DRIFT
    assert [each["code"] for each in seen.drift] == [Code.FOREIGN_BLOCK]
    assert fresh(ana).state == fresh(beto).state == Sync.IN_SYNC
    choice = {"choice": "remove", "rows": [("block", "10.20.0.7")], "count": 1}
    actions.decide(actor=CLERK, now=SOON, router=router, **choice)
    reconcile(router, SOON)
    assert not listed(practice) and settled(router, SOON)


def test_swapped_router_gets_nothing_until_a_person_accepts_it(
    subscribe: Subscribe, router: Router, practice: PracticeRouter
) -> None:
    connection = subscribe("Ana", router=router, address="10.20.0.5")
    reconcile(router, NOW)
    suspend(connection, SOON)
    practice.power_off()
    with PracticeRouter(practice.version.text, serial="OTRO99", port=practice.port) as other:
        done = reconcile(router, SOON)
        assert (done.outcome, done.error) == (Outcome.FAILED, "serial-changed: OTRO99")
        assert other.rows("/ppp/secret") == []
        router.refresh_from_db()
        assert router.condition(SOON) == Router.Condition.SWAPPED
        seen = fresh(connection)
        assert (seen.state, seen.last_error) == (Sync.PENDING, "serial-changed: OTRO99")
        actions.accept_serial(actor=CLERK, now=SOON, router=router)
        assert reconcile(router, SOON).outcome == Outcome.APPLIED
        assert listed(other) == {"10.20.0.5"} and settled(router, SOON)


@pytest.mark.parametrize("wrong", [Wrong.HALF, Wrong.DROP_AFTER, Wrong.TRAP, Wrong.DROP_MID])
def test_error_that_came_half_done_converges_on_the_next_pass(
    wrong: Wrong, subscribe: Subscribe, router: Router, practice: PracticeRouter
) -> None:
    found = [
        subscribe(f"Cliente {n}", router=router, address=f"10.20.0.{n + 5}") for n in range(12)
    ]
    reconcile(router, NOW)
    for connection in found[:8]:
        suspend(connection, SOON)
    practice.faults.plan(wrong, "/ip/firewall/address-list/add", nth=3)
    reconcile(router, SOON)
    later = SOON + timedelta(minutes=10)
    done = reconcile(router, later)
    if done.outcome == Outcome.BRAKED:
        # The first five did not all take: a person looks, and types the count.
        codes = {each["code"] for each in done.findings["brakes"]}
        assert codes == {"first-cuts"}
        actions.approve_cuts(
            actor=CLERK, now=later, router=router, sync_pass=done, count=done.brake_count
        )
        reconcile(router, later)
    assert len(listed(practice)) == 8 and settled(router, later)


@pytest.mark.parametrize(("minutes", "word"), [(-90, "behind"), (90, "ahead"), (1, "")])
def test_clock_of_the_router_that_is_wrong_is_measured_and_told(
    minutes: int, word: str, router: Router, practice: PracticeRouter, settings: Any,
    client_as: Callable[..., Client],
) -> None:  # fmt: skip
    settings.LANGUAGE_CODE = "en"
    right = practice.clock.now
    practice.clock.move(minutes * 60)
    reconcile(router, NOW, machine=lambda: right)
    router.refresh_from_db()
    assert router.facts["clock_skew_s"] == minutes * 60
    owner = client_as("owner")
    text = owner.get(reverse("network:state", args=[router.pk])).content.decode()
    assert ("1 hour, 30 minutes " + word in text.replace("\xa0", " ")) is bool(word)
    told = owner.get(f"/api/v1/routers/{router.pk}/").json()
    assert told["clock_skew_s"] == minutes * 60


@pytest.mark.parametrize("hours", [-24 * 400, 24 * 400])
def test_clock_of_the_router_that_jumps_cuts_and_restores_all_the_same(
    hours: int, subscribe: Subscribe, router: Router, practice: PracticeRouter
) -> None:
    connection = subscribe("Ana", router=router, address="10.20.0.5")
    reconcile(router, NOW)
    practice.plug(connection.username, connection.password)
    practice.pass_time(600)
    practice.clock.move(hours * 3600)
    suspend(connection, SOON)
    reconcile(router, SOON)
    assert listed(practice) == {"10.20.0.5"} and not practice.can_browse("10.20.0.5")
    practice.clock.move(-hours * 3600)
    practice.pass_time(60)
    reconcile(router, SOON)
    assert not practice.can_browse("10.20.0.5") and settled(router, SOON)
    restore(connection, SOON)
    reconcile(router, SOON)
    practice.plug(connection.username, connection.password)
    assert practice.can_browse("10.20.0.5") and settled(router, SOON)
