"""The API of customers and services: the same actions, rights and scope as the screens."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from caudal.apps.catalog.models import Plan
from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer, Service, Zone
from caudal.apps.network.models import Pool, Router
from caudal.apps.staff.actions import create_token
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb

UserWithRole = Callable[..., User]


def api(user: User, *verbs: Verb) -> APIClient:
    chosen = [verb.value for verb in verbs] or list(user.role.verbs)
    _row, text = create_token(
        actor=Actor.person(user), now=now(), user=user, name="t", verbs=chosen, expires_at=None
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def new_customer(zone: Zone, **fields: object) -> dict[str, object]:
    return {"name": "María Peña", "zone": zone.pk, "address": "Calle #12", **fields}


def test_a_customer_is_registered_read_and_changed(
    zone: Zone,
    user_with_role: UserWithRole,
) -> None:
    owner = api(user_with_role("owner"))
    sent = new_customer(zone, phones=["55 1234 5678"], emails=["maria@correo.example"])
    made = owner.post("/api/v1/customers/", sent, format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["phones"] == ["+525512345678"]
    where = f"/api/v1/customers/{made.json()['id']}/"
    changed = owner.patch(where, {"phones": ["33 1234 5678"]}, format="json").json()
    assert (changed["phones"], changed["emails"]) == (["+523312345678"], ["maria@correo.example"])
    assert owner.get(where).json()["name"] == "María Peña"


def test_what_is_wrong_is_said_by_field(zone: Zone, user_with_role: UserWithRole) -> None:
    owner = api(user_with_role("owner"))
    wrong = owner.post("/api/v1/customers/", new_customer(zone, phones=["123"]), format="json")
    assert wrong.status_code == 400
    assert "123" in str(wrong.json())
    nameless = owner.post("/api/v1/customers/", {"zone": zone.pk, "address": "x"}, format="json")
    assert (nameless.status_code, list(nameless.json())) == (400, ["name"])
    assert not Customer.objects.exists()


def test_the_list_is_searched_and_filtered_as_on_the_screen(
    customer: Customer,
    zone: Zone,
    user_with_role: UserWithRole,
) -> None:
    owner = api(user_with_role("owner"))
    owner.post("/api/v1/customers/", new_customer(zone), format="json")
    found = owner.get("/api/v1/customers/", {"q": "nunez jose"}).json()["results"]
    assert [row["id"] for row in found] == [customer.pk]
    assert owner.get("/api/v1/customers/", {"state": "suspended"}).json()["results"] == []


def test_a_service_is_connected_suspended_restored_and_cancelled(
    customer: Customer,
    plan: Plan,
    user_with_role: UserWithRole,
) -> None:
    router = Router.objects.create(name="RB", driver="memory", host="192.0.2.1")
    Pool.objects.create(router=router, name="Clientes", network="10.20.0.0/24")
    owner = api(user_with_role("owner"))
    sent = {"customer": customer.pk, "plan": plan.pk, "router": router.pk}
    made = owner.post("/api/v1/services/", sent, format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["connection"]["address"].startswith("10.20.0.")
    where = f"/api/v1/services/{made.json()['id']}/"
    held = owner.post(where + "suspend/", {"reason": "manual"}, format="json").json()
    assert (held["state"], held["suspensions"]) == ("suspended", ["manual"])
    free = owner.post(where + "restore/", {"reason": "manual"}, format="json").json()
    assert (free["state"], free["suspensions"]) == ("active", [])
    last_day = made.json()["started_on"]
    gone = owner.post(where + "cancel/", {"last_day": last_day, "reason": "se muda"}, format="json")
    assert gone.json()["state"] == "cancelled"
    assert gone.json()["connection"]["released_at"]
    again = owner.post(where + "suspend/", {"reason": "manual"}, format="json")
    assert again.status_code == 400


def test_a_token_may_only_what_it_was_given(
    service: Service,
    user_with_role: UserWithRole,
) -> None:
    reader = api(user_with_role("owner"), Verb.SEE_CUSTOMERS)
    assert reader.get(f"/api/v1/services/{service.pk}/").status_code == 200
    answer = reader.post(f"/api/v1/services/{service.pk}/suspend/", {"reason": "manual"})
    assert answer.status_code == 403
    assert APIClient().get("/api/v1/customers/").status_code == 401


def test_a_collector_sees_only_his_customers(
    customer: Customer,
    service: Service,
    user_with_role: UserWithRole,
) -> None:
    collector = user_with_role("collector")
    his = api(collector)
    assert his.get("/api/v1/customers/").json()["results"] == []
    assert his.get(f"/api/v1/services/{service.pk}/").status_code == 404
    Customer.objects.filter(pk=customer.pk).update(collector=collector)
    assert len(his.get("/api/v1/customers/").json()["results"]) == 1
    assert his.get(f"/api/v1/services/{service.pk}/").status_code == 200


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_queries_does_not_depend_on_the_rows(
    count: int,
    zone: Zone,
    user_with_role: UserWithRole,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    owner = api(user_with_role("owner"))
    for n in range(count):
        owner.post("/api/v1/customers/", new_customer(zone, name=f"Ana {n}"), format="json")
    owner.get("/api/v1/customers/")
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        owner.get("/api/v1/customers/")


@pytest.mark.parametrize("number", ["\u00b2", "9" * 30])
@pytest.mark.parametrize("rows", ["services", "notes", "attachments", "messages"])
def test_no_customer_has_such_a_number(
    user_with_role: UserWithRole, rows: str, number: str
) -> None:
    answer = api(user_with_role("owner")).get(f"/api/v1/{rows}/", {"customer": number})
    assert (answer.status_code, answer.json()["results"]) == (200, [])
