"""The search everywhere: what each person finds, in what order, and at what cost."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils.translation import override

from caudal.apps.billing.actions import ManualLine, Order, issue_invoice
from caudal.apps.billing.models import Invoice
from caudal.apps.customers import actions
from caudal.apps.customers.contacts import ContactData
from caudal.apps.customers.models import Customer, Service, Zone
from caudal.apps.desk.tests.many import TEST, person
from caudal.apps.network import actions as network
from caudal.apps.network.models import Router
from caudal.apps.payments.actions import register_payment
from caudal.apps.payments.boxes import create_cash_box
from caudal.apps.payments.models import CashBox, Payment
from caudal.apps.staff.access import SIGNED_IN
from caudal.apps.staff.models import User
from caudal.web.menu import items
from caudal.web.places import places_of
from caudal.web.search import search, searchers_of

import_module("caudal.project.urls")  # rooms register with it
ClientAs = Callable[..., Client]


class Anybody:
    """May do everything."""

    def may(self, verb: str) -> bool:
        return True


@pytest.fixture
def jose(customer: Customer, service: Service, router: Router, now: datetime) -> Customer:
    """José, with all that one could look for."""
    actions.edit_customer(
        actor=TEST, now=now, customer=customer, data={"nickname": "El Güero"},
        contacts=[ContactData("phone", "+525512345678"), ContactData("email", "jose@x.example")],
    )  # fmt: skip
    network.connect(
        actor=TEST, now=now, service=service, router=router, technology="pppoe",
        username="jpena", address="10.20.0.9", mac="AA:BB:CC:00:11:22",
    )  # fmt: skip
    return customer


def found(user: Any, typed: str, recent: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Section -> addresses."""
    return {each.key: [hit.url for hit in each.hits] for each in search(user, typed, recent)}


@pytest.mark.parametrize(
    "typed",
    ["pena nunez", "JOSÉ", "guero", "5512345678", "jose@x", "calle 12", "jpena", "AABBCC001122"],
)
def test_a_customer_is_found_by_anything_known_of_him(
    jose: Customer, owner: User, typed: str
) -> None:
    assert found(owner, typed)["customers"] == [f"/customers/{jose.pk}/"]


def test_who_is_called_exactly_so_comes_before_who_is_in_part(
    zone: Zone, owner: User, now: datetime
) -> None:
    for n, name in enumerate(("Ana", "Bea", "Zoe")):
        data = {"name": name, "zone": zone, "address": "Calle 000003 y 3", "code": f"00000{n + 1}"}
        actions.register_customer(actor=TEST, now=now, data=data)
    zoe = Customer.objects.get(name="Zoe")
    assert found(owner, "3")["customers"] == [f"/customers/{zoe.pk}/"]
    assert found(owner, zoe.code)["customers"][0] == f"/customers/{zoe.pk}/"


def test_who_has_the_words_in_his_name_comes_before_who_has_them_elsewhere(
    zone: Zone, owner: User, now: datetime
) -> None:
    for name, mail in (("Ana", "mar@x.example"), ("Omar", "o@x.example")):
        actions.register_customer(
            actor=TEST, now=now, data={"name": name, "zone": zone, "address": "x"},
            contacts=[ContactData("email", mail)],
        )  # fmt: skip
    hits = next(each.hits for each in search(owner, "mar") if each.key == "customers")
    assert [hit.label for hit in hits] == ["Omar", "Ana"]
    assert "mar@x.example" in hits[1].detail
    assert "o@x.example" not in hits[0].detail


def test_an_address_says_who_has_it_and_who_had_it(
    jose: Customer, router: Router, owner: User
) -> None:
    pool = router.pools.get()
    assert found(owner, "10.20.0.9")["addresses"] == [
        f"/customers/{jose.pk}/",
        f"/network/addresses/{pool.pk}/map/",
        "/network/addresses/history/?q=10.20.0.9",
    ]
    assert found(owner, "10.20.0.44")["addresses"][0] == f"/network/addresses/{pool.pk}/map/"
    assert "addresses" not in found(owner, "10.20")


def test_routers_zones_and_plans_are_found_whatever_the_accents(
    router: Router, plan: Any, owner: User
) -> None:
    assert found(owner, "rb centro")["routers"] == [f"/network/routers/{router.pk}/"]
    assert found(owner, "192.0.2.1")["routers"] == [f"/network/routers/{router.pk}/"]
    assert found(owner, "basico")["catalog"] == [f"/catalog/plans/{plan.pk}/"]
    assert found(owner, "centro")["network-places"]


def test_a_collector_finds_only_his_own(
    people: list[Customer], user_with_role: Callable[..., User], now: datetime
) -> None:
    collector = user_with_role("collector")
    mine, other = people[0], people[1]
    Customer.objects.filter(pk=mine.pk).update(collector=collector)
    bills = [_bill(each, now) for each in (mine, other)]
    paid = [_pay(each, now) for each in (mine, other)]

    assert found(collector, "cliente")["customers"] == [f"/customers/{mine.pk}/"]
    assert "customers" not in found(collector, other.code)
    for bill, is_his in zip(bills, (True, False), strict=True):
        urls = found(collector, str(bill.number)).get("invoices", [])
        assert (f"/billing/invoices/{bill.pk}/" in urls) == is_his
    for payment, is_his in zip(paid, (True, False), strict=True):
        urls = found(collector, payment.reference).get("payments", [])
        assert urls == ([f"/payments/{payment.pk}/"] if is_his else [])
    looked = (f"/customers/{other.pk}/", f"/customers/{mine.pk}/", f"/payments/{paid[1].pk}/")
    assert found(collector, "", looked)["recent"] == [f"/customers/{mine.pk}/"]


def test_a_cashier_finds_no_routers_and_no_screens_of_others(
    people: list[Customer], user_with_role: Callable[..., User]
) -> None:
    cashier = user_with_role("cashier")
    assert "routers" not in found(cashier, "rb")
    with override("en"):
        assert "/payments/desk/" in found(cashier, "collect payment")["acts"]
    assert set(found(cashier, "roles")) <= {"help"}


def test_the_query_count_does_not_grow_with_what_there_is(
    zone: Zone, plan: Any, router: Router, client_as: ClientAs, now: datetime
) -> None:
    client = client_as("owner")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/search/", {"q": "cliente"}, headers={"HX-Request": "1"})
        return len(captured)

    _bill(person(0, zone, plan, router, now), now)
    queries()
    few = queries()
    for n in range(1, 12):
        _bill(person(n, zone, plan, router, now), now)
    assert queries() == few <= 20


def test_the_last_ones_come_first_and_are_remembered(people: list[Customer], owner: User) -> None:
    urls = [f"/customers/{each.pk}/" for each in people]
    looked = (urls[2], "/nowhere/7/", "not an address", urls[0])
    assert found(owner, "", looked)["recent"] == [urls[2], urls[0]]
    assert found(owner, "cliente", (urls[2],))["customers"] == [urls[2], *urls[:2], urls[3]]


def test_what_is_typed_is_marked_and_never_becomes_markup(
    zone: Zone, client_as: ClientAs, now: datetime
) -> None:
    data = {"name": "<b>Peña</b>", "zone": zone, "address": "x"}
    actions.register_customer(actor=TEST, now=now, data=data)
    page = client_as("owner").get("/search/", {"q": "pena"}).content.decode()
    assert "&lt;b&gt;<mark>Peña</mark>&lt;/b&gt;" in page
    assert "<i>" not in client_as("owner").get("/search/", {"q": "<i>"}).content.decode()


def test_more_than_a_few_lead_to_the_list(zone: Zone, client_as: ClientAs, now: datetime) -> None:
    for n in range(8):
        data = {"name": f"Ana {n}", "zone": zone, "address": "x"}
        actions.register_customer(actor=TEST, now=now, data=data)
    page = client_as("owner").get("/search/", {"q": "ana"}).content.decode()
    assert 'href="/customers/?q=ana"' in page


def test_nothing_found_says_what_to_do(client_as: ClientAs) -> None:
    page = client_as("owner").get("/search/", {"q": "zzzz"}).content.decode()
    assert "/customers/?archived=all&amp;q=zzzz" in page
    assert "/customers/new/" in page
    assert (
        "/customers/new/"
        not in client_as("cashier")
        .get("/search/", {"q": "zz"})
        .content.decode("utf-8")
        .split('class="find-none"')[1]
    )


def test_every_place_asks_for_the_verb_of_its_door() -> None:
    wrong = [
        (place.url, place.verb, view.verb)
        for place in places_of(Anybody())
        for view in [resolve(place.url).func]
        if (place.verb or SIGNED_IN) != view.verb  # type: ignore[attr-defined]
    ]
    assert wrong == []


def test_every_key_leads_to_an_item_of_the_menu() -> None:
    keyed = {place.url_name for place in places_of(Anybody()) if place.keys}
    assert keyed <= {item.url_name for item in items()}
    open_to_all = {each.key for each in searchers_of(Anybody()) if not each.verb}
    assert open_to_all == {"help"}


def test_keys_are_switched_off_by_each_for_himself(
    client_as: ClientAs, user_with_role: Callable[..., User]
) -> None:
    client = client_as("owner")
    assert b'data-shortcuts="on"' in client.get("/search/").content
    answer = client.post("/staff/me/shortcuts/", {"on": "0", "next": "/customers/"})
    assert answer.headers["Location"] == "/customers/"
    assert b'data-shortcuts="off"' in client.get("/search/").content
    assert b'data-shortcuts="on"' in client_as("cashier").get("/search/").content


def test_the_keys_shown_are_those_of_screens_he_may_open(client_as: ClientAs) -> None:
    keys = client_as("cashier").get("/search/keys/").content.decode()
    assert "Caja" in keys or "pago" in keys
    assert "Routers" not in keys


def _bill(customer: Customer, now: datetime) -> Invoice:
    order = Order(kind=Invoice.Kind.FREE, lines=[ManualLine("Visita", Decimal(100))])
    return issue_invoice(actor=TEST, now=now, customer=customer, order=order)


def _pay(customer: Customer, now: datetime) -> Payment:
    box = CashBox.objects.first() or create_cash_box(
        actor=TEST, now=now, company=customer.company, name="Caja", kind="cash"
    )
    return register_payment(
        actor=TEST, now=now, customer=customer, amount=Decimal(50), currency="MXN", paid_at=now,
        restore=False, operator=None, method="cash", cash_box=box,
        reference=f"SPEI-77{customer.pk}",
    )  # fmt: skip
