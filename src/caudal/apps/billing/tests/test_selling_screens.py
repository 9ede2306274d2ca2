"""The panel of products and the forms behind it: what is shown, refused, and who may."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.actions import Sale, add_product, cancel_service, leave_item
from caudal.apps.billing.calendars import fixed_of
from caudal.apps.billing.models import CustomerProduct, Discount, FixedDate, PendingItem
from caudal.apps.billing.tests.world import CLERK, World, at, d, verify
from caudal.apps.catalog.models import Product
from caudal.apps.customers.models import Customer
from caudal.apps.staff.models import JournalEntry
from caudal.core.periods import FixedEmission

Browsers = Callable[..., Client]


@pytest.fixture
def customer(world: World, now: datetime) -> Customer:
    return world.customer()


def address(name: str, row: object) -> str:
    return reverse(f"billing:{name}", args=[row.pk])  # type: ignore[attr-defined]


def test_a_product_is_sold_ended_and_cancelled(customer: Customer, client_as: Browsers) -> None:
    router = Product.objects.create(name="Router", price=Decimal("450.00"), currency="MXN")
    seller = client_as("seller")
    given = {"product": router.pk, "billing": "instalments", "instalments": "3"}
    assert seller.post(address("sell", customer), given).status_code == 302
    sold = CustomerProduct.objects.get()
    assert (sold.description, sold.price, sold.instalments) == ("Router", 450, 3)
    page = seller.get(address("customer-products", customer)).content.decode()
    assert "0/3" in page and "450.00" in page
    seller.post(address("end-product", sold), {"ends": "2026-12-28"})
    sold.refresh_from_db()
    assert sold.ends is not None
    assert seller.get(address("cancel-product", sold)).status_code == 200
    seller.post(address("cancel-product", sold))
    sold.refresh_from_db()
    assert sold.cancelled_at is not None
    verbs = JournalEntry.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["billing.add_product", "billing.end_product", "billing.cancel_product"]


def test_a_product_of_a_service_that_ended_is_moved_to_another(
    world: World, client_as: Browsers
) -> None:
    customer = world.customer(services=2)
    one, two = customer.services.order_by("number")
    sale = Sale(description="Router", price=Decimal(1000), billing="instalments", instalments=2)
    sold = add_product(
        actor=CLERK, now=at(d(6, 1)), customer=customer, sale=sale, service=two
    )  # fmt: skip
    seller, panel = client_as("seller"), address("customer-products", customer)
    where = address("move-product", sold)
    assert where not in seller.get(panel).content.decode()
    cancel_service(
        actor=CLERK, now=at(d(6, 20)), today=d(6, 20), service=two, last_day=d(6, 20), reason="x"
    )
    assert where in seller.get(panel).content.decode()
    world.create(d(6, 28))
    assert world.totals(customer) == [Decimal("300.00")]
    assert seller.get(where).status_code == 200
    refused = seller.post(where, {"service": two.pk})
    assert "service" in refused.context["form"].errors
    assert seller.post(where, {"service": one.pk}).status_code == 302
    assert where not in seller.get(panel).content.decode()
    world.create(d(7, 28))
    assert world.totals(customer)[-1] == Decimal("800.00")
    verify()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"billing": "once"}, "description"),
        ({"billing": "once", "description": "Visita"}, "price"),
        ({"billing": "instalments", "description": "x", "price": "100"}, "instalments"),
        ({"billing": "instalments", "description": "x", "price": "1", "instalments": "25"},
         "instalments"),
        ({"billing": "once", "description": "x", "price": "-1"}, "price"),
        ({"billing": "once", "description": "x", "price": "1", "starts": "2026-07-02",
          "ends": "2026-07-01"}, "ends"),
    ],
)  # fmt: skip
def test_a_sale_that_cannot_be_is_refused_beside_its_field(
    customer: Customer, client_as: Browsers, given: dict[str, str], field: str
) -> None:
    page = client_as("owner").post(address("sell", customer), given)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert not CustomerProduct.objects.exists()


def test_a_product_in_another_currency_is_refused_in_words(
    customer: Customer, client_as: Browsers
) -> None:
    dollars = Product.objects.create(name="Router", price=Decimal(50), currency="USD")
    given = {"product": dollars.pk, "billing": "once"}
    page = client_as("owner").post(address("sell", customer), given)
    assert page.status_code == 200 and page.context["form"].errors


def test_a_discount_is_given_and_ended(customer: Customer, client_as: Browsers) -> None:
    owner = client_as("owner")
    both = {"description": "Promo", "percent": "10", "amount": "5"}
    assert owner.post(address("discount", customer), both).status_code == 200
    given = {"description": "Promo", "percent": "10", "months": "3"}
    assert owner.post(address("discount", customer), given).status_code == 302
    row = Discount.objects.get()
    assert "0/3" in owner.get(address("customer-products", customer)).content.decode()
    owner.post(address("cancel-discount", row))
    row.refresh_from_db()
    assert row.cancelled_at is not None


def test_a_waiting_item_is_shown_and_cancelled(customer: Customer, client_as: Browsers) -> None:
    item = leave_item(
        actor=CLERK, now=at(d(6, 1)), customer=customer, amount=Decimal("-203.23"),
        currency="MXN", on=d(6, 1), description="Cambio de plan",
    )  # fmt: skip
    owner = client_as("owner")
    assert "Cambio de plan" in owner.get(address("customer-products", customer)).content.decode()
    owner.post(address("cancel-item", item))
    assert PendingItem.objects.get().cancelled_at is not None
    page = owner.get(address("customer-products", customer)).content.decode()
    assert "Cambio de plan" not in page


def test_the_next_invoice_gets_a_fixed_day_and_its_usual_one_back(
    customer: Customer, client_as: Browsers
) -> None:
    owner = client_as("owner")
    assert owner.post(address("fix", customer), {"on": "2020-01-01"}).status_code == 200
    assert owner.post(address("fix", customer), {"on": "2030-01-01"}).status_code == 302
    fixed = FixedDate.objects.get()
    page = owner.get(address("customer-products", customer)).content.decode()
    assert address("free", fixed) in page
    assert fixed_of(customer, d(6, 1)) == FixedEmission(fixed.due, fixed.on)
    assert fixed_of(customer, fixed.on) is None
    customer.zone.payment_day = 17
    customer.zone.save()
    assert fixed_of(customer, d(6, 1)) is None
    owner.post(address("free", fixed))
    assert not FixedDate.objects.exists()


@pytest.mark.parametrize("name", ["sell", "discount", "fix"])
def test_who_only_looks_sells_nothing(customer: Customer, client_as: Browsers, name: str) -> None:
    assert client_as("cashier").get(address(name, customer)).status_code == 403


def test_a_collector_sees_nothing_of_other_peoples_customers(
    customer: Customer, client_as: Browsers
) -> None:
    sold = CustomerProduct.objects.create(
        customer=customer, description="TV", price=10, currency="MXN", created_by="x",
        created_at=at(d(6, 1)),
    )  # fmt: skip
    collector = client_as("collector")
    assert collector.get(address("customer-products", customer)).status_code == 404
    assert collector.get(address("cancel-product", sold)).status_code in (403, 404)
