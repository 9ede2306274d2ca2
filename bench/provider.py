"""A provider with realistic shares of everything that billing looks at, as large as asked for."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice

from django.db import connection
from django.db.models import F

from caudal.apps.billing.actions import adjust, create_invoices
from caudal.apps.billing.models import CustomerProduct
from caudal.apps.catalog.models import Company, Plan, Tax
from caudal.apps.customers.models import Customer, OwnCalendar, Service, Zone
from caudal.apps.staff.actor import Actor
from caudal.store.bulk import insert

START = datetime(2026, 5, 1, 18, 0, tzinfo=UTC)
CHUNK = 5_000
BENCH = Actor.system("bench")
TELEVISION, TELEPHONE, ROUTER = Decimal("99.90"), Decimal("49.00"), Decimal("1000.00")
NOTES = 500
"""Credit notes given before the run."""


def create(customers: int, day: int) -> None:
    """`customers` invoiced on `day` of the month: 2 lines each on average.

    One in ten has dates of his own, seven in ten pay for television, one in ten for a telephone
    too, one in twenty for a router in instalments; one in five still owes the month before and so
    bears a late fee; some hundreds have a credit note.
    """
    company = Company.objects.create(
        name=f"Red {day}", currency="MXN", tax_mode="included", late_fee=Decimal(30)
    )
    company.taxes.add(Tax.objects.get_or_create(name="IVA", rate=Decimal(16))[0])
    zones = [_zone(company, day, n) for n in range(10)]
    plans = [_plan(day, n) for n in range(5)]
    numbers = iter(range(customers))
    while some := list(islice(numbers, CHUNK)):
        _people(some, company, zones, plans, day)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _history(company, day)


def _zone(company: Company, day: int, n: int) -> Zone:
    return Zone.objects.create(
        name=f"Zona {day}-{n}", company=company, payment_day=1, create_style="day",
        create_value=day, cut_style="day", cut_value=5,
    )  # fmt: skip


def _plan(day: int, n: int) -> Plan:
    return Plan.objects.create(
        name=f"Plan {day}-{n}", price=Decimal(200 + 50 * n), down_kbps=10_000, up_kbps=2_000
    )


def _people(
    numbers: list[int], company: Company, zones: list[Zone], plans: list[Plan], day: int
) -> None:
    people = [_customer(n, zones[n % 10], company, day) for n in numbers]
    insert(people)
    services = [
        Service(
            customer=customer, number=1, plan=plans[n % 5], state="active",
            started_on=date(2025, 1, 1), changed_at=START, created_at=START,
        )
        for n, customer in zip(numbers, people, strict=True)
    ]  # fmt: skip
    insert(services)
    pairs = list(zip(numbers, people, strict=True))
    insert([_own(n, customer, day) for n, customer in pairs if n % 10 == 3])
    insert([row for n, customer in pairs for row in _bought(n, customer)])


def _customer(n: int, zone: Zone, company: Company, day: int) -> Customer:
    return Customer(
        code=f"{day}-{n:06d}", name=f"José Núñez {n}", zone=zone, company=company,
        address=f"Calle Hidalgo #{n}", document_number=f"DOC{n:06d}",
        registered_on=date(2025, 1, 1), created_at=START, updated_at=START,
    )  # fmt: skip


def _own(n: int, customer: Customer, day: int) -> OwnCalendar:
    """Created on the same day as the others, but paid on one of five other days."""
    return OwnCalendar(
        customer=customer, payment_day=2 + n // 10 % 5, create_style="day", create_value=day,
        cut_style="grace", cut_value=5,
    )  # fmt: skip


def _bought(n: int, customer: Customer) -> Iterator[CustomerProduct]:
    common = {"customer": customer, "currency": "MXN", "created_at": START, "created_by": "bench"}
    if n % 10 < 7:
        yield CustomerProduct(description="Televisión", price=TELEVISION, **common)
    if n % 10 == 8:
        yield CustomerProduct(description="Telefonía", price=TELEPHONE, **common)
    if n % 20 == 9:
        yield CustomerProduct(
            description="Equipo", price=ROUTER, billing="instalments", instalments=12, **common
        )


def _history(company: Company, day: int) -> None:
    """Last month's invoices of those who have not paid, and some credit notes."""
    late = Customer.objects.annotate(fifth=F("id") % 5).filter(company=company, fifth=0)
    when = datetime(2026, 5, day, 13, 0, tzinfo=UTC)
    create_invoices(when.date(), when, customer_ids=late.values_list("pk", flat=True), actor=BENCH)
    for customer in Customer.objects.filter(company=company).order_by("pk")[:NOTES]:
        adjust(
            actor=BENCH, now=START, customer=customer, amount=Decimal(-20), currency="MXN",
            on=START.date(), reason="bench",
        )  # fmt: skip
