"""A provider of any size for the benchmarks, written straight into the tables."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import connection

from caudal.apps.catalog.models import Company, Plan
from caudal.apps.customers.models import CodeCounter, Contact, Customer, Service, Zone
from caudal.apps.ledger.models import Balance
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
    CodeCounter.objects.create(pk=1, next_number=customers + 1)
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
    Balance.objects.bulk_create(
        [
            Balance(customer=c, company=company, currency="MXN", amount=Decimal(100 + c.pk % 400))
            for c in people[::3]
        ],
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
        access_text=fold(f"cliente{n} {_address(n)} {_mac(n)}"),
    )  # fmt: skip


def _connection(n: int, service: Service, router: Router) -> Connection:
    return Connection(
        service=service, router=router, technology="pppoe", username=f"cliente{n}",
        address=_address(n), synced_revision=1,
        mac=_mac(n),
    )  # fmt: skip


def _address(n: int) -> str:
    return f"10.{20 + n // 64_000}.{n // 250 % 256}.{n % 250 + 2}"


def _mac(n: int) -> str:
    return f"02:00:00:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:{n & 255:02x}"


def grow(times: int) -> None:
    """`times` as many customers, on PostgreSQL: copies of those that are there under new names."""
    with connection.cursor() as cursor:
        for table, changed in GROWN.items():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
                " AND column_name <> 'id' ORDER BY ordinal_position", [table],
            )  # fmt: skip
            columns = [name for (name,) in cursor.fetchall()]
            shown = ", ".join(changed.get(name, f't."{name}"') for name in columns)
            names = ", ".join(f'"{name}"' for name in columns)
            cursor.execute(
                f"INSERT INTO {table} (id, {names}) SELECT t.id + k * 10000000, {shown}"
                f" FROM {table} t, generate_series(1, %s) k WHERE t.id < 10000000",
                [times - 1],
            )


OWNER = "t.customer_id + k * 10000000"
GROWN = {
    "customers_customer": {
        "code": "t.code || '-' || k",
        "name": "t.name || ' ' || k",
        "search_text": "translate(t.search_text, '0123456789', 'ghijklmnop')",
        "access_text": "translate(t.access_text, '0123456789', 'ghijklmnop')",
    },
    "customers_contact": {"customer_id": OWNER},
    "customers_service": {"customer_id": OWNER},
    "network_connection": {
        "service_id": "t.service_id + k * 10000000",
        "username": "t.username || '-' || k",
        "address": "t.address + (k * 1000000)",
    },
}
"""Table -> what a copy has of its own; all ids are moved by ten million."""
