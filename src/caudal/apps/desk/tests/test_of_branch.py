"""Reports of one branch, and zones of none given to one."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from caudal.apps.customers.models import Customer, Zone
from caudal.apps.desk.tests.many import TEST
from caudal.apps.ledger.models import Balance
from caudal.apps.payments import actions as payments
from caudal.apps.staff.models import Branch, JournalEntry, User
from caudal.apps.staff.scope import branches_for, visible
from tests.rig.queries import queries_of

ClientAs = Callable[..., Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def third(both: list[Customer]) -> Branch:
    return Branch.objects.create(name="Sucursal Oeste")


def paid(customer: Customer, branch: Branch, amount: int, now: datetime, cashier: User) -> None:
    """Money of the customer in a box of the branch."""
    box = payments.create_cash_box(
        actor=TEST, now=now, company=customer.company, name=f"Caja de {branch}", kind="cash",
        branch=branch,
    )  # fmt: skip
    payments.register_payment(
        actor=TEST, now=now, customer=customer, amount=Decimal(amount), currency="MXN",
        method="cash", cash_box=box, paid_at=now, invoice=None, restore=False, operator=cashier,
    )  # fmt: skip


def test_the_figures_are_those_of_the_chosen_branch(
    both: list[Customer], client_as: ClientAs, centro: Branch, norte: Branch
) -> None:
    for customer, amount in zip(both, (100, 250), strict=True):
        Balance.objects.create(
            customer=customer, company=customer.company, currency="MXN", amount=Decimal(amount)
        )
    owner = client_as("owner")
    whole = owner.get("/").context
    assert (whole["services"]["active"], whole["debt"].customers, whole["routers"]["count"]) == (
        2, 2, 2,
    )  # fmt: skip
    shown = owner.get("/", {"branch": norte.pk})
    of_north = shown.context
    assert (of_north["services"]["active"], of_north["debt"].sums) == (1, [("MXN", Decimal(250))])
    assert of_north["routers"]["count"] == 1
    assert f"?debt=yes&amp;branch={norte.pk}" in shown.content.decode()
    Zone.objects.filter(branch=norte).update(branch=None)
    assert owner.get("/", {"branch": norte.pk}).context["services"]["active"] == 0
    assert owner.get("/", {"branch": "x"}).context["services"]["active"] == 2


def test_who_is_limited_chooses_among_his_own_branches_alone(
    both: list[Customer], beto: User, client_as: ClientAs, norte: Branch, third: Branch
) -> None:
    assert [branch.name for branch in branches_for(beto)] == ["Sucursal Centro"]
    client = client_as("manager")
    User.objects.filter(username="manager").update(branch_ids=beto.branch_ids)
    page = client.get("/", {"branch": norte.pk})
    assert "branch" not in page.context["narrowed"].fields
    assert page.context["services"]["active"] == 1
    User.objects.filter(username="manager").update(branch_ids=[norte.pk, third.pk])
    page = client.get("/", {"branch": third.pk})
    assert page.context["services"]["active"] == 0
    assert client.get("/").context["services"]["active"] == 1
    assert not visible(beto, Customer.objects.all(), norte).exists()


def test_without_branches_nobody_is_asked(client_as: ClientAs, customer: Customer) -> None:
    for address in ("/", "/payments/daily/", "/reports/churn/", "/payments/commissions/"):
        assert 'name="branch"' not in client_as("owner").get(address).content.decode(), address


def test_zones_of_no_branch_are_counted_and_given_at_once(
    both: list[Customer], client_as: ClientAs, centro: Branch
) -> None:
    owner = client_as("owner")
    panel = "/branches/zones/"
    assert owner.get(panel).content == b""
    Zone.objects.filter(name="Norte").update(branch=None)
    assert panel in owner.get("/staff/branches/").content.decode()
    page = owner.get(panel)
    assert [zone.many for zone in page.context["zones"]] == [1]
    keys = list(Zone.objects.values_list("pk", flat=True))
    owner.post(f"{panel}give/", {"zones": keys})
    assert Zone.objects.filter(branch=None).exists()
    owner.post(f"{panel}give/", {"zones": keys, "branch": centro.pk})
    assert not Zone.objects.filter(branch=None).exists()
    entry = JournalEntry.objects.filter(verb="zone.save").latest("pk")
    assert entry.after == {"branch_id": centro.pk}
    assert client_as("manager").post(f"{panel}give/").status_code == 403


def test_the_panel_asks_a_fixed_number_of_queries(
    both: list[Customer], client_as: ClientAs
) -> None:
    client = client_as("owner")

    def asked() -> int:
        return queries_of(lambda: client.get("/branches/zones/"))

    Zone.objects.filter(name="Norte").update(branch=None)
    asked()
    few = asked()
    company = both[0].company
    for n in range(5):
        Zone.objects.create(name=f"Zona {n}", company=company)
    assert asked() == few


def test_cash_and_commissions_are_those_of_the_branch(
    both: list[Customer], client_as: ClientAs, owner: User, centro: Branch, norte: Branch,
    now: datetime,
) -> None:  # fmt: skip
    Customer.objects.update(salesperson=owner)
    for customer, branch, amount in ((both[0], centro, 100), (both[1], norte, 250)):
        paid(Customer.objects.get(pk=customer.pk), branch, amount, now, owner)
    client = client_as("owner")
    days: dict[str, Any] = {"first": "2026-07-05", "last": "2026-07-05"}

    def came(**query: Any) -> list[Decimal]:
        page = client.get("/payments/daily/", days | query)
        return [row.net for report in page.context["reports"] for row in report.by_box]

    assert sorted(came()) == [100, 250]
    assert came(branch=norte.pk) == [250]
    told = client.get("/api/v1/cash-movements/", days | {"branch": centro.pk}).json()
    assert [Decimal(row["amount"]) for row in told["results"]] == [100]
    page = client.get("/payments/commissions/", days | {"branch": norte.pk})
    assert [row.collected for row in page.context["rows"]] == [250]
    file = client.get("/payments/commissions/export.csv", days | {"branch": norte.pk})
    assert len(b"".join(file.streaming_content).splitlines()) == 2  # type: ignore[attr-defined]
