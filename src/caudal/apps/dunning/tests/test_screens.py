"""The screens of dunning answer, say what matters, and refuse who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from caudal.apps.billing.tests.world import at, d
from caudal.apps.clock import now as clock_now
from caudal.apps.dunning.models import EnabledByHand, Promise
from caudal.apps.dunning.tests.street import Street
from caudal.apps.staff.models import User

ClientAs = Callable[[str], Client]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_now, "machine_time", lambda: at(d(7, 2)))


@pytest.fixture
def client_as(user_with_role: Callable[..., User]) -> ClientAs:
    def make(role: str) -> Client:
        client = Client()
        client.force_login(user_with_role(role))
        return client

    return make


def page(client: Client, name: str, *args: int, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, name
    streamed = getattr(response, "streaming_content", None)
    return (b"".join(streamed) if streamed is not None else response.content).decode()


def test_a_promise_is_taken_changed_and_withdrawn(street: Street, client_as: ClientAs) -> None:
    customer, cashier = (
        street.owing(name="José Peña", search_text="jose pena"),
        client_as("cashier"),
    )
    address = reverse("dunning:promise", args=[customer.pk])
    assert "09/07" not in page(cashier, "dunning:customer-promises", customer.pk)
    assert cashier.post(address, {"until": "2026-07-01", "control_days": 5}).status_code == 200
    assert not Promise.objects.exists()
    given = {"until": "2026-07-09", "control_days": "3", "note": "llamó su hermana"}
    assert cashier.post(address, given).status_code == 302
    shown = page(cashier, "dunning:customer-promises", customer.pk)
    assert "llamó su hermana" in shown and "12/07/2026" in shown
    assert "9 de julio" in page(cashier, "desk:customer", customer.pk)
    listed = page(cashier, "dunning:promises", outcome="live", q="jose pena")
    assert "José Peña" in listed
    assert "José Peña" not in page(cashier, "dunning:promises", outcome="kept")
    assert cashier.post(address, {"until": "", "control_days": "3"}).status_code == 302
    assert Promise.objects.get().outcome == "removed"
    cashier.post(reverse("dunning:withdraw", args=[customer.pk]))
    assert "José Peña" in page(cashier, "dunning:promises", outcome="ended")


def test_who_may_not_take_promises_cannot(street: Street, client_as: ClientAs) -> None:
    customer, seller = street.owing(), client_as("seller")
    for name in ("promise", "withdraw"):
        address = reverse(f"dunning:{name}", args=[customer.pk])
        assert seller.post(address, {"until": "2026-07-09"}).status_code == 403
    assert not Promise.objects.exists()
    assert "button" not in page(seller, "dunning:customer-promises", customer.pk)


def test_a_collector_sees_promises_of_his_own_customers_alone(
    street: Street, client_as: ClientAs, user_with_role: Any
) -> None:
    mine = street.owing(name="Mío", collector=user_with_role("collector"))
    other = street.owing(name="Ajeno")
    for customer in (mine, other):
        street.promise(customer, d(7, 1), d(7, 9))
    collector = client_as("collector")
    shown = page(collector, "dunning:promises")
    assert "Mío" in shown and "Ajeno" not in shown
    address = reverse("dunning:promise", args=[other.pk])
    assert collector.post(address, {"until": ""}).status_code == 404
    cuts = page(collector, "dunning:cuts", days="30")
    assert "Mío" in cuts and "Ajeno" not in cuts


def test_the_report_of_cuts_shows_days_sums_reasons_and_files(
    street: Street, client_as: ClientAs
) -> None:
    street.series(102)
    street.owing(name="José Peña")
    owner = client_as("owner")
    shown = page(owner, "dunning:cuts", days="7")
    assert "José Peña" in shown and "$300.00" in shown and "A-102" in shown
    assert "José Peña" not in page(owner, "dunning:cuts", days="2")
    assert "José Peña" not in page(owner, "dunning:cuts", days="7", day="2026-07-06")
    assert "José Peña" in page(owner, "dunning:cuts", days="99")
    assert "José Peña" not in page(owner, "dunning:cuts", tab="escaped")
    csv = owner.get(reverse("dunning:export", args=["csv"]), {"days": "7"})
    text = b"".join(csv.streaming_content).decode()
    assert "2026-07-05" in text and "A-102" in text
    assert owner.get(reverse("dunning:export", args=["xlsx"])).status_code == 200
    assert client_as("cashier").get(reverse("dunning:export", args=["csv"])).status_code == 403


def test_a_cut_that_was_not_done_stands_on_the_first_page_until_it_is_seen(
    street: Street, client_as: ClientAs
) -> None:
    street.rules(no_cut_weekdays=[4], promise_control_days=0)
    customer = street.owing(name="José Peña")
    street.promise(customer, d(7, 4), d(7, 10))
    street.cut(d(7, 5), d(7, 11))
    owner = client_as("owner")
    assert "José Peña" in page(owner, "dunning:alerts")
    assert "given-up" in page(owner, "desk:dashboard")
    owner.post(reverse("dunning:see_alert", args=[Promise.objects.get().pk]))
    assert page(owner, "dunning:alerts").strip() == ""


def test_enabling_by_hand_asks_for_the_promise_on_the_form_and_in_the_api(
    street: Street, client_as: ClientAs, user_with_role: Any
) -> None:
    customer = street.owing()
    street.promise(customer, d(7, 1), d(7, 5))
    street.cut(d(7, 5))
    service, owner = street.service(customer), client_as("owner")
    address = reverse("desk:restore", args=[service.pk])
    refused = owner.post(address, {"reasons": ["unpaid"]})
    assert "promise" in refused.context["form"].errors
    api = APIClient()
    api.force_authenticate(user_with_role("owner"))
    where = f"/api/v1/services/{service.pk}/restore/"
    answer = api.post(where, {"reason": "unpaid"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "promise-asks")
    assert owner.post(address, {"reasons": ["unpaid"], "promise": "keep"}).status_code == 302
    assert street.is_active(customer) and not EnabledByHand.objects.exists()
    street.cut(d(7, 6))
    done = api.post(where, {"reason": "unpaid", "drop_promise": True}, format="json")
    assert done.json()["state"] == "active"
    assert EnabledByHand.objects.get().promise == Promise.objects.get()


def test_the_api_takes_lists_and_withdraws_promises_and_says_why(
    street: Street, user_with_role: Any
) -> None:
    customer = street.owing()
    api = APIClient()
    api.force_authenticate(user_with_role("cashier"))
    given = {"customer": customer.pk, "until": "2026-07-09", "note": "por teléfono"}
    first = api.post("/api/v1/promises/", given, format="json")
    assert first.status_code == 201
    assert first.json()["last_day"] == "2026-07-14"
    past = api.post("/api/v1/promises/", {**given, "until": "2026-07-01"}, format="json")
    assert (past.status_code, past.json()["code"]) == (400, "promise-in-past")
    (why,) = api.get(f"/api/v1/customers/{customer.pk}/why/").json()
    assert why["cut_on"] == "2026-07-09"
    assert "9 de julio" in why["sentence"]
    assert len(api.get("/api/v1/promises/", {"outcome": "live"}).json()["results"]) == 1
    blank = {"customer": customer.pk, "until": None}
    assert api.post("/api/v1/promises/", blank, format="json").status_code == 204
    assert api.get("/api/v1/promises/", {"outcome": "live"}).json()["results"] == []
    api.force_authenticate(user_with_role("technician"))
    assert api.post("/api/v1/promises/", given, format="json").status_code == 403


def test_a_suspended_customer_may_browse_by_his_promise(
    street: Street, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = street.owing()
    street.cut(d(7, 5))
    monkeypatch.setattr(clock_now, "machine_time", lambda: at(d(7, 6)))
    address = reverse("dunning:promise", args=[customer.pk])
    given = {"until": "2026-07-09", "control_days": "5", "restore": "on"}
    assert client_as("cashier").post(address, given).status_code == 302
    assert street.is_active(customer)
