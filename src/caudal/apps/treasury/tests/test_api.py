"""The API of money from outside: the same actions, rights and scope as the screens."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.clock import now as clock_now
from caudal.apps.payments.models import Payment
from caudal.apps.staff.actions import create_token
from caudal.apps.staff.models import User
from caudal.apps.treasury.models import ReportedPayment
from caudal.apps.treasury.tests.counter import Counter
from caudal.practice.gateway import PracticeGateway


@pytest.fixture(autouse=True)
def noon_of_20_july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_now, "machine_time", lambda: at(d(7, 20)))


@pytest.fixture
def api(db: None, user_with_role: Callable[..., User]) -> Callable[[str], APIClient]:
    def enter(role: str) -> APIClient:
        user = user_with_role(role)
        _row, text = create_token(
            actor=CLERK, now=at(d(7, 1)), user=user, name="t", verbs=list(user.role.verbs),
            expires_at=None,
        )  # fmt: skip
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
        return client

    return enter


def test_a_report_is_told_approved_and_rejected_once(
    counter: Counter, api: Callable[[str], APIClient]
) -> None:
    customer = counter.customer()
    counter.run(d(6, 28))
    owner = api("owner")
    told: dict[str, Any] = {
        "key": "app-1", "customer": customer.pk, "amount": "300.00", "paid_on": "2026-07-18",
        "method": "transfer", "reference": "SPEI1",
    }  # fmt: skip
    rows = [owner.post("/api/v1/reported-payments/", told, format="json") for _ in range(2)]
    assert [row.status_code for row in rows] == [201, 201]
    report = ReportedPayment.objects.get()
    address = f"/api/v1/reported-payments/{report.pk}"
    approve = {"cash_box": counter.bank.pk, "restore": True}
    cashier = api("cashier")
    assert cashier.post(f"{address}/approve/", approve, format="json").status_code == 403
    made = owner.post(f"{address}/approve/", approve, format="json").json()
    assert (made["amount"], made["customer"]) == ("300.00", customer.pk)
    again = owner.post(f"{address}/reject/", {"reason": "no"}, format="json")
    assert (again.status_code, again.json()["code"]) == (400, "already-decided")
    listed = owner.get("/api/v1/reported-payments/", {"state": "approved"}).json()["results"]
    assert [row["payment"] for row in listed] == [made["id"]]


def test_lines_are_assigned_ignored_and_opened_again(
    counter: Counter, api: Callable[[str], APIClient]
) -> None:
    one, other = counter.customer(), counter.customer()
    counter.run(d(6, 28))
    line, second = counter.line("400.00"), counter.line("5.00")
    owner = api("owner")
    address = f"/api/v1/bank-lines/{line.pk}"
    shares = [
        {"customer": one.pk, "amount": "300.00"}, {"customer": other.pk, "amount": "100.00"},
    ]  # fmt: skip
    made = owner.post(f"{address}/assign/", {"shares": shares}, format="json")
    assert [row["amount"] for row in made.json()] == ["300.00", "100.00"]
    assert owner.post(f"{address}/assign/", {"shares": shares}, format="json").status_code == 400
    assert owner.post(f"{address}/reopen/").json()["state"] == "open"
    ignored = f"/api/v1/bank-lines/{second.pk}/ignore/"
    assert owner.post(ignored, {"reason": "ours"}, format="json").json()["reason"] == "ours"
    found = owner.get("/api/v1/bank-lines/", {"state": "open"}).json()["results"]
    assert [row["id"] for row in found] == [line.pk]
    assert Payment.objects.filter(deleted_at=None).count() == 0


def test_a_link_is_made_for_what_is_owed(
    counter: Counter, api: Callable[[str], APIClient], practice: PracticeGateway
) -> None:
    counter.mercado_pago(practice)
    customer = counter.customer()
    asked = {"gateway": "mp", "customer": customer.pk}
    owner = api("owner")
    refused = owner.post("/api/v1/payment-links/", asked, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "nothing-to-pay")
    counter.run(d(6, 28))
    made = owner.post("/api/v1/payment-links/", asked, format="json").json()
    assert made["amount"] == "300.00" and made["url"].startswith(practice.url)
    practice.token = "changed"
    other = counter.customer()
    counter.run(d(7, 28))
    asked["customer"] = other.pk
    down = owner.post("/api/v1/payment-links/", asked, format="json")
    assert (down.status_code, down.json()["code"]) == (400, "login-refused")
    assert owner.get("/api/v1/gateway-payments/").json()["results"] == []
