"""The whole way to a practice RouterOS on a real socket, looked at with somebody else's client."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import librouteros
import pytest

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.customers import actions as customers
from caudal.apps.network import actions
from caudal.apps.network.models import Connection, Operation, Router, SyncPass
from caudal.apps.network.sync import reconcile, try_router
from caudal.apps.network.tests.conftest import (
    CLERK,
    NOW,
    Subscribe,
    fresh,
    restore,
    suspend,
)
from caudal.core.ports.access import AccessError, AccessFault
from caudal.practice.routeros import V6, V6_OLD_LOGIN, V7, V7_NEW, PracticeRouter, Wrong

SOON = NOW + timedelta(minutes=1)
Outcome = SyncPass.Outcome
Sync = Connection.Sync


@pytest.fixture(params=[V6_OLD_LOGIN, V6, V7, V7_NEW])
def practice(request: pytest.FixtureRequest) -> Iterator[PracticeRouter]:
    """A router of each generation, with the rule that makes a cut real and rows of others."""
    with PracticeRouter(request.param) as found:
        found.put(
            "/ip/firewall/filter",
            chain="forward",
            action="drop",
            src_address_list="morosos",
            out_interface="ether1",
        )
        found.put("/ppp/secret", name="vecino", password="x", comment="no tocar")
        found.put("/ip/firewall/address-list", list="morosos", address="10.9.9.9", comment="a mano")
        yield found


def reached_at(practice: PracticeRouter, name: str = "Torre") -> Router:
    return Router.objects.create(
        name=name,
        driver="routeros",
        host="127.0.0.1",
        port=practice.port,
        username="admin",
        password="practica",
    )


@pytest.fixture
def router(db: None, practice: PracticeRouter) -> Router:
    return reached_at(practice)


def seen(practice: PracticeRouter, *menu: str) -> list[dict[str, Any]]:
    """What librouteros reads, an independent client."""
    new_login = practice.version.text != V6_OLD_LOGIN
    api = librouteros.connect(
        "127.0.0.1",
        "admin",
        "practica",
        port=practice.port,
        encoding="utf-8",
        login_method=librouteros.login.plain if new_login else librouteros.login.token,
    )
    try:
        return list(api.path(*menu))
    finally:
        api.close()


def secret(practice: PracticeRouter, name: str) -> dict[str, Any] | None:
    return next((row for row in seen(practice, "ppp", "secret") if row["name"] == name), None)


def listed(practice: PracticeRouter) -> set[str]:
    return {row["address"] for row in seen(practice, "ip", "firewall", "address-list")}


def test_main_job(
    practice: PracticeRouter, subscribe: Subscribe, router: Router, fast_plan: Plan
) -> None:
    connection = subscribe("José Peña", address="10.20.0.5", local_address="10.20.0.1")
    reconcile(router, NOW)
    row = secret(practice, connection.username)
    assert row and row["remote-address"] == "10.20.0.5" and row["profile"] == "Basico 10Mb"
    assert practice.plug(connection.username, connection.password)
    assert practice.can_browse("10.20.0.5")
    practice.pass_time(3600)
    reconcile(router, NOW)
    assert fresh(connection).online_since is not None

    suspend(connection)
    reconcile(router, SOON)
    assert "10.20.0.5" in listed(practice) and not practice.can_browse("10.20.0.5")
    assert connection.username not in practice.sessions(), "the old session is closed"
    practice.pass_time(10)
    assert not practice.can_browse("10.20.0.5"), "and dialling again does not help"

    restore(connection, SOON)
    reconcile(router, SOON)
    assert "10.20.0.5" not in listed(practice)
    practice.pass_time(10)
    assert practice.can_browse("10.20.0.5")

    customers.change_plan(actor=CLERK, now=SOON, service=connection.service, plan=fast_plan)
    reconcile(router, SOON)
    row = secret(practice, connection.username)
    assert row and row["profile"] == "Rapido 50Mb"
    assert fresh(connection).state == Sync.IN_SYNC
    assert secret(practice, "vecino") and "10.9.9.9" in listed(practice)


def test_simple_queue(practice: PracticeRouter, subscribe: Subscribe, router: Router) -> None:
    connection = subscribe(technology=Technology.SIMPLE_QUEUE, address="10.20.0.7")
    reconcile(router, NOW)
    queue = next(iter(seen(practice, "queue", "simple")))
    assert queue["name"] == connection.username
    assert queue["max-limit"] == "2000000/10000000"
    suspend(connection)
    reconcile(router, SOON)
    assert "10.20.0.7" in listed(practice)


def test_router_that_was_off_at_the_cut_converges_by_itself(
    practice: PracticeRouter, subscribe: Subscribe, router: Router
) -> None:
    connection = subscribe(address="10.20.0.5", local_address="10.20.0.1")
    reconcile(router, NOW)
    practice.plug(connection.username, connection.password)
    practice.power_off()
    suspend(connection, SOON)
    assert reconcile(router, SOON).outcome == Outcome.UNREACHABLE
    assert fresh(connection).state == Sync.PENDING and fresh(connection).waits_since == SOON
    practice.power_on()
    practice.pass_time(10)
    assert practice.can_browse("10.20.0.5")
    reconcile(router, NOW + timedelta(days=2))
    assert not practice.can_browse("10.20.0.5")
    assert fresh(connection).state == Sync.IN_SYNC


@pytest.mark.parametrize(
    "wrong,command",
    [
        (Wrong.HALF, "/ppp/secret/add"),
        (Wrong.TRAP, "/ppp/secret/add"),
        (Wrong.DROP, "/ppp/secret/add"),
        (Wrong.DROP_AFTER, "/ppp/secret/add"),
        (Wrong.DROP_MID, "/ppp/secret/print"),
        (Wrong.FATAL, "/ppp/profile/add"),
    ],
)
def test_any_single_fault_converges_on_the_next_pass(
    practice: PracticeRouter, subscribe: Subscribe, router: Router, wrong: Wrong, command: str
) -> None:
    connections = [subscribe(f"Cliente {n}", address=f"10.20.0.{n + 10}") for n in range(5)]
    practice.faults.plan(wrong, command, nth=1)
    reconcile(router, NOW)
    practice.faults.clear()
    reconcile(router, SOON)
    assert {fresh(each).state for each in connections} == {Sync.IN_SYNC}
    names = [row["name"] for row in seen(practice, "ppp", "secret")]
    assert sorted(names) == sorted(["vecino", *(each.username for each in connections)])


def test_reading_that_breaks_off_changes_nothing(
    practice: PracticeRouter, subscribe: Subscribe, router: Router
) -> None:
    connection = subscribe(address="10.20.0.5")
    reconcile(router, NOW)
    suspend(connection)
    practice.faults.plan(Wrong.TRAP, "/ppp/secret/print")
    before = practice.rows("/ip/firewall/address-list")
    done = reconcile(router, SOON)
    assert done.outcome == Outcome.FAILED and done.error.startswith("incomplete-read")
    assert practice.rows("/ip/firewall/address-list") == before
    assert fresh(connection).state == Sync.PENDING


def test_dry_run_sends_no_write(
    practice: PracticeRouter, subscribe: Subscribe, router: Router
) -> None:
    subscribe(address="10.20.0.5")
    practice.faults.log.clear()
    done = reconcile(router, NOW, dry_run=True)
    assert done.planned == 2 and not Operation.objects.exists()
    asked = [text for text in practice.faults.log if not text.startswith("/login")]
    assert asked and all("/print" in text for text in asked), asked


def test_move_cleans_the_old_router(
    practice: PracticeRouter, subscribe: Subscribe, router: Router
) -> None:
    with PracticeRouter(V7, serial="OTHER0001") as second:
        other = reached_at(second, "Norte")
        connection = subscribe(address="10.20.0.5")
        reconcile(router, NOW)
        actions.move(actor=CLERK, now=NOW, connection=connection, router=other)
        reconcile(other, SOON)
        reconcile(router, SOON)
        assert secret(second, connection.username)
        assert [row["name"] for row in seen(practice, "ppp", "secret")] == ["vecino"]
        assert fresh(connection).state == Sync.IN_SYNC


def test_wrong_password_is_told_and_not_tried_every_few_seconds(
    practice: PracticeRouter, subscribe: Subscribe, router: Router
) -> None:
    subscribe()
    Router.objects.update(password="")
    done = reconcile(router, NOW)
    assert done.error.startswith(AccessFault.LOGIN_REFUSED)
    router.refresh_from_db()
    assert router.retry_at is not None and router.retry_at - NOW > timedelta(minutes=4)


def test_trying_a_router_from_its_form_tells_who_answers(practice: PracticeRouter) -> None:
    router = Router(driver="routeros", host="127.0.0.1", port=practice.port, username="admin")
    with pytest.raises(AccessError) as caught:
        try_router(router)
    assert caught.value.fault is AccessFault.LOGIN_REFUSED
    router.password = "practica"
    device = try_router(router)
    assert device.serial == practice.serial and device.facts["cut_rule"] == "ok"
    practice.stop()
    with pytest.raises(AccessError) as caught:
        try_router(router)
    assert caught.value.fault is AccessFault.UNREACHABLE


def test_swapped_router_is_refused(
    practice: PracticeRouter, subscribe: Subscribe, router: Router
) -> None:
    connection = subscribe(address="10.20.0.5")
    reconcile(router, NOW)
    practice.stop()
    with PracticeRouter(V7, serial="SWAPPED01") as second:
        Router.objects.update(port=second.port)
        done = reconcile(router, SOON)
        assert done.error == "serial-changed: SWAPPED01"
        assert not second.rows("/ppp/secret")
        router.refresh_from_db()
        actions.accept_serial(actor=CLERK, now=SOON, router=router)
        reconcile(router, SOON)
        assert secret(second, connection.username)
    assert fresh(connection).state == Sync.IN_SYNC


def test_hand_edit_is_found_and_put_right(
    practice: PracticeRouter, subscribe: Subscribe, router: Router
) -> None:
    connection = subscribe(address="10.20.0.5")
    reconcile(router, NOW)
    practice.edit("/ppp/secret", connection.username, remote_address="10.20.0.99")
    done = reconcile(router, SOON)
    assert done.findings["drift"][0]["changes"]["address"] == ["10.20.0.99", "10.20.0.5"]
    row = secret(practice, connection.username)
    assert row and row["remote-address"] == "10.20.0.5"


def test_brake_holds_more_than_twenty_cuts(
    practice: PracticeRouter, subscribe: Subscribe, router: Router
) -> None:
    connections = [subscribe(f"Cliente {n}", address=f"10.20.1.{n + 1}") for n in range(22)]
    reconcile(router, NOW)
    for connection in connections[:21]:
        suspend(connection)
    braked = reconcile(router, SOON)
    assert braked.outcome == Outcome.BRAKED and listed(practice) == {"10.9.9.9"}
    actions.approve_cuts(actor=CLERK, now=SOON, router=router, sync_pass=braked, count=21)
    assert reconcile(router, SOON).outcome == Outcome.APPLIED
    assert len(listed(practice)) == 22
    for connection in connections[:21]:
        restore(connection)
    assert reconcile(router, SOON).outcome == Outcome.APPLIED
    assert listed(practice) == {"10.9.9.9"}, "restorations are never braked"
