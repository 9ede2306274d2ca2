"""A small provider: one company, one zone, one plan."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from caudal.apps.catalog.models import Company, Plan
from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer, Service, Zone
from caudal.apps.staff.actor import Actor

NOW = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
TODAY = date(2026, 7, 5)
CLERK = Actor.system("test")


@pytest.fixture
def company(db: None) -> Company:
    return Company.objects.create(name="Río Net", country="MX", currency="MXN")


@pytest.fixture
def zone(company: Company) -> Zone:
    return Zone.objects.create(name="Centro", company=company, payment_day=5)


@pytest.fixture
def plan(db: None) -> Plan:
    return Plan.objects.create(
        name="Básico 10Mb", price=Decimal(250), down_kbps=10_000, up_kbps=2_000
    )


@pytest.fixture
def customer(zone: Zone) -> Customer:
    return actions.register_customer(
        actor=CLERK,
        now=NOW,
        data={"name": "José Peña Núñez", "zone": zone, "address": "Calle #12, Colonia Centro"},
    )


@pytest.fixture
def service(customer: Customer, plan: Plan) -> Service:
    return actions.add_service(actor=CLERK, now=NOW, customer=customer, plan=plan, started_on=TODAY)
