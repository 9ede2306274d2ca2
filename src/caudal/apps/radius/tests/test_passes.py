"""Passes over a router that asks by RADIUS: real requests to it, real rows for FreeRADIUS."""

from datetime import timedelta

import pytest

from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions as customers
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Router, SyncPass
from caudal.apps.network.sync import door, reconcile
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe, fresh, restore, suspend
from caudal.apps.radius.book import RouterBook, unescaped
from caudal.apps.radius.models import Login, Session
from caudal.apps.radius.tests.conftest import begin
from tests.rig.radius import Nas

Outcome = SyncPass.Outcome


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """How long a pass waits for answers, and then for the last report."""
    found = {"timeout_s": 20, "settle_s": 0.1}
    monkeypatch.setattr(door, "_offered", dict(door._offered))
    door.offer("radius", lambda router: {"book": RouterBook(router), **found})
    return found


@pytest.fixture
def ana(subscribe: Subscribe, nas: Nas) -> Connection:
    return subscribe("Ana", username="ana", password="clave", address="10.20.0.10")


def a_pass(router: Router, minutes: int = 0) -> str:
    return reconcile(router, NOW + timedelta(minutes=minutes)).outcome


def test_a_new_customer_is_in_sync(router: Router, ana: Connection) -> None:
    assert a_pass(router) == Outcome.IN_SYNC
    assert fresh(ana).sync == "in_sync"


def test_a_cut_is_written_and_closes_the_session(router: Router, ana: Connection, nas: Nas) -> None:
    a_pass(router)
    session = begin(ana, nas)
    suspend(ana)
    a_pass(router, 1)
    assert Login.objects.get().reason == "suspended"
    assert nas.live == {}
    assert nas.asked[0]["Acct-Session-Id"] == "%811"
    assert fresh(ana).sync == "pending", "its last report has not come yet"
    Session.objects.filter(pk=session.pk).update(ended=1)
    assert a_pass(router, 2) == Outcome.IN_SYNC
    assert fresh(ana).sync == "in_sync"


def test_a_session_that_the_router_forgot_is_closed_here(
    router: Router, ana: Connection, nas: Nas
) -> None:
    a_pass(router)
    begin(ana)
    suspend(ana)
    a_pass(router, 1)
    assert Session.objects.get().cause == "lost"
    assert fresh(ana).sync == "in_sync"


def test_who_pays_is_let_in_anew(router: Router, ana: Connection, nas: Nas) -> None:
    suspend(ana)
    a_pass(router)
    begin(ana, nas)
    restore(ana)
    a_pass(router, 1)
    assert nas.live == {}


def test_another_plan_reaches_the_live_session(
    router: Router, ana: Connection, nas: Nas, fast_plan: Plan
) -> None:
    a_pass(router)
    begin(ana, nas)
    customers.change_plan(actor=CLERK, now=NOW, service=ana.service, plan=fast_plan)
    a_pass(router, 1)
    assert [live.rate for live in nas.live.values()] == ["10M/50M"]
    assert Session.objects.get().answer == "full 10M/50M"
    assert fresh(ana).sync == "in_sync"


def test_a_router_that_is_off_leaves_the_cut_pending_and_answered(
    router: Router, ana: Connection, nas: Nas, waits: dict[str, float]
) -> None:
    a_pass(router)
    begin(ana, nas)
    suspend(ana)
    nas.mood, waits["timeout_s"] = "silent", 0.5
    a_pass(router, 1)
    assert Login.objects.get().reason == "suspended"
    assert (fresh(ana).sync, fresh(ana).last_error) == ("pending", "timed-out")
    nas.mood, waits["timeout_s"] = "obey", 20
    a_pass(router, 10)
    assert nas.live == {}


def test_a_mass_cut_waits_for_the_typed_count(
    router: Router, subscribe: Subscribe, nas: Nas
) -> None:
    people = [subscribe(f"Cliente {n}", address=f"10.20.1.{n}") for n in range(1, 24)]
    a_pass(router)
    begin(people[0], nas)
    for connection in people:
        suspend(connection)
    assert a_pass(router, 1) == Outcome.BRAKED
    assert not Login.objects.exclude(reason="").exists()
    assert len(nas.live) == 1


def test_a_hand_in_the_table_is_found_and_put_right(router: Router, ana: Connection) -> None:
    a_pass(router)
    Login.objects.update(rate="100M/100M", password="robada")
    assert a_pass(router, 20) == Outcome.APPLIED
    assert (Login.objects.get().rate, Login.objects.get().password) == ("2M/10M", "clave")


def test_who_is_gone_is_closed_and_remembered_for_refusals(
    router: Router, ana: Connection, nas: Nas
) -> None:
    a_pass(router)
    begin(ana, nas)
    network.release(actor=CLERK, now=NOW, connection=ana)
    a_pass(router, 1)
    login = Login.objects.get()
    assert (login.gone, login.reason, nas.live) == (True, "cancelled", {})
    network.return_address(actor=CLERK, now=NOW, connection=fresh(ana))
    assert Login.objects.get().gone is False


def test_who_moved_is_closed_on_the_old_router(router: Router, ana: Connection, nas: Nas) -> None:
    a_pass(router)
    begin(ana, nas)
    other = Router.objects.create(name="Sur", driver="radius", host="127.0.0.9", password="x")
    network.move(actor=CLERK, now=NOW, connection=ana, router=other)
    router.refresh_from_db()
    a_pass(router, 1)
    assert nas.live, "until his new router is known to answer him"
    a_pass(other, 1)
    a_pass(router, 2)
    assert nas.live == {}
    a_pass(router, 3)
    assert [login.router for login in Login.objects.all()] == [other]


def test_a_renamed_user_loses_the_session_of_his_old_name(
    router: Router, ana: Connection, nas: Nas
) -> None:
    a_pass(router)
    begin(ana, nas)
    network.edit_connection(actor=CLERK, now=NOW, connection=ana, username="anita")
    a_pass(router, 1)
    assert nas.asked[-1]["User-Name"] == "ana"
    assert nas.live == {}


def test_who_is_online_shows_on_the_connection(router: Router, ana: Connection) -> None:
    begin(ana, mac="aa:bb:cc:00:00:01")
    a_pass(router)
    assert fresh(ana).online_since is not None
    assert fresh(ana).last_session["mac"] == "AA:BB:CC:00:00:01"


@pytest.mark.parametrize(
    "stored, plain",
    [
        ("=25lX6b00f802=25hX", "%lX6b00f802%hX"),
        ("8100001a", "8100001a"),
        ("a=b", "a=b"),
        ("a=", "a="),
        ("x=3D1", "x=1"),
        ("=zz", "=zz"),
    ],
)
def test_numbers_of_sessions_are_told_as_the_router_wrote_them(stored: str, plain: str) -> None:
    assert unescaped(stored) == plain
