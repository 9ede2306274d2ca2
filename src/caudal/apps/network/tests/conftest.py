"""A small provider with one router, in memory or on a real socket, and a way to make customers."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from caudal.apps.catalog.models import Company, Plan, Technology
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Service, SuspensionReason, Zone
from caudal.apps.network import actions
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.staff.actor import Actor
from caudal.core.access import Kind, Row
from caudal.integrations.access.memory import MemoryRouter, forget_all, router_named

NOW = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
TODAY = date(2026, 7, 5)
CLERK = Actor.system("test")

Subscribe = Callable[..., Connection]
Many = Callable[[int], None]


@pytest.fixture
def zone(db: None) -> Zone:
    company = Company.objects.create(name="Río Net", country="MX", currency="MXN")
    return Zone.objects.create(name="Centro", company=company, payment_day=5)


@pytest.fixture
def plan(db: None) -> Plan:
    return Plan.objects.create(
        name="Básico 10Mb", price=Decimal(250), down_kbps=10_000, up_kbps=2_000
    )


@pytest.fixture
def fast_plan(db: None) -> Plan:
    return Plan.objects.create(
        name="Rápido 50Mb", price=Decimal(450), down_kbps=50_000, up_kbps=10_000
    )


@pytest.fixture
def box(request: pytest.FixtureRequest) -> MemoryRouter:
    """The memory router of this test; others that tests before it named alike are new as well."""
    forget_all()
    return router_named(request.node.name[:100])


@pytest.fixture
def router(db: None, box: MemoryRouter, request: pytest.FixtureRequest) -> Router:
    return Router.objects.create(
        name=request.node.name[:100], driver="memory", host="192.0.2.1", username="caudal"
    )


@pytest.fixture
def pool(router: Router) -> Pool:
    return Pool.objects.create(
        router=router, name="Centro", network="10.20.0.0/22", gateway="10.20.0.1"
    )


@pytest.fixture
def service_of(zone: Zone, plan: Plan) -> Callable[..., Service]:
    """A function: a new customer of that name with one active service."""

    def make(name: str = "José Peña Núñez", *, on: Plan | None = None) -> Service:
        customer: Customer = customers.register_customer(
            actor=CLERK, now=NOW, data={"name": name, "zone": zone, "address": "Calle 12"}
        )
        return customers.add_service(
            actor=CLERK, now=NOW, customer=customer, plan=on or plan, started_on=TODAY
        )

    return make


@pytest.fixture
def subscribe(service_of: Callable[..., Service], router: Router) -> Subscribe:
    """A function: a customer connected by PPPoE to the router, or as told."""

    def make(name: str = "José Peña Núñez", *, on: Plan | None = None, **how: Any) -> Connection:
        values: dict[str, Any] = {"router": router, "technology": Technology.PPPOE, **how}
        return actions.connect(actor=CLERK, now=NOW, service=service_of(name, on=on), **values)

    return make


@pytest.fixture
def many(zone: Zone, plan: Plan, router: Router) -> Many:
    """A function: so many customers, made straight in the tables."""

    def make(count: int) -> None:
        first = Customer.objects.count()
        customers = Customer.objects.bulk_create(
            Customer(
                code=f"{n:05}",
                name=f"Cliente {n}",
                zone=zone,
                company=zone.company,
                registered_on=NOW.date(),
                created_at=NOW,
                updated_at=NOW,
            )
            for n in range(first, first + count)
        )
        services = Service.objects.bulk_create(
            Service(
                customer=customer,
                number=1,
                plan=plan,
                started_on=NOW.date(),
                changed_at=NOW,
                created_at=NOW,
                revision=1 + n % 3,
            )
            for n, customer in enumerate(customers)
        )
        Connection.objects.bulk_create(
            Connection(
                service=service,
                router=router,
                technology=Technology.PPPOE,
                username=f"user{service.pk}",
                password="secreto",
                address=f"10.{service.pk // 65536}.{service.pk // 256 % 256}.{service.pk % 256}",
            )
            for service in services
        )

    return make


def suspend(connection: Connection, now: datetime = NOW) -> None:
    customers.suspend(
        actor=CLERK,
        now=now,
        today=now.date(),
        service=connection.service,
        reason=SuspensionReason.UNPAID,
    )


def restore(connection: Connection, now: datetime = NOW) -> None:
    customers.lift(actor=CLERK, now=now, service=connection.service, reason=SuspensionReason.UNPAID)


def fresh(connection: Connection) -> Connection:
    return Connection.objects.select_related("service", "router").get(pk=connection.pk)


def held(box: MemoryRouter, kind: Kind) -> dict[str, Row]:
    """The router's rows of one kind, by key."""
    return {row.key: row for row in box.rows.values() if row.kind is kind}


@pytest.fixture
def owner(client_as: Callable[..., Client]) -> Client:
    """A browser in which the owner has signed in."""
    return client_as("owner")
