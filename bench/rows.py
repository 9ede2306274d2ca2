"""A provider of any size for the benchmarks, written straight into the tables."""

from datetime import UTC, date, datetime
from decimal import Decimal

from caudal.apps.catalog.models import Company, Plan
from caudal.apps.customers.models import Contact, Customer, Service, Zone
from caudal.apps.network.models import Connection, Router
from caudal.apps.staff.models import Role, User
from caudal.core.text import fold

NOW = datetime(2026, 6, 1, 18, 0, tzinfo=UTC)
NAMES = ("José Núñez", "María Peña", "Ana López", "Luis Hernández", "Rosa Güemes", "Iván Castaño")
STREETS = ("Hidalgo", "Morelos", "Juárez", "Allende", "Reforma", "Independencia")


def owner() -> User:
    user, _ = User.objects.get_or_create(
        username="bench",
        defaults={"name": "Bench", "role": Role.objects.get(code="owner"), "created_at": NOW},
    )
    return user


def provider(customers: int) -> None:
    """`customers` with one active PPPoE service each, in 10 zones on 20 routers; nothing twice."""
    if Customer.objects.exists():
        return
    company = Company.objects.create(name="Red de Prueba", currency="MXN")
    zones = [
        Zone.objects.create(
            name=f"Zona {n}", company=company, payment_day=1, create_style="day", create_value=28,
            cut_style="day", cut_value=5,
        )
        for n in range(10)
    ]  # fmt: skip
    plans = [
        Plan.objects.create(
            name=f"Plan {n}", price=Decimal(200 + 50 * n), down_kbps=10_000 * (n + 1),
            up_kbps=2_000,
        )
        for n in range(5)
    ]  # fmt: skip
    routers = [Router.objects.create(name=f"Router {n}", host="127.0.0.1") for n in range(20)]
    people = Customer.objects.bulk_create(
        [_customer(n, zones[n % 10], company) for n in range(customers)], batch_size=1000
    )
    Contact.objects.bulk_create(
        [Contact(customer=c, kind="phone", value=f"+5255{c.pk:08d}") for c in people],
        batch_size=1000,
    )
    services = Service.objects.bulk_create(
        [
            Service(
                customer=customer, number=1, plan=plans[n % 5], state="active",
                started_on=date(2025, 1, 1), changed_at=NOW, created_at=NOW,
            )
            for n, customer in enumerate(people)
        ],
        batch_size=1000,
    )  # fmt: skip
    Connection.objects.bulk_create(
        [_connection(n, service, routers[n % 20]) for n, service in enumerate(services)],
        batch_size=1000,
    )


def _customer(n: int, zone: Zone, company: Company) -> Customer:
    name = f"{NAMES[n % 6]} {n}"
    address = f"Calle {STREETS[n % 6]} #{n}"
    return Customer(
        code=f"{n + 1:06d}", name=name, zone=zone, company=company, address=address,
        document_number=f"DOC{n:06d}", registered_on=date(2025, 1, 1),
        created_at=NOW, updated_at=NOW,
        search_text=fold(f"{name} {n + 1:06d} 55{n:08d} DOC{n:06d} {address}"),
    )  # fmt: skip


def _connection(n: int, service: Service, router: Router) -> Connection:
    return Connection(
        service=service, router=router, technology="pppoe", username=f"cliente{n}",
        address=f"10.{20 + n // 65_000}.{n // 250 % 256}.{n % 250 + 2}", synced_revision=1,
    )  # fmt: skip
