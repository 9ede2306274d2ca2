"""The API of cash: the same actions, rights and scope as the screens."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.clock import now as clock_now
from caudal.apps.payments.models import Payment
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.actions import create_token
from caudal.apps.staff.models import User

pytestmark = pytest.mark.django_db
UserWithRole = Callable[..., User]
V1 = "/api/v1"


@pytest.fixture(autouse=True)
def noon_of_6_july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_now, "machine_time", lambda: at(d(7, 6)))


def api(user: User) -> APIClient:
    _row, text = create_token(
        actor=CLERK, now=at(d(7, 6)), user=user, name="t", verbs=list(user.role.verbs),
        expires_at=None,
    )  # fmt: skip
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def test_a_mixed_payment_its_cheque_and_its_refund(
    till: Till, user_with_role: UserWithRole
) -> None:
    customer, bank = till.customer(plan=till.create_plan("350.00")), till.create_box("B", "bank")
    till.run(d(6, 28))
    (invoice,) = till.invoices(customer)
    owner = api(user_with_role("owner"))
    cheque = {"bank": "Norte", "number": "7", "deposit_on": "2026-07-06"}
    sent = {
        "customer": customer.pk,
        "amount": "350.00",
        "external_id": "m-1",
        "invoices": [invoice.pk],
        "parts": [
            {"method": "cash", "amount": "100.00", "cash_box": till.box.pk},
            {"method": "cheque", "amount": "250.00", "cheque": cheque},
        ],
    }
    answers = [owner.post(f"{V1}/payments/", sent, format="json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert [part["method"] for part in answers[0].json()["parts"]] == ["cash", "cheque"]
    (paper,) = owner.get(f"{V1}/cheques/", {"state": "portfolio"}).json()["results"]
    at_bank = owner.post(
        f"{V1}/cheques/{paper['id']}/deposit/", {"bank": bank.pk}, format="json"
    ).json()
    assert (at_bank["state"], len(at_bank["events"])) == ("deposited", 2)
    bounced = owner.post(
        f"{V1}/cheques/{paper['id']}/reject/",
        {"reason": "no funds", "cost": "30.00"},
        format="json",
    ).json()
    assert bounced["state"] == "rejected"
    assert till.balance(customer) == Decimal("280.00")
    given = {
        "customer": customer.pk, "payment": Payment.objects.get().pk, "amount": "40.00",
        "method": "cash", "cash_box": till.box.pk, "reason": "asked", "external_id": "r-1",
    }  # fmt: skip
    refunds = [owner.post(f"{V1}/refunds/", given, format="json").json() for _ in range(2)]
    assert refunds[0]["id"] == refunds[1]["id"]
    assert till.balance(customer) == Decimal("320.00")
    too_much = owner.post(
        f"{V1}/refunds/", given | {"amount": "500.00", "external_id": "r-2"}, format="json"
    )
    assert (too_much.status_code, too_much.json()["code"]) == (400, "more-than-credit")
    gone = owner.delete(f"{V1}/refunds/{refunds[0]['id']}/?reason=mistake").json()
    assert gone["deleted_at"] is not None
    assert till.balance(customer) == Decimal("280.00")
    verify()


def test_a_session_is_opened_and_closed_blind(till: Till, user_with_role: UserWithRole) -> None:
    ana = user_with_role("cashier", "ana")
    client = api(ana)
    opened = client.post(
        f"{V1}/cash-sessions/", {"box": till.box.pk, "counted": "200.00"}, format="json"
    ).json()
    till.pay(till.customer(), "300.00", d(7, 6), operator=ana)
    shown = client.get(f"{V1}/cash-sessions/{opened['id']}/").json()
    assert shown["expected_cash"] is None
    closed = client.post(
        f"{V1}/cash-sessions/{opened['id']}/close/", {"counted_cash": "480.00"}, format="json"
    ).json()
    assert (closed["expected_cash"], closed["difference"]) == ("500.00", "-20.00")
    again = client.post(
        f"{V1}/cash-sessions/{opened['id']}/close/", {"counted_cash": "480.00"}, format="json"
    )
    assert (again.status_code, again.json()["code"]) == (400, "session-closed")
    eva = api(user_with_role("cashier", "eva"))
    assert eva.get(f"{V1}/cash-sessions/{opened['id']}/").status_code == 404
    assert eva.get(f"{V1}/cash-movements/").json()["results"] == []
    moved = client.get(f"{V1}/cash-movements/", {"first": "2026-07-06"}).json()["results"]
    assert {row["kind"] for row in moved} == {"float", "payment", "difference"}
    assert client.get(f"{V1}/cash-movements/", {"first": "x"}).status_code == 400


def test_a_collector_reaches_only_what_is_of_his_customers(
    till: Till, user_with_role: UserWithRole
) -> None:
    collector = user_with_role("collector")
    collector.role.only_own_customers = True
    collector.role.verbs = [*collector.role.verbs, "payments.refund", "payments.cheques"]
    collector.role.save()
    other = till.customer()
    payment, cheque = till.mixed(other, d(7, 6))
    till.give_back(other, "10.00", d(7, 6), payment=payment)
    client = api(collector)
    for name in ("payments", "cheques", "refunds", "cash-movements"):
        assert client.get(f"{V1}/{name}/").json()["results"] == [], name
    assert (
        client.post(f"{V1}/cheques/{cheque.pk}/reject/", {"reason": "x"}, format="json").status_code
        == 404
    )
    sent = {
        "customer": other.pk, "amount": "5.00", "method": "cash", "cash_box": till.box.pk,
        "reason": "x", "external_id": "r-9",
    }  # fmt: skip
    assert client.post(f"{V1}/refunds/", sent, format="json").status_code == 400
    assert client.post(f"{V1}/payments/", sent, format="json").status_code == 400


def test_refunding_and_cheques_take_their_own_verbs(
    till: Till, user_with_role: UserWithRole
) -> None:
    _, cheque = till.mixed(till.customer(), d(7, 6))
    cashier = api(user_with_role("cashier"))
    assert cashier.post(f"{V1}/cheques/{cheque.pk}/clear/").status_code == 403
    assert cashier.post(f"{V1}/refunds/", {}, format="json").status_code == 403
    assert cashier.get(f"{V1}/cash-boxes/").status_code == 200
