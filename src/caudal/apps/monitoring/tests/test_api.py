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


def test_credits_are_proposed_and_decided_one_by_one_or_all(
    tower: Tower, owner: Client, client_as: ClientAs
) -> None:
    people = [tower.customer(), tower.customer(), tower.customer()]
    outage = tower.outage(at(d(7, 3)), at(d(7, 4)), customer=people)
    post = {"content_type": "application/json"}
    propose, decide = (f"/api/v1/outage-credits/{verb}/" for verb in ("propose", "decide"))
    for _again in range(2):
        made = owner.post(propose, {"outage": outage.pk}, **post)
        assert (made.status_code, made.json()) == (200, {"proposed": 3})
    first = outage.credits.get(customer=people[0])
    rejected = {"outage": outage.pk, "decision": "reject", "credits": [first.pk]}
    assert owner.post(decide, rejected, **post).json() == {"decided": 1}
    assert owner.post(decide, rejected, **post).json() == {"decided": 0}, "decided already"
    rest = {"outage": outage.pk, "decision": "approve"}
    assert owner.post(decide, rest, **post).json() == {"decided": 2}
    states = outage.credits.order_by("customer").values_list("status", "decided_by")
    assert [status for status, _who in states] == ["rejected", "approved", "approved"]
    assert all(who for _status, who in states)
    for wrong in ({"outage": outage.pk, "decision": "x"}, {"decision": "approve"}, {}):
        assert owner.post(decide, wrong, **post).status_code == 400
    cashier = client_as("cashier")
    assert cashier.post(propose, {"outage": outage.pk}, **post).status_code == 403
    assert cashier.post(decide, rest, **post).status_code == 403


def test_credits_of_an_outage_that_goes_on_are_not_proposed(tower: Tower, owner: Client) -> None:
    outage = tower.outage(at(d(7, 3)), customer=[tower.customer()])
    answer = owner.post(
        "/api/v1/outage-credits/propose/", {"outage": outage.pk}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "outage-not-over")


def test_credits_of_customers_out_of_sight_are_not_decided(
    tower: Tower, owner: Client, client_as: ClientAs, user_with_role: Callable[..., object]
) -> None:
    role = Role.objects.get(code="collector")
    role.only_own_customers = True
    role.verbs = [*role.verbs, "billing.issue"]
    role.save()
    user = user_with_role("collector")
    assert isinstance(user, User)
    people = [tower.customer(collector=user), tower.customer()]
    outage = tower.outage(at(d(7, 3)), at(d(7, 4)), customer=people)
    actions.propose_credits(actor=CLERK, now=NOON, outage=outage)
    keys = list(outage.credits.values_list("pk", flat=True))
    answer = client_as("collector").post(
        "/api/v1/outage-credits/decide/",
        {"outage": outage.pk, "decision": "approve", "credits": keys},
        content_type="application/json",
    )
    assert answer.json() == {"decided": 1}
    assert outage.credits.get(status="approved").customer == people[0]


def test_who_may_not_open_outages_is_refused(tower: Tower, client_as: ClientAs) -> None:
    answer = client_as("cashier").post(
        "/api/v1/outages/", {"title": "x"}, content_type="application/json"
    )
    assert answer.status_code == 403
