"""The API of money: the same actions, rights and scope as the screens."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.clock import now as clock_now
from caudal.apps.payments.models import Payment
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.actions import create_token
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb

UserWithRole = Callable[..., User]


@pytest.fixture(autouse=True)
def noon_of_6_july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_now, "machine_time", lambda: at(d(7, 6)))


def api(user: User, *verbs: Verb) -> APIClient:
    chosen = [verb.value for verb in verbs] or list(user.role.verbs)
    _row, text = create_token(
        actor=CLERK, now=at(d(7, 6)), user=user, name="t", verbs=chosen, expires_at=None
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def test_invoices_are_listed_filtered_and_read(till: Till, user_with_role: UserWithRole) -> None:
    a, b = till.customer(), till.customer()
    till.create(d(6, 28))
    owner = api(user_with_role("owner"))
    assert len(owner.get("/api/v1/invoices/").json()["results"]) == 2
    mine = owner.get("/api/v1/invoices/", {"customer": a.pk, "state": "open"}).json()["results"]
    assert [row["customer"] for row in mine] == [a.pk]
    late = owner.get("/api/v1/invoices/", {"emission_from": "2026-07-01"}).json()["results"]
    assert late == []
    detail = owner.get(f"/api/v1/invoices/{mine[0]['id']}/").json()
    assert (detail["total"], detail["lines"][0]["net"]) == ("300.00", "300.00")
    assert detail["periods"][0]["first"] == "2026-07-01"
    assert b.pk != a.pk


def test_a_payment_is_registered_once_per_external_id(
    till: Till, user_with_role: UserWithRole
) -> None:
    customer = till.customer()
    till.create(d(6, 28))
    owner = api(user_with_role("owner"))
    sent = {
        "customer": customer.pk,
        "amount": "300.00",
        "method": "transfer",
        "cash_box": till.box.pk,
        "external_id": "abc-1",
    }
    answers = [owner.post("/api/v1/payments/", sent, format="json") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert Payment.objects.count() == 1
    assert till.balance(customer) == 0
    other = owner.post("/api/v1/payments/", sent | {"amount": "5.00"}, format="json")
    assert (other.status_code, other.json()["code"]) == (400, "external-id-taken")
    for paid_at in ("1926-07-01T12:00:00Z", "0001-01-02T00:00:00Z"):
        old = sent | {"external_id": paid_at, "paid_at": paid_at}
        refused = owner.post("/api/v1/payments/", old, format="json")
        assert (refused.status_code, refused.json()["code"]) == (400, "date-too-far")
    (row,) = owner.get("/api/v1/payments/", {"external_id": "abc-1"}).json()["results"]
    gone = owner.delete(f"/api/v1/payments/{row['id']}/?reason=test")
    assert gone.status_code == 200
    assert till.balance(customer) == Decimal("300.00")


def test_invoices_are_issued_and_voided(till: Till, user_with_role: UserWithRole) -> None:
    customer = till.customer()
    owner = api(user_with_role("owner"))
    order = {
        "customer": customer.pk,
        "service": customer.services.get().pk,
        "first": "2026-07-23",
        "last": "2026-07-31",
    }
    made = owner.post("/api/v1/invoices/", order, format="json")
    assert (made.status_code, made.json()["total"]) == (201, "87.10")
    again = owner.post("/api/v1/invoices/", order, format="json")
    assert (again.status_code, again.json()["code"]) == (400, "already-billed-period")
    address = f"/api/v1/invoices/{made.json()['id']}/void/"
    assert owner.post(address, {"reason": "x"}, format="json").json()["state"] == "void"
    assert owner.post(address, {"reason": "x"}, format="json").status_code == 400


def test_a_token_without_the_verb_and_nobody_are_refused(
    till: Till, user_with_role: UserWithRole
) -> None:
    till.customer()
    reader = api(user_with_role("owner"), Verb.SEE_BILLING)
    assert reader.get("/api/v1/invoices/").status_code == 200
    assert reader.get("/api/v1/payments/").status_code == 403
    assert reader.post("/api/v1/invoices/", {}, format="json").status_code == 403
    assert APIClient().get("/api/v1/invoices/").status_code in (401, 403)


def test_a_collectors_token_sees_and_charges_his_customers_alone(
    till: Till, user_with_role: UserWithRole
) -> None:
    collector = user_with_role("collector")
    collector.role.only_own_customers = True
    collector.role.save()
    mine, other = till.customer(collector=collector), till.customer()
    till.create(d(6, 28))
    client = api(collector)
    rows = client.get("/api/v1/invoices/").json()["results"]
    assert [row["customer"] for row in rows] == [mine.pk]
    sent = {
        "customer": other.pk,
        "amount": "1.00",
        "method": "cash",
        "cash_box": till.box.pk,
        "external_id": "x",
    }
    assert client.post("/api/v1/payments/", sent, format="json").status_code == 400
    assert not Payment.objects.exists()


def test_a_statement_is_read_and_printed(till: Till, user_with_role: UserWithRole) -> None:
    customer = till.customer()
    till.create(d(6, 28))
    till.pay(customer, "100.00", d(7, 2))
    owner = api(user_with_role("owner"))
    address = f"/api/v1/customers/{customer.pk}/statement/"
    found = owner.get(address, {"first": "2026-07-01"}).json()
    assert (found["opening"], found["closing"]) == ("300.00", "200.00")
    assert [(row["kind"], row["amount"]) for row in found["rows"]] == [("payment", "-100.00")]
    assert owner.get(f"{address}pdf/", {"paper": "a4"}).content.startswith(b"%PDF")
    assert api(user_with_role("collector")).get(address).status_code == 404
    assert api(user_with_role("owner"), Verb.SEE_PAYMENTS).get(address).status_code == 403


def test_an_unpaid_invoice_is_edited_and_printed(till: Till, user_with_role: UserWithRole) -> None:
    customer = till.customer()
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    owner, address = api(user_with_role("owner")), f"/api/v1/invoices/{invoice.pk}/"
    lines = [
        {"position": 1, "description": "Plan", "unit_price": "300.00"},
        {"description": "Cable", "unit_price": "12.50", "quantity": "2"},
    ]
    answer = owner.put(f"{address}edit/", {"lines": lines, "note": "x"}, format="json")
    assert (answer.status_code, answer.json()["total"]) == (200, "325.00")
    assert till.balance(customer) == Decimal("325.00")
    assert owner.get(f"{address}pdf/").content.startswith(b"%PDF")
    till.pay(customer, "1.00", d(7, 2))
    refused = owner.put(f"{address}edit/", {"lines": lines}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "edit-paid")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"emission": "0001-01-01"}, "date-too-far"),
        ({"due": "9999-12-31"}, "date-too-far"),
        ({"lines": [{"description": "x", "price": "9999999999.99"}] * 2}, "amount-too-large"),
        ({"first": "2026-08-01", "last": "9999-12-31"}, "date-too-far"),
    ],
)
def test_dates_and_amounts_beyond_every_calendar_and_column_are_refused_in_words(
    till: Till, user_with_role: UserWithRole, said: dict[str, object], code: str
) -> None:
    customer = till.customer()
    order = {
        "customer": customer.pk,
        "service": customer.services.get().pk,
        "lines": [{"description": "x", "price": "10.00"}],
    } | said
    answer = api(user_with_role("owner")).post("/api/v1/invoices/", order, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert till.balance(customer) == 0
