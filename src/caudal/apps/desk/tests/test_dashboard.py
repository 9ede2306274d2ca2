"""The first page: true figures, only those that the person may see, in few queries."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.tests.world import MEXICO, at
from caudal.apps.clock.models import JobRun
from caudal.apps.customers.models import Service
from caudal.apps.desk import figures
from caudal.apps.network.models import Router
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.models import User

pytestmark = pytest.mark.django_db
People = Callable[..., User]
JULY = date(2026, 7, 1)


@pytest.fixture
def till(db: None) -> Till:
    return Till()


@pytest.fixture
def owner(user_with_role: People) -> User:
    return user_with_role("owner")


def test_services_are_counted_by_state(till: Till, owner: User) -> None:
    till.customer(services=3)
    Service.objects.filter(number=1).update(state="suspended")
    Service.objects.filter(number=2).update(state="pending")
    counts = figures.services_by_state(owner)
    assert counts == {"pending": 1, "active": 1, "suspended": 1, "cancelled": 0}


def test_a_debtor_counts_once_and_money_in_favour_lowers_no_debt(till: Till, owner: User) -> None:
    debtor, ahead = till.customer(), till.customer()
    till.open_invoice(debtor, "300", JULY)
    till.open_invoice(debtor, "50", JULY + timedelta(days=1))
    till.pay(ahead, "80", JULY)
    assert figures.debt(owner) == figures.Debt(1, [("MXN", Decimal(350))])


def test_income_counts_from_midnight_here_and_forgets_deleted_payments(
    till: Till, owner: User
) -> None:
    customer = till.customer()
    till.pay(customer, "100", JULY - timedelta(days=1), hour=23)
    till.pay(customer, "200", JULY, hour=0)
    till.delete(till.pay(customer, "400", JULY), JULY)
    assert figures.income_since(owner, JULY, MEXICO) == [("MXN", Decimal(200))]


def test_months_without_income_are_drawn_as_nothing(till: Till, owner: User) -> None:
    customer = till.customer()
    till.pay(customer, "100", date(2026, 1, 31), hour=23)
    till.pay(customer, "30", date(2026, 3, 5))
    till.pay(customer, "7", date(2025, 12, 31))
    found = figures.income_by_month(owner, date(2026, 3, 31), MEXICO, count=3)
    assert found.months == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    assert found.rows == {"MXN": [Decimal(100), Decimal(0), Decimal(30)]}


def test_a_collector_sees_the_figures_of_his_own_customers(
    till: Till, user_with_role: People
) -> None:
    collector = user_with_role("collector")
    mine, other = till.customer(collector=collector), till.customer()
    for each in (mine, other):
        till.open_invoice(each, "300", JULY)
    assert figures.debt(collector) == figures.Debt(1, [("MXN", Decimal(300))])
    assert figures.services_by_state(collector)["active"] == 1


def test_routers_that_do_not_answer_are_counted(till: Till, owner: User) -> None:
    Router.objects.create(name="A", host="10.0.0.1")
    Router.objects.create(name="B", host="10.0.0.2", failing_since=at(JULY))
    Router.objects.create(name="C", host="10.0.0.3", failing_since=at(JULY), is_active=False)
    assert figures.routers(owner) == {"count": 2, "failing": 1}


def test_the_last_run_of_each_job_is_shown_once() -> None:
    for job, hour in (("a", 1), ("a", 2), ("b", 1)):
        JobRun.objects.create(job=job, slot=f"{hour}", status="done", started_at=at(JULY, hour))
    assert [(run.job, run.slot) for run in figures.last_runs()] == [("a", "2"), ("b", "1")]


def test_a_fresh_installation_is_led_through_its_first_steps(
    client_as: Callable[..., Client],
) -> None:
    client = client_as("owner")
    page = client.get(reverse("desk:dashboard"))
    assert page.context["started"] == figures.Started(False, False, False, False, False)
    assert reverse("catalog:new-companies") in page.content.decode()


def test_the_steps_go_away_when_the_last_is_done(
    till: Till, client_as: Callable[..., Client]
) -> None:
    client = client_as("owner")
    till.customer()
    assert client.get(reverse("desk:dashboard")).context["started"].router is False
    Router.objects.create(name="A", host="10.0.0.1")
    assert client.get(reverse("desk:dashboard")).context["started"] is None


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("owner", {"services", "debt", "income", "routers"}),
        ("cashier", {"services", "debt"}),
        ("technician", {"services", "debt", "routers"}),
    ],
)
def test_each_role_sees_its_own_figures(
    client_as: Callable[..., Client], role: str, shown: set[str]
) -> None:
    context = client_as(role).get(reverse("desk:dashboard")).context
    assert {name for name in ("services", "debt", "income", "routers") if name in context} == shown


def test_the_page_asks_a_fixed_number_of_questions(
    till: Till, client_as: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    client = client_as("owner")
    for _ in range(20):
        till.open_invoice(till.customer(), "300", JULY)
    with django_assert_max_num_queries(9):
        client.get(reverse("desk:dashboard"))


def test_panels_answer_with_fragments(till: Till, client_as: Callable[..., Client]) -> None:
    client = client_as("owner")
    for name in ("desk:income", "desk:last_runs"):
        page = client.get(reverse(name)).content.decode()
        assert "<html" not in page and "card" in page
