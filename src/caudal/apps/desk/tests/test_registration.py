"""Registering a customer in one page: all of it or nothing, once, with every mistake said."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Plan, Product
from caudal.apps.customers.models import Customer, Service, Zone
from caudal.apps.network.models import Connection
from caudal.apps.staff.models import JournalEntry

ClientAs = Callable[..., Client]
NEW = "/customers/new/"


@pytest.fixture
def owner(client_as: ClientAs) -> Client:
    return client_as("owner")


def errors_of(owner: Client, page: dict[str, Any]) -> dict[str, Any]:
    """The form's errors; nothing was saved, and what was typed is still there."""
    answer = owner.post(NEW, page)
    assert answer.status_code == 200
    assert not Customer.objects.filter(name=page["name"]).exists()
    form = answer.context["form"]
    assert form["address"].value() == page["address"]
    return dict(form.errors)


def test_one_page_makes_customer_service_and_connection(
    owner: Client, page: dict[str, Any]
) -> None:
    answer = owner.post(NEW, page)
    customer = Customer.objects.get()
    assert answer["Location"] == f"/customers/?sort=-registered&new={customer.pk}"
    connection = Connection.objects.get(service__customer=customer)
    assert (connection.address, connection.username) == ("10.20.0.9", "maria.pena")
    assert JournalEntry.objects.filter(customer_id=customer.pk, verb="customer.register").exists()
    shown = owner.get(answer["Location"]).content.decode()
    assert "is-new" in shown
    assert "10.20.0.9" in shown


def test_what_a_customer_needs_is_made_first(owner: Client, page: dict[str, Any]) -> None:
    Customer.objects.all().delete()
    assert 'id="start-title"' not in owner.get(NEW).content.decode()
    Plan.objects.all().delete()
    shown = owner.get(NEW).content.decode()
    _, _, steps = shown.partition('id="start-title"')
    (urgent,) = [line for line in steps.splitlines() if "btn-sm btn-primary" in line]
    assert reverse("catalog:new-plans") in urgent


def test_the_same_page_sent_twice_is_one_customer(owner: Client, page: dict[str, Any]) -> None:
    first, second = owner.post(NEW, page), owner.post(NEW, page)
    assert first["Location"] == second["Location"]
    assert Customer.objects.count() == 1


def test_a_failure_in_the_last_room_leaves_nothing(
    owner: Client, page: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the last room")

    monkeypatch.setattr("caudal.apps.billing.actions.issue_invoice", fail)
    with pytest.raises(RuntimeError):
        owner.post(NEW, page | {"first_invoice": "now", "registered_on": "2026-07-20"})
    assert not Customer.objects.exists()
    assert not Service.objects.exists()


def test_the_days_left_of_the_cycle_are_invoiced_at_once(
    owner: Client, page: dict[str, Any]
) -> None:
    owner.post(NEW, page | {"first_invoice": "now", "registered_on": "2026-07-20"})
    period = Invoice.objects.get().periods.get()
    assert (period.first.isoformat(), period.last.isoformat()) == ("2026-07-20", "2026-08-04")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("phones", "123"),
        ("phones", ""),
        ("emails", "maria@"),
        ("address", "x" * 251),
        ("zone", ""),
        ("plan", ""),
        ("payment_day", "32"),
        ("registered_on", "2026-02-31"),
        ("price", "-1"),
        ("ip_address", "10.99.0.1"),
        ("ip_address", "999.1.1.1"),
        ("username", "🌵"),
        ("mac", "no es una MAC"),
        ("position", "ninguna parte"),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field(
    owner: Client, page: dict[str, Any], field: str, typed: str
) -> None:
    wrong = {**page, field: typed}
    answer = owner.post(NEW, wrong)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Customer.objects.exists()


def test_every_mistake_is_told_at_once_and_nothing_typed_is_lost(
    owner: Client, page: dict[str, Any]
) -> None:
    found = errors_of(owner, page | {"phones": "12", "emails": "x", "payment_day": "0"})
    assert {"phones", "emails", "payment_day"} <= found.keys()


def test_who_chose_no_zone_is_asked_for_the_zone_alone(owner: Client, page: dict[str, Any]) -> None:
    assert set(errors_of(owner, page | {"zone": ""})) == {"zone"}


def test_long_names_and_emoji_are_kept(owner: Client, page: dict[str, Any]) -> None:
    name = "Señora 🌵 " + "ñ" * 191
    owner.post(NEW, page | {"name": name})
    assert Customer.objects.get().name == name


def test_one_field_is_checked_while_the_rest_is_being_written(
    owner: Client, page: dict[str, Any]
) -> None:
    answer = owner.post(
        NEW,
        {**page, "phones": "12", "validate": "phones"},
        headers={"HX-Request": "true", "HX-Trigger-Name": "phones"},
    )
    assert answer.status_code in {200, 422}
    assert not Customer.objects.exists()


def test_somebody_who_looks_like_a_customer_is_shown_before_saving(
    owner: Client, page: dict[str, Any]
) -> None:
    owner.post(NEW, page)
    again = {**page, "form_key": "6b1f4b2e-6a55-4d0a-9f0b-3f5f0a4b1c11", "name": "M. Peña"}
    again |= {"ip_address": "10.20.0.10", "username": "maria.otra"}
    assert owner.post(NEW, again).context["form"].non_field_errors()
    shown = owner.post(NEW, again | {"refresh": "duplicates"}).content.decode()
    assert "María Peña" in shown
    owner.post(NEW, again | {"accept_duplicates": "on"})
    assert Customer.objects.count() == 2


def test_another_payment_day_gives_the_customer_his_own_calendar(
    owner: Client, page: dict[str, Any]
) -> None:
    owner.post(NEW, page | {"payment_day": "20"})
    assert Customer.objects.get().own_calendar.payment_day == 20


def test_a_free_customer_is_neither_invoiced_nor_cut_nor_told(
    owner: Client, page: dict[str, Any]
) -> None:
    owner.post(NEW, page | {"is_free": "on"})
    customer = Customer.objects.get()
    assert not (customer.is_invoiced or customer.may_be_cut or customer.may_be_notified)


def test_a_position_is_read_from_a_map_link(owner: Client, page: dict[str, Any]) -> None:
    owner.post(NEW, page | {"position": "https://www.google.com/maps/@19.4326,-99.1332,15z"})
    customer = Customer.objects.get()
    assert (str(customer.latitude), str(customer.longitude)) == ("19.432600", "-99.133200")


def test_only_those_who_may_register_see_the_page(client_as: ClientAs) -> None:
    assert client_as("cashier").get(NEW).status_code == 403
    assert client_as("seller").get(NEW).status_code == 200


def extra(product: Product, **values: object) -> dict[str, object]:
    return {"extra_1_product": product.pk} | {f"extra_1_{k}": v for k, v in values.items()}


def test_additional_services_are_sold_with_the_registration_and_on_its_first_invoice(
    page: dict[str, Any], client_as: Callable[..., Client]
) -> None:
    router = Product.objects.create(name="Router", price=450)
    tv = Product.objects.create(name="TV", price=Decimal("99.90"))
    given = page | extra(router, billing="instalments", price="600", instalments="3")
    given |= {"extra_3_product": tv.pk, "extra_3_billing": "recurring"}
    given |= {"first_invoice": "now", "registered_on": "2026-07-20"}
    assert client_as("owner").post(NEW, given).status_code == 302
    customer = Customer.objects.get()
    sold = list(customer.products.order_by("id"))
    assert [(each.description, each.price, each.instalments) for each in sold] == [
        ("Router", 600, 3),
        ("TV", Decimal("99.90"), 1),
    ]
    assert [each.billed for each in sold] == [1, 1]
    lines = customer.invoices.get().lines.filter(kind="product")
    assert [line.net for line in lines] == [200, Decimal("99.90")]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"billing": "instalments"}, "extra_1_instalments"),
        ({"billing": "instalments", "instalments": "25"}, "extra_1_instalments"),
        ({"billing": "once", "price": "-1"}, "extra_1_price"),
        ({"billing": "sometimes"}, "extra_1_billing"),
    ],
)
def test_a_wrong_additional_service_is_refused_beside_its_field_and_nothing_is_lost(
    page: dict[str, Any],
    client_as: Callable[..., Client],
    values: dict[str, str],
    field: str,
) -> None:
    router = Product.objects.create(name="Router", price=450)
    answer = client_as("owner").post(NEW, page | extra(router, **values))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Customer.objects.exists()
    html = answer.content.decode()
    assert f'<option value="{router.pk}" selected' in html and "María Peña" in html


def test_a_price_without_a_product_asks_what_it_is_of(
    page: dict[str, Any], client_as: Callable[..., Client]
) -> None:
    Product.objects.create(name="Router", price=450)
    answer = client_as("owner").post(NEW, page | {"extra_2_price": "10"})
    assert list(answer.context["form"].errors) == ["extra_2_product"]


def test_additional_services_in_another_currency_are_refused(
    page: dict[str, Any], client_as: Callable[..., Client]
) -> None:
    dollars = Product.objects.create(name="Router", price=45, currency="USD")
    answer = client_as("owner").post(NEW, page | extra(dollars, billing="once"))
    assert list(answer.context["form"].errors) == ["extra_1_product"]


def test_a_wrong_additional_service_is_said_while_it_is_typed(
    page: dict[str, Any], client_as: Callable[..., Client]
) -> None:
    router = Product.objects.create(name="Router", price=450)
    typed = page | extra(router, billing="once", price="-1") | {"validate": "extra_1_price"}
    answer = client_as("owner").post(NEW, typed, headers={"HX-Request": "true"})
    assert (
        "invalid-feedback" in answer.content.decode() or "field-errors" in answer.content.decode()
    )
    assert not Customer.objects.exists()


def test_without_products_the_form_has_no_such_section(
    zone: Zone, client_as: Callable[..., Client]
) -> None:
    assert "extra_1_product" not in client_as("owner").get(NEW).content.decode()


def test_the_technology_can_be_chosen_with_what_it_needs(
    owner: Client, page: dict[str, Any]
) -> None:
    shown = owner.post(NEW, page | {"technology": "static", "refresh": "technology"})
    fields = shown.content.decode()
    assert 'name="interface"' in fields and 'name="password"' not in fields
    wrong = owner.post(NEW, page | {"technology": "static", "interface": "ether2"})
    assert "mac" in wrong.context["form"].errors
    owner.post(
        NEW,
        page
        | {
            "technology": "static",
            "mac": "aabb.cc00.0001",
            "interface": "ether2",
            "ipv6_prefix": "2001:db8:5::/56",
        },
    )
    held = Connection.objects.get()
    assert (held.technology, held.mac) == ("static", "AA:BB:CC:00:00:01")
    assert (held.interface, held.prefix) == ("ether2", "2001:db8:5::/56")


def test_a_service_is_added_in_the_technology_that_was_chosen(
    owner: Client, page: dict[str, Any]
) -> None:
    owner.post(NEW, page)
    customer = Customer.objects.get()
    url = f"/customers/{customer.pk}/services/new/"
    typed = {"plan": page["plan"], "router": page["router"], "started_on": "2026-07-05"}
    typed |= {"service_state": "active", "technology": "hotspot"}
    shown = owner.post(url, typed | {"refresh": "1"}).content.decode()
    assert 'name="server"' in shown and 'name="local_address"' not in shown
    assert Service.objects.count() == 1
    owner.post(url, typed | {"username": "plaza", "password": "clave", "server": "plaza"})
    held = Connection.objects.get(username="plaza")
    assert (held.technology, held.server, held.password) == ("hotspot", "plaza", "clave")
