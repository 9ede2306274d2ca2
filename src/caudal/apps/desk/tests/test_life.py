"""The life of a service on screen and by API: what it moves is told before it is done."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from caudal.apps.billing.models import Hold, Invoice, PendingItem, ServiceChange
from caudal.apps.catalog.models import Plan
from caudal.apps.clock.jobs import Run
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import OwnCalendar, Service
from caudal.apps.desk.life import do_changes
from caudal.apps.staff.models import JournalEntry


@pytest.fixture
def owner(client_as: Callable[[str], Client]) -> Client:
    return client_as("owner")


@pytest.fixture(autouse=True)
def served_for_long(service: Service) -> None:
    Service.objects.filter(pk=service.pk).update(started_on=date(2024, 1, 1))
    service.refresh_from_db()


@pytest.fixture
def dear(service: Service) -> Plan:
    plan: Plan = Plan.objects.get(pk=service.plan_id)
    plan.pk, plan.name, plan.price = None, "Dear", Decimal("900.00")
    plan.save()
    return plan


def preview(owner: Client, path: str, **given: object) -> str:
    answer = owner.post(path, {**given, "preview": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_plan_change_is_previewed_done_and_journalled(
    owner: Client, service: Service, dear: Plan
) -> None:
    path = f"/services/{service.pk}/plan/"
    assert owner.get(path).status_code == 200
    given = {"plan": dear.pk, "on": today().isoformat(), "style": "next-invoice"}
    told = preview(owner, path, **given)
    assert "Dear" in told and "900.00" in told
    service.refresh_from_db()
    assert service.plan != dear
    owner.post(path, given)
    service.refresh_from_db()
    assert service.plan == dear
    assert JournalEntry.objects.filter(verb="billing.plan_change").exists()


def test_a_change_to_come_stands_on_the_card_until_it_is_dropped(
    owner: Client, service: Service, dear: Plan
) -> None:
    on = today() + timedelta(days=40)
    owner.post(
        f"/services/{service.pk}/plan/",
        {"plan": dear.pk, "on": on.isoformat(), "style": "next-invoice"},
    )
    change = ServiceChange.objects.get()
    card = f"/customers/{service.customer_id}/services/"
    assert "Dear" in owner.get(card).content.decode()
    assert owner.get(f"/changes/{change.pk}/drop/").status_code == 200
    owner.post(f"/changes/{change.pk}/drop/")
    assert "Dear" not in owner.get(card).content.decode()
    assert owner.get(f"/changes/{change.pk}/drop/").status_code == 404


def test_the_job_of_the_day_does_what_is_due(owner: Client, service: Service, dear: Plan) -> None:
    on = today() + timedelta(days=40)
    owner.post(
        f"/services/{service.pk}/plan/",
        {"plan": dear.pk, "on": on.isoformat(), "style": "next-invoice"},
    )
    assert do_changes(on - timedelta(days=1), now(), "", Run())["changes"] == 0
    assert do_changes(on, now(), "", Run())["changes"] == 1
    assert do_changes(on, now(), "", Run())["changes"] == 0
    service.refresh_from_db()
    assert service.plan == dear


def test_a_hold_stops_the_service_and_is_ended_by_hand(owner: Client, service: Service) -> None:
    first, last = today(), today() + timedelta(days=9)
    given = {"first": first.isoformat(), "last": last.isoformat(), "credit": "on"}
    path = f"/services/{service.pk}/hold/"
    assert "10" in preview(owner, path, **given)
    assert not Hold.objects.exists()
    owner.post(path, given)
    hold = Hold.objects.get()
    service.refresh_from_db()
    assert service.state == "suspended"
    assert owner.get(f"/customers/{service.customer_id}/services/").status_code == 200
    owner.post(f"/holds/{hold.pk}/end/")
    service.refresh_from_db()
    assert service.state == "active"


def test_restoring_a_held_service_ends_the_hold(owner: Client, service: Service) -> None:
    last = today() + timedelta(days=9)
    path = f"/services/{service.pk}/hold/"
    owner.post(path, {"first": today().isoformat(), "last": last.isoformat(), "credit": "on"})
    owner.post(f"/services/{service.pk}/restore/", {"reasons": ["hold"]})
    service.refresh_from_db()
    assert service.state == "active"
    assert Hold.objects.get().dropped_at is not None


def test_a_cancellation_tells_what_becomes_of_the_debt(owner: Client, service: Service) -> None:
    path = f"/services/{service.pk}/cancel/"
    assert owner.get(path).status_code == 200
    told = preview(owner, path, last_day=today().isoformat(), reason="x")
    unpaid = Invoice.objects.unpaid().filter(customer=service.customer)
    assert all(row.label in told for row in unpaid)
    owner.post(path, {"last_day": (today() + timedelta(days=20)).isoformat(), "reason": "x"})
    service.refresh_from_db()
    assert service.state == "active"
    change = ServiceChange.objects.get()
    do_changes(change.on, now(), "", Run())
    service.refresh_from_db()
    assert (service.state, service.cancelled_on) == ("cancelled", change.on - timedelta(days=1))


def test_own_billing_dates_on_and_off(owner: Client, service: Service) -> None:
    customer = service.customer
    path = f"/customers/{customer.pk}/dates/"
    page = owner.get(path)
    assert page.status_code == 200
    given = {
        name: value
        for name, value in page.context["form"].initial.items()
        if value is not None and name != "follows_zone"
    }
    given |= {"payment_day": 17, "recharge": ""}
    assert "17" in preview(owner, path, **given)
    assert not OwnCalendar.objects.exists()
    owner.post(path, given)
    assert OwnCalendar.objects.get().payment_day == 17
    owner.post(path, given | {"follows_zone": "on"})
    assert not OwnCalendar.objects.exists()


def test_impossible_dates_are_refused_beside_the_form(owner: Client, service: Service) -> None:
    path = f"/customers/{service.customer_id}/dates/"
    initial = owner.get(path).context["form"].initial
    given = {name: value for name, value in initial.items() if value is not None}
    given |= {"payment_day": 40, "follows_zone": ""}
    assert owner.post(path, given).status_code == 200
    assert not OwnCalendar.objects.exists()


def test_the_api_changes_holds_and_moves(owner: Client, service: Service, dear: Plan) -> None:
    at = f"/api/v1/services/{service.pk}/"
    json = {"content_type": "application/json"}
    on = (today() + timedelta(days=40)).isoformat()
    made = owner.post(f"{at}plan/", {"plan": dear.pk, "on": on}, **json)
    assert (made.status_code, made.json()["status"]) == (200, "scheduled")
    assert [row["id"] for row in owner.get(f"{at}changes/").json()] == [made.json()["id"]]
    dropped = owner.post(f"{at}drop_change/", {"id": made.json()["id"]}, **json)
    assert dropped.json()["status"] == "dropped"
    days = {"first": today().isoformat(), "last": on}
    held = owner.post(f"{at}hold/", days, **json)
    assert held.status_code == 200
    again = owner.post(f"{at}hold/", days, **json)
    assert again.status_code == 400
    assert owner.post(f"{at}release_hold/", {"id": held.json()["id"]}, **json).status_code == 200
    moved = owner.post(
        f"/api/v1/customers/{service.customer_id}/payment-day/", {"payment_day": 17}, **json
    )
    assert moved.status_code == 200
    assert PendingItem.objects.filter(customer=service.customer, cancelled_at=None).count() == 0
