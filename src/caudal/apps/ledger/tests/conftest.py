"""Two companies, one customer of the first, and his accounts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer, Zone
from caudal.apps.ledger import verify
from caudal.apps.ledger.actions import account_for, post
from caudal.apps.ledger.models import Account, Transaction
from caudal.apps.staff.actor import Actor

NOW = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
CLERK = Actor.system("test")


@pytest.fixture(autouse=True)
def checks_of_the_ledger_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is posted here has no invoices, which the rooms above would miss."""
    verify.checks()  # the rooms above are read, and then left out
    own = {name: check for name, check in verify._checks.items() if _is_ours(check)}
    monkeypatch.setattr(verify, "_checks", own)


def _is_ours(check: verify.Check) -> bool:
    return check.__module__ == verify.__name__


@pytest.fixture
def company(db: None) -> Company:
    return Company.objects.create(name="Río Net")


@pytest.fixture
def customer(company: Company) -> Customer:
    zone = Zone.objects.create(name="Centro", company=company)
    return Customer.objects.create(
        code="C1", name="Ana", zone=zone, company=company, address="Calle 1",
        registered_on=NOW.date(), created_at=NOW, updated_at=NOW,
    )  # fmt: skip


@pytest.fixture
def receivable(company: Company) -> Account:
    return account_for(company, Account.Kind.RECEIVABLE, "customers", "MXN")


@pytest.fixture
def revenue(company: Company) -> Account:
    return account_for(company, Account.Kind.REVENUE, "plan", "MXN")


def charge(
    customer: Customer, receivable: Account, revenue: Account, amount: str, on: date
) -> Transaction:
    value = Decimal(amount)
    return post(
        company=customer.company, currency="MXN", kind=Transaction.Kind.INVOICE, on=on, now=NOW,
        actor=CLERK, legs=[(receivable, customer, value), (revenue, None, -value)], memo="A-1",
    )  # fmt: skip
