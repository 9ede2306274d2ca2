"""The list of customers by why they left or are suspended, and the reports that lead to it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from caudal.apps.customers import actions
from caudal.apps.customers.models import Cause, Customer
from caudal.apps.desk.tests.many import TEST
from caudal.apps.staff.models import User

ClientAs = Callable[..., Client]
DAY = date(2026, 6, 20)


@pytest.fixture
def client(client_as: ClientAs) -> Client:
    return client_as("owner")


@pytest.fixture
def moved(db: None, now: datetime) -> Cause:
    return actions.create_cause(actor=TEST, now=now, use="cancel", name="Se mudó")


@pytest.fixture
def works(db: None, now: datetime) -> Cause:
    return actions.create_cause(actor=TEST, now=now, use="suspend", name="Obra en su casa")


def leave(customer: Customer, now: datetime, reason: str, day: date = DAY) -> None:
    service = customer.services.get()
    actions.cancel(actor=TEST, now=now, service=service, last_day=day, reason=reason)


def hold(customer: Customer, now: datetime, note: str, reason: str = "manual") -> None:
    service = customer.services.get()
    actions.suspend(
        actor=TEST, now=now, today=now.date(), service=service, reason=reason, note=note
    )


def names(client: Client, **asked: Any) -> list[str]:
    answer = client.get("/customers/", asked)
    return [row.customer.name for row in answer.context["rows"]]


def test_those_who_left_for_a_reason_however_it_was_typed(
    client: Client, people: list[Customer], moved: Cause, now: datetime
) -> None:
    for customer, said in zip(people, ("SE MUDO.", "Se mudó: a Puebla", "Precio", ""), strict=True):
        leave(customer, now, said)
    assert names(client, left_for=f"cause-{moved.pk}") == ["Cliente 0", "Cliente 1"]
    assert names(client, left_for="text-precio") == ["Cliente 2"]
    assert names(client, left_for="none") == ["Cliente 3"]
    api = client.get("/api/v1/customers/", {"left_for": f"cause-{moved.pk}"}).json()
    assert len(api["results"]) == 2
    chips = client.get("/customers/", {"left_for": "text-precio"}).context["chips"]
    assert [chip.value for chip in chips] == ["Precio"]


def test_days_and_reason_are_asked_of_the_same_service(
    client: Client, people: list[Customer], moved: Cause, now: datetime
) -> None:
    leave(people[0], now, "Se mudó")
    leave(people[1], now, "Se mudó", date(2026, 5, 2))
    actions.reactivate(actor=TEST, now=now, service=people[1].services.get(), started_on=DAY)
    cause = f"cause-{moved.pk}"
    june = {"cancelled_from": "2026-06-01", "cancelled_to": "2026-06-30"}
    assert names(client, left_for=cause, **june) == ["Cliente 0"]
    assert names(client, left_for=cause, cancelled_to="2026-05-30") == []


def test_those_who_are_suspended_by_hand_for_a_reason(
    client: Client, people: list[Customer], works: Cause, now: datetime
) -> None:
    hold(people[0], now, "obra en su casa")
    hold(people[1], now, "Viaja")
    hold(people[2], now, "obra en su casa", "hold")
    hold(people[3], now, "Obra en su casa.")
    actions.lift(actor=TEST, now=now, service=people[3].services.get(), reason="manual")
    cause = f"cause-{works.pk}"
    assert names(client, held_for=cause) == ["Cliente 0"]
    assert names(client, held_for=cause, suspended_to="2020-01-01") == []
    assert names(client, held_for=cause, reason="hold") == []
    assert names(client, held_for="text-viaja", state="suspended") == ["Cliente 1"]


def test_nonsense_is_as_if_it_was_not_asked(client: Client, people: list[Customer]) -> None:
    assert len(names(client, left_for="cause-999")) == 4
    assert names(client, left_for="text-nadie dijo eso") == []


def test_the_form_offers_the_reasons_with_archived_ones_last(
    client: Client, moved: Cause, now: datetime
) -> None:
    actions.archive_cause(actor=TEST, now=now, cause=moved)
    actions.create_cause(actor=TEST, now=now, use="cancel", name="Precio")
    page = client.get("/customers/filters/").content.decode()
    assert page.index("Precio</option>") < page.index("Se mudó</option>")


def test_numbers_of_the_churn_report_lead_to_the_list(
    client: Client, people: list[Customer], moved: Cause, works: Cause, now: datetime
) -> None:
    leave(people[0], now, "Se mudó")
    leave(people[1], now, "Precio")
    hold(people[2], now, "Obra en su casa")
    hold(people[3], now, "", "unpaid")
    page = client.get("/reports/churn/", {"first": "2026-01", "last": "2026-12"})
    found = {}
    for label, count, link in [*page.context["left_for"], *page.context["suspended_for"]]:
        there = client.get(link).context["customers"]
        listed = client.get(there)
        assert urlsplit(there).path == "/customers/"
        found[label] = ([row.customer.name for row in listed.context["rows"]], count)
    assert sorted(found.values()) == [([f"Cliente {n}"], 1) for n in range(4)]


def test_a_part_of_nobody_leads_nowhere(client: Client, people: list[Customer]) -> None:
    page = client.get("/reports/churn/services/?what=activations&seller=none")
    assert page.context["customers"] == ""


def test_the_page_of_reasons_leads_to_the_customers(
    client: Client, people: list[Customer], moved: Cause, now: datetime, owner: User
) -> None:
    leave(people[0], now, "Se mudó")
    page = client.get("/customers/causes/").content.decode()
    assert f"/customers/?left_for=cause-{moved.pk}" in page
