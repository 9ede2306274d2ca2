"""Cash sessions and cheques of one branch, on their pages and by the API."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from caudal.apps.billing.tests.world import d
from caudal.apps.customers.models import Zone
from caudal.apps.payments.tests.test_api import api
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.models import Branch, User
from caudal.apps.staff.verbs import Verb

ClientAs = Callable[..., Client]
Users = Callable[..., User]
V1 = "/api/v1"


@pytest.fixture
def north(db: None) -> Branch:
    return Branch.objects.create(name="Norte")


@pytest.fixture
def south(db: None) -> Branch:
    return Branch.objects.create(name="Sur")


def listed(client: Client, address: str, **asked: object) -> list[int]:
    return [row.pk for row in client.get(address, asked).context["page"].rows]


def told(client: Client, address: str, **asked: object) -> list[int]:
    return [row["id"] for row in client.get(f"{V1}/{address}/", asked).json()["results"]]


def test_sessions_are_those_of_the_branch_of_their_box(
    till: Till, client_as: ClientAs, user_with_role: Users, north: Branch, south: Branch
) -> None:
    boxes = [till.create_box(f"Caja {each}", branch=each) for each in (north, south)]
    here, there = (
        till.open(user_with_role("cashier", str(box.pk)), d(7, 6), "0.00", box=box) for box in boxes
    )
    owner = client_as("owner")
    assert set(listed(owner, "/payments/sessions/")) == {here.pk, there.pk}
    assert listed(owner, "/payments/sessions/", branch=north.pk) == [here.pk]
    assert set(listed(owner, "/payments/sessions/", branch="x")) == {here.pk, there.pk}
    assert told(api(user_with_role("owner")), "cash-sessions", branch=south.pk) == [there.pk]
    empty = owner.get("/payments/sessions/", {"branch": Branch.objects.create(name="Este").pk})
    assert empty.context["page"].rows == [] and "Este" in empty.content.decode()


def test_cheques_are_those_of_the_branch_of_their_customers(
    till: Till, client_as: ClientAs, user_with_role: Users, north: Branch, south: Branch
) -> None:
    Zone.objects.filter(pk=till.zone.pk).update(branch=north)
    _payment, here = till.mixed(till.customer(), date(2026, 7, 3))
    till.zone = till.create_zone("Lejos", payment_day=5, branch=south)
    _payment, there = till.mixed(
        till.customer(name="José Peña", search_text="jose pena"), date(2026, 7, 3)
    )
    owner = client_as("owner")
    assert listed(owner, "/payments/cheques/", branch=north.pk) == [here.pk]
    assert listed(owner, "/payments/cheques/", branch=south.pk, q="Peña José") == [there.pk]
    assert told(api(user_with_role("owner")), "cheques", branch=north.pk) == [here.pk]


def test_without_branches_there_is_nothing_to_choose(till: Till, client_as: ClientAs) -> None:
    for page in ("sessions", "cheques"):
        assert 'name="branch"' not in client_as("owner").get(f"/payments/{page}/").content.decode()


def test_who_is_limited_to_a_branch_does_not_choose_another(
    till: Till, client_as: ClientAs, user_with_role: Users, north: Branch, south: Branch
) -> None:
    manager = user_with_role("manager")
    User.objects.filter(pk=manager.pk).update(branch_ids=[north.pk])
    box = till.create_box("Caja Sur", branch=south)
    till.open(user_with_role("cashier"), d(7, 6), "0.00", box=box)
    client = client_as("manager")
    assert listed(client, "/payments/sessions/", branch=south.pk) == []
    key = api(User.objects.get(pk=manager.pk), Verb.OPERATE_CASH, Verb.SUPERVISE_CASH)
    assert told(key, "cash-sessions", branch=south.pk) == []
