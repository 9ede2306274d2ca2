"""The whole way: a service in the database, a pass over SSH, a customer who browses or does not."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from caudal.apps.clock.jobs import Run
from caudal.apps.network import actions
from caudal.apps.network.jobs import notice_restarts, reconcile_routers
from caudal.apps.network.models import Connection, CutRules, Router
from caudal.apps.network.sync import reconcile, try_router
from caudal.apps.network.tests.conftest import CLERK, NOW, fresh, restore, suspend
from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access.linux.state import TABLE
from tests.labs.linux.town import NOTICE, NOTICE_PORT, SERVER, Town
from tests.rig.namespaces import lacking
from tests.rig.ssh import SshServer

pytestmark = [
    pytest.mark.skipif(bool(lacking("curl")), reason=lacking("curl")),
    pytest.mark.django_db,
]
PAGE = f"http://{SERVER}/"
SOON = timedelta(minutes=10)


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    town = Town(customers=1)
    yield town
    town.close()


@pytest.fixture
def router(router: Router) -> Router:
    CutRules.objects.create(
        router=router, wan_interfaces="wan", notice_address=NOTICE, notice_port=NOTICE_PORT
    )
    return router


def test_a_service_is_given_cut_and_restored_over_ssh(
    ana: Connection, router: Router, town: Town
) -> None:
    assert reconcile(router, NOW).outcome == "applied"
    assert "internet" in town.get(1, PAGE)
    suspend(ana)
    done = reconcile(router, NOW + SOON)
    assert (done.outcome, done.cuts) == ("applied", 1)
    assert "notice" in town.get(1, PAGE)
    restore(ana)
    reconcile(router, NOW + 2 * SOON)
    assert "internet" in town.get(1, PAGE)
    assert fresh(ana).state == Connection.Sync.IN_SYNC
    assert reconcile(router, NOW + 3 * SOON).outcome == "in_sync"


def test_a_router_that_lost_its_rules_is_told_anew_within_a_minute(
    ana: Connection, router: Router, town: Town
) -> None:
    suspend(ana)
    reconcile(router, NOW)
    assert "notice" in town.get(1, PAGE)
    assert notice_restarts(Run(), NOW + SOON) == {}, "nothing was forgotten"
    town.router.sh(f"nft delete table inet {TABLE}")
    assert "notice" not in town.get(1, PAGE)
    at = NOW + SOON + timedelta(minutes=1)
    assert notice_restarts(Run(), at) == {"restarted": 1}
    assert reconcile_routers(Run(), at)
    assert "notice" in town.get(1, PAGE)
    assert notice_restarts(Run(), at) == {}
    restore(ana)
    reconcile(router, at)
    assert "internet" in town.get(1, PAGE)


def test_another_boot_of_the_machine_is_seen_and_a_frozen_router_is_left_alone(
    ana: Connection, router: Router, server: SshServer
) -> None:
    reconcile(router, NOW)
    router.refresh_from_db()
    router.facts["noticed"]["life"] = "an older boot"
    router.save()
    actions.freeze(actor=CLERK, now=NOW, router=router)
    assert notice_restarts(Run(), NOW) == {}
    actions.unfreeze(actor=CLERK, now=NOW, router=router)
    assert notice_restarts(Run(), NOW) == {"restarted": 1}
    router.refresh_from_db()
    assert router.dirty_since and router.retry_at is None
    server.close()
    assert notice_restarts(Run(), NOW) == {}, "who does not answer has forgotten nothing"


def test_the_clock_of_the_router_is_beside_ours(ana: Connection, router: Router) -> None:
    reconcile(router, NOW)
    router.refresh_from_db()
    assert abs(router.facts["clock_skew_s"]) < 5


def test_the_key_that_answers_first_is_pinned_and_another_one_changes_nothing(
    ana: Connection, router: Router, server: SshServer, town: Town
) -> None:
    reconcile(router, NOW)
    router.refresh_from_db()
    assert router.host_key == server.fingerprint
    port = server.port
    server.close()
    impostor = SshServer(town.router, port=port)
    try:
        suspend(ana)
        failed = reconcile(router, NOW + SOON)
    finally:
        impostor.close()
    assert failed.error == f"host-key-changed: {impostor.fingerprint}"
    assert impostor.commands == []


def test_a_password_lets_in_as_well_and_a_wrong_one_is_told(
    router: Router, server: SshServer
) -> None:
    router.private_key, router.password = "", server.password
    assert try_router(router).identity
    router.password = "otra"
    with pytest.raises(AccessError) as caught:
        try_router(router)
    assert (caught.value.fault, caught.value.permanent) == (AccessFault.LOGIN_REFUSED, True)


@pytest.mark.parametrize("key", ["no es una llave", "-----BEGIN OPENSSH PRIVATE KEY-----\n"])
def test_a_key_that_is_none_is_told(router: Router, key: str) -> None:
    router.private_key = key
    with pytest.raises(AccessError) as caught:
        try_router(router)
    assert caught.value.fault is AccessFault.BAD_CONFIG


def test_a_router_that_is_off_is_unreachable_and_converges_when_it_is_back(
    ana: Connection, router: Router, server: SshServer, town: Town
) -> None:
    reconcile(router, NOW)
    port = server.port
    server.close()
    suspend(ana)
    assert reconcile(router, NOW + SOON).outcome == "unreachable"
    assert "internet" in town.get(1, PAGE)
    back: Any = SshServer(town.router, port=port)
    try:
        Router.objects.update(private_key=back.private_key, host_key="")
        reconcile(router, NOW + 2 * SOON)
    finally:
        back.close()
    assert "notice" in town.get(1, PAGE)
