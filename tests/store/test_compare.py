"""Sums of two sides are compared by the database, and only those that differ come out."""

from decimal import Decimal

import pytest
from django.db.models import F

from caudal.apps.catalog.models import Plan, Product
from caudal.store.compare import differing
from caudal.store.money import money

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_only_keys_whose_sums_differ_come_out() -> None:
    for name, price in (("a", "10"), ("b", "20.50"), ("c", "5")):
        Product.objects.create(name=name, price=Decimal(price))
    for name, price in (("a", "10"), ("b", "20.25"), ("d", "1")):
        Plan.objects.create(name=name, price=Decimal(price), down_kbps=1, up_kbps=1)
    found = list(
        differing(
            [Product.objects.values_list("name", "currency", "price")],
            [Plan.objects.values_list("name", "currency", "price")],
        )
    )
    assert found == [
        (("b", "MXN"), Decimal("20.50"), Decimal("20.25")),
        (("c", "MXN"), Decimal("5"), Decimal("0")),
        (("d", "MXN"), Decimal("0"), Decimal("1")),
    ]


def test_a_side_of_several_tables_is_added_up() -> None:
    Product.objects.create(name="a", price=Decimal(10))
    Plan.objects.create(name="a", price=Decimal(4), down_kbps=1, up_kbps=1)
    products = Product.objects.values_list("name", "price")
    less = Plan.objects.annotate(less=money() - F("price")).values_list("name", "less")
    assert [row[1] for row in differing([products, less], [])] == [Decimal(6)]
