"""Saving routers, pools and zones, and what the journal keeps of it."""

from datetime import timedelta

import pytest

from caudal.apps.customers.models import Zone
from caudal.apps.network import actions
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Pool, Router
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe, held
from caudal.apps.staff.models import JournalEntry
from caudal.core.access import Kind
from caudal.core.addressing import AddressFault
from caudal.core.errors import RuleError
from caudal.integrations.access.memory import MemoryRouter

LATER = NOW + timedelta(hours=1)


def test_journal_tells_that_a_password_changed_and_not_which(router: Router) -> None:
    router.password = "nueva"
    actions.save_router(actor=CLERK, now=NOW, router=router)
    entry = JournalEntry.objects.get(verb="router.save")
    assert "password" in entry.after and "nueva" not in f"{entry.before}{entry.after}"


def test_router_is_tried_at_once_after_its_access_was_edited(
    router: Router, box: MemoryRouter
) -> None:
    box.online = False
    reconcile(router, NOW)
    box.online = True
    assert router.retry_at is not None
    router.host = "192.0.2.50"
    actions.save_router(actor=CLERK, now=LATER, router=router)
    router.refresh_from_db()
    assert router.retry_at is None and router.failures == 0


def test_request_to_a_router_with_its_api_off_is_refused(router: Router) -> None:
    Router.objects.update(is_active=False)
    with pytest.raises(NetworkError) as caught:
        actions.request_pass(actor=CLERK, now=NOW, router=router, kind=Router.Request.READ)
    assert caught.value.code == NetworkCode.ROUTER_OFF


@pytest.mark.parametrize(
    "values,field,code",
    [
        ({"network": "10.0.0.1/24"}, "network", AddressFault.HOST_BITS),
        ({"network": "hola"}, "network", AddressFault.NOT_A_NETWORK),
        ({"gateway": "10.9.0.1"}, "gateway", NetworkCode.OUTSIDE_NETWORK),
        ({"first": "10.0.0.9", "last": "10.0.0.5"}, "first", AddressFault.REVERSED_RANGE),
        ({"excluded": "10.0.0.5-hola"}, "excluded", AddressFault.NOT_AN_ADDRESS),
    ],
)
def test_pool_that_makes_no_sense_is_refused(
    router: Router, values: dict[str, str], field: str, code: str
) -> None:
    pool = Pool(**{"router": router, "name": "P", "network": "10.0.0.0/24", **values})
    with pytest.raises(NetworkError) as caught:
        actions.save_pool(actor=CLERK, now=NOW, pool=pool)
    assert (caught.value.field, caught.value.code) == (field, code)
    assert not Pool.objects.exists()


def test_zone_with_a_day_that_does_not_exist_is_refused(zone: Zone) -> None:
    zone.payment_day = 32
    with pytest.raises(RuleError):
        actions.save_zone(actor=CLERK, now=NOW, zone=zone, routers=[])
    zone.refresh_from_db()
    assert zone.payment_day == 5


def test_customers_whose_address_the_router_gives_have_a_profile_of_their_own(
    subscribe: Subscribe, router: Router, box: MemoryRouter, pool: Pool
) -> None:
    fixed = subscribe("Ana", pool=pool)
    dynamic = subscribe("Beto", pool=pool, dynamic=True)
    reconcile(router, NOW)
    accounts, profiles = held(box, Kind.ACCOUNT), held(box, Kind.PROFILE)
    assert "address" not in accounts[dynamic.username].attrs
    assert profiles[accounts[dynamic.username].attrs["profile"]].attrs["pool"] == pool.name
    assert "pool" not in profiles[accounts[fixed.username].attrs["profile"]].attrs
    assert accounts[fixed.username].attrs["local_address"] == "10.20.0.1"
