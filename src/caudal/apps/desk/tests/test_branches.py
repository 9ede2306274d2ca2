"""Branches: who is limited to some sees their customers, money and routers, and what is of all."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from caudal.apps.customers.models import Customer, Zone
from caudal.apps.desk.tests.many import TEST
from caudal.apps.network.models import Router
from caudal.apps.network.seen import sees_all_of
from caudal.apps.payments.actions import create_cash_box
from caudal.apps.payments.models import CashBox, Payment
from caudal.apps.staff.models import Branch, User
from caudal.apps.staff.scope import visible

pytestmark = pytest.mark.django_db


def names(user: User) -> list[str]:
    return list(visible(user, Customer.objects.order_by("pk")).values_list("name", flat=True))


def test_one_sees_the_customers_of_his_branches(both: list[Customer], beto: User) -> None:
    assert names(beto) == ["Cliente 1"]


def test_who_moves_to_another_zone_moves_to_its_branch(both: list[Customer], beto: User) -> None:
    Customer.objects.filter(pk=both[1].pk).update(zone=both[0].zone)
    assert names(beto) == ["Cliente 1", "Cliente 2"]


def test_a_zone_of_no_branch_is_of_all(both: list[Customer], beto: User) -> None:
    Zone.objects.filter(name="Norte").update(branch=None)
    assert names(beto) == ["Cliente 1", "Cliente 2"]


def test_a_collector_of_a_branch_sees_what_fits_both(both: list[Customer], beto: User) -> None:
    beto.role.only_own_customers = True
    assert names(beto) == []
    Customer.objects.update(collector=beto)
    assert names(beto) == ["Cliente 1"]


def test_routers_and_boxes_are_those_of_the_branch_and_of_all(
    both: list[Customer], beto: User, norte: Branch, now: datetime
) -> None:
    free = Router.objects.create(name="RB de nadie", driver="memory", host="192.0.2.9")
    company = both[0].company
    for name, branch in (("De todas", None), ("Del norte", norte)):
        create_cash_box(actor=TEST, now=now, company=company, name=name, kind="cash", branch=branch)
    routers = visible(beto, Router.objects.order_by("name"))
    assert [router.name for router in routers] == ["RB Centro", free.name]
    boxes = visible(beto, CashBox.objects.exclude(kind=CashBox.Kind.CHEQUES))
    assert [box.name for box in boxes] == ["De todas"]


def test_what_a_shared_router_holds_is_shown_to_who_sees_all_it_serves(
    both: list[Customer], beto: User, router: Router, north: Router
) -> None:
    assert sees_all_of(beto, router) and not sees_all_of(beto, north)
    router.zones.add(north.zones.get())
    assert not sees_all_of(beto, router)


def test_money_is_not_put_into_a_box_of_another_branch(
    both: list[Customer], beto: User, norte: Branch, now: datetime
) -> None:
    box = create_cash_box(
        actor=TEST, now=now, company=both[0].company, name="Del norte", kind="cash", branch=norte
    )
    client = Client()
    client.force_login(beto, backend="caudal.apps.staff.backends.RoleBackend")
    sent = {"customer": both[0].pk, "amount": "10.00", "method": "cash", "cash_box": box.pk,
            "gateway": "x", "external_id": "1"}  # fmt: skip
    answer = client.post("/api/v1/payments/", sent, content_type="application/json")
    assert answer.json()["code"] == "cash-box-not-usable" and not Payment.objects.exists()


def test_the_list_is_filtered_by_branch(
    both: list[Customer], norte: Branch, client_as: Callable[..., Client]
) -> None:
    page = client_as("owner").get("/customers/", {"branch": norte.pk}).content.decode()
    assert "Cliente 2" in page and "Cliente 1" not in page


def test_a_person_of_a_branch_finds_his_own_on_the_screens(
    both: list[Customer], beto: User
) -> None:
    client = Client()
    client.force_login(beto, backend="caudal.apps.staff.backends.RoleBackend")
    page = client.get("/customers/").content.decode()
    assert "Cliente 1" in page and "Cliente 2" not in page
    assert client.get(f"/customers/{both[1].pk}/").status_code == 404
    assert client.get("/staff/users/").status_code == 403
    routers = client.get("/network/routers/").content.decode()
    assert "RB Centro" in routers and "RB Norte" not in routers
