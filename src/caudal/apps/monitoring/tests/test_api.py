"""The API of monitoring."""

from collections.abc import Callable

import pytest
from django.test import Client

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.models import Announcement
from caudal.apps.monitoring.tests.conftest import NOON, Tower
from caudal.apps.outages.models import Outage
from caudal.apps.staff.models import Role, User

ClientAs = Callable[..., Client]


@pytest.fixture
def owner(client_as: ClientAs) -> Client:
    return client_as("owner")


def test_devices_alarms_and_the_map_are_read(tower: Tower, owner: Client) -> None:
    tower.site.latitude = tower.site.longitude = 1
    tower.site.save()
    tower.rounds(4, tower.router, tower.radio)
    rows = owner.get("/api/v1/devices/?health=unreachable").json()["results"]
    assert [(row["name"], row["blamed"]) for row in rows] == [("Sector 1", tower.router.pk)]
    assert "community" not in rows[0]
    (alarm,) = owner.get("/api/v1/alarms/?ended_at__isnull=true").json()["results"]
    assert alarm["device"] == tower.router.pk
    assert owner.get("/api/v1/network-map/").json()["features"][0]["properties"]["down"] == 2


def test_an_outage_is_opened_told_and_ended(tower: Tower, owner: Client) -> None:
    customer = tower.customer()
    tower.on_router(customer)
    post = {"content_type": "application/json"}
    nothing = owner.post("/api/v1/outages/", {"title": "x"}, **post)
    assert (nothing.status_code, nothing.json()["code"]) == (400, "nothing-covered")
    wanted = {"title": "Cerro", "sites": [tower.site.pk], "started_at": "2026-07-03T12:00:00Z"}
    made = owner.post("/api/v1/outages/", wanted, **post)
    assert made.status_code == 201
    assert (made.json()["customers"], made.json()["state"]) == (1, "outage_open")
    address = f"/api/v1/outages/{made.json()['id']}/"
    (row,) = owner.get(f"{address}affected/").json()["results"]
    assert (row["customer"], row["through"]) == (customer.pk, "RB Cerro")
    assert owner.post(f"{address}tell/", {"kind": "begun"}, **post).status_code == 202
    assert Announcement.objects.count() == 1
    early = owner.post(f"{address}end/", {"ended_at": "2026-07-01T00:00:00Z"}, **post)
    assert early.json()["code"] == "outage-ends-before-it-starts"
    for _ in range(2):
        assert owner.post(f"{address}end/", {}, **post).status_code == 200
    assert Outage.objects.get().ended_at is not None


def test_there_is_no_outage_by_a_name(owner: Client) -> None:
    assert owner.get("/api/v1/outages/x/affected/").status_code == 404


def test_credits_are_read_by_who_may_see_the_customer(
    tower: Tower, owner: Client, client_as: ClientAs, user_with_role: Callable[..., object]
) -> None:
    Role.objects.filter(code="collector").update(only_own_customers=True)
    user = user_with_role("collector")
    assert isinstance(user, User)
    people = [tower.customer(collector=user), tower.customer()]
    outage = tower.outage(at(d(7, 3)), at(d(7, 4)), customer=people)
    actions.propose_credits(actor=CLERK, now=NOON, outage=outage)
    rows = owner.get("/api/v1/outage-credits/").json()["results"]
    assert [row["amount"] for row in rows] == ["9.68", "9.68"]
    mine = client_as("collector").get("/api/v1/outage-credits/").json()["results"]
    assert [row["customer"] for row in mine] == [people[0].pk]


def test_who_may_not_open_outages_is_refused(tower: Tower, client_as: ClientAs) -> None:
    answer = client_as("cashier").post(
        "/api/v1/outages/", {"title": "x"}, content_type="application/json"
    )
    assert answer.status_code == 403
