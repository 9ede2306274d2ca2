"""IC-64: a salesperson earns a share of what his customers pay."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.customers.models import Customer
from caudal.apps.payments.commissions import Commission, commissions, set_commission
from caudal.apps.payments.models import CommissionRate
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.models import JournalEntry, User

MEXICO = ZoneInfo("America/Mexico_City")
pytestmark = pytest.mark.django_db
People = Callable[[str, str], User]


@pytest.fixture
def people(user_with_role: Callable[..., User]) -> People:
    return user_with_role


def sold_by(till: Till, seller: User) -> Customer:
    customer = till.customer()
    Customer.objects.filter(pk=customer.pk).update(salesperson=seller)
    return customer


def earns(seller: User, percent: str, since: date) -> CommissionRate:
    return set_commission(
        actor=CLERK, now=at(since), person=seller, percent=Decimal(percent), since=since
    )


def of_july(user: User) -> list[Commission]:
    return commissions(user, d(7, 1), d(7, 31), MEXICO)


def test_each_payment_earns_the_percentage_of_its_day(till: Till, people: People) -> None:
    boss, seller = people("owner", "boss"), people("support", "sofia")
    customer = sold_by(till, seller)
    earns(seller, "5", d(1, 1))
    earns(seller, "7.5", d(7, 10))
    till.pay(customer, "300.10", d(7, 9))
    till.pay(customer, "300.10", d(7, 10))
    till.pay(customer, "100.00", d(6, 30))
    found = [(row.percent, row.payments, row.collected, row.earned) for row in of_july(boss)]
    assert found == [
        (Decimal("5"), 1, Decimal("300.10"), Decimal("15.01")),
        (Decimal("7.5"), 1, Decimal("300.10"), Decimal("22.51")),
    ]


def test_what_was_deleted_or_given_back_earns_nothing(till: Till, people: People) -> None:
    boss, seller = people("owner", "boss"), people("support", "sofia")
    customer = sold_by(till, seller)
    earns(seller, "10", d(1, 1))
    kept = till.pay(customer, "300.00", d(7, 2))
    gone = till.pay(customer, "80.00", d(7, 3))
    till.delete(gone, d(7, 4))
    till.give_back(customer, "100.00", d(7, 5), payment=kept)
    (row,) = of_july(boss)
    assert (row.payments, row.collected, row.earned) == (1, Decimal("200.00"), Decimal("20.00"))


def test_the_sum_is_of_rounded_payments_and_of_one_query(
    till: Till, people: People, django_assert_num_queries: Any
) -> None:
    boss, seller = people("owner", "boss"), people("support", "sofia")
    earns(seller, "5", d(1, 1))
    for _ in range(3):
        till.pay(sold_by(till, seller), "0.10", d(7, 2))  # half a cent each: one cent each
    with django_assert_num_queries(1):
        (row,) = of_july(boss)
    assert (row.payments, row.collected, row.earned) == (3, Decimal("0.30"), Decimal("0.03"))


def test_customers_of_nobody_and_days_before_the_first_percentage_earn_nothing(
    till: Till, people: People
) -> None:
    boss, seller = people("owner", "boss"), people("support", "sofia")
    till.pay(till.customer(), "300.00", d(7, 2))
    till.pay(sold_by(till, seller), "300.00", d(7, 2))
    (row,) = of_july(boss)
    assert (row.percent, row.earned) == (0, 0)


def test_a_salesperson_sees_his_own_and_sets_none(
    till: Till, people: People, client: Client
) -> None:
    seller, other = people("cashier", "sofia"), people("cashier", "luis")
    till.pay(sold_by(till, seller), "300.00", d(7, 2))
    till.pay(sold_by(till, other), "500.00", d(7, 2))
    assert [row.person for row in of_july(seller)] == [str(seller.name)]
    client.force_login(seller, backend="caudal.apps.staff.backends.RoleBackend")
    days = {"first": "2026-07-01", "last": "2026-07-31"}
    page = client.get(reverse("payments:commissions"), days)
    assert page.status_code == 200
    assert b"500" not in page.content
    assert client.get(reverse("payments:set_commission")).status_code == 403
    told = b"".join(
        client.get(reverse("payments:commissions-export", args=["csv"]), days).streaming_content  # type: ignore[attr-defined]
    ).decode()
    assert "300" in told
    assert "500" not in told


def test_the_percentage_is_set_on_a_page_and_remembered(
    till: Till, people: People, client: Client
) -> None:
    boss, seller = people("owner", "boss"), people("support", "sofia")
    client.force_login(boss, backend="caudal.apps.staff.backends.RoleBackend")
    page = reverse("payments:set_commission")
    sent = {"person": seller.pk, "percent": "101", "since": "2026-07-01"}
    refused = client.post(page, sent)
    assert refused.status_code == 200
    assert not CommissionRate.objects.exists()
    assert client.post(page, sent | {"percent": "4.5"}).status_code == 302
    assert client.post(page, sent | {"percent": "5"}).status_code == 302
    assert CommissionRate.objects.get().percent == 5
    assert JournalEntry.objects.filter(verb="payments.set_commission").count() == 2
