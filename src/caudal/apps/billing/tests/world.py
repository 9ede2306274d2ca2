"""The world of the acceptance cases: zone Z, customers paid up to June 2026, a clock that runs."""

from datetime import date, datetime, time
from decimal import Decimal
from io import StringIO
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command

from caudal.apps.billing.creation import create_invoices
from caudal.apps.billing.models import Adjustment, Credit, Invoice
from caudal.apps.catalog.models import Company, Plan, Series
from caudal.apps.customers.models import Customer, CutStyle, DayStyle, OwnCalendar, Service, Zone
from caudal.apps.dunning.cuts import cut_overdue
from caudal.apps.ledger.models import Entry
from caudal.apps.ledger.reads import balance_of, statement
from caudal.apps.staff.actor import Actor
from caudal.core.money import ZERO
from caudal.store.money import total

MEXICO = ZoneInfo("America/Mexico_City")
CLERK = Actor.system("clerk")
LONG_AGO = date(2024, 1, 1)


def d(month: int, day: int) -> date:
    """A day of 2026."""
    return date(2026, month, day)


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    """An instant by the clock of Mexico City."""
    return datetime.combine(day, time(hour, minute), MEXICO)


def calendar_numbers(
    create: int, payment: int, cut: int, notice: int | None = None
) -> dict[str, Any]:
    """A calendar of day numbers, as WispHub has them."""
    return {
        "payment_day": payment,
        "create_style": DayStyle.DAY_OF_MONTH,
        "create_value": create,
        "notice_style": DayStyle.DAY_OF_MONTH,
        "notice_value": notice,
        "cut_style": CutStyle.DAY_OF_MONTH,
        "cut_value": cut,
    }


class World:
    """Builds rows and moves time; the assertions of every case are in `check`."""

    def __init__(self) -> None:
        self.company = Company.objects.create(name="Río Net", currency="MXN")
        self.zone = self.create_zone("Z", **calendar_numbers(28, 1, 5))
        self.plan = self.create_plan("300.00")
        self._codes = count(1)

    def create_zone(self, name: str, **numbers: Any) -> Zone:
        return Zone.objects.create(name=name, company=self.company, **numbers)

    def create_plan(self, price: str, name: str = "") -> Plan:
        return Plan.objects.create(
            name=name or f"Plan {price}", price=Decimal(price), down_kbps=10_000, up_kbps=2_000
        )

    def series(self, next_number: int, prefix: str = "A-") -> None:
        Series.objects.create(
            company=self.company, kind="invoice", prefix=prefix, next_number=next_number
        )

    def customer(
        self, *, services: int = 1, own: dict[str, Any] | None = None, **fields: Any
    ) -> Customer:
        """One active customer; `started` and `plan` go to his services."""
        started, plan = fields.pop("started", LONG_AGO), fields.pop("plan", self.plan)
        number = next(self._codes)
        long_ago = at(LONG_AGO)
        values = {
            "code": f"{number:06d}",
            "name": f"Customer {number}",
            "zone": self.zone,
            "company": self.company,
            "address": f"Calle {number}",
            "registered_on": LONG_AGO,
            "created_at": long_ago,
            "updated_at": long_ago,
        }
        customer = Customer.objects.create(**(values | fields))
        if own is not None:
            OwnCalendar.objects.create(customer=customer, **own)
        for n in range(services):
            Service.objects.create(
                customer=customer, number=n + 1, plan=plan, started_on=started,
                changed_at=long_ago, created_at=long_ago,
            )  # fmt: skip
        return customer

    def create(self, day: date, hour: int = 6, **options: Any) -> dict[str, Any]:
        """The creation job of that civil date."""
        return create_invoices(day, at(day, hour), **options)

    def run(self, day: date) -> None:
        """The scheduler reaches the date: creation at 06:00, then the cut at 08:00."""
        self.create(day)
        cut_overdue(day, at(day, 8))

    def invoices(self, customer: Customer) -> list[Invoice]:
        return list(Invoice.objects.filter(customer=customer).order_by("emission", "id"))

    def totals(self, customer: Customer) -> list[Decimal]:
        return [invoice.total for invoice in self.invoices(customer)]

    def balance(self, customer: Customer) -> Decimal:
        """What he owes, once the identities of every case hold."""
        self.check(customer)
        return balance_of(customer, customer.company, "MXN")

    def state(self, customer: Customer) -> str:
        return str(Service.objects.get(customer=customer).state)

    def check(self, customer: Customer) -> None:
        balance = balance_of(customer, customer.company, "MXN")
        entries = Entry.objects.filter(customer=customer).aggregate(sum=total("amount"))["sum"]
        invoices = Invoice.objects.filter(customer=customer)
        open_sum = invoices.aggregate(sum=total("remaining"))["sum"]
        credits = Credit.objects.filter(customer=customer)
        credit = credits.aggregate(sum=total("remaining"))["sum"]
        pending = Adjustment.objects.filter(
            customer=customer, kind=Adjustment.Kind.DEBIT, invoice=None
        ).aggregate(sum=total("amount"))["sum"]
        assert Entry.objects.aggregate(sum=total("amount"))["sum"] == ZERO
        assert balance == entries == statement(customer, customer.company, "MXN").closing
        assert open_sum - credit + pending == balance


def verify() -> None:
    """Every check of the books; raises with the first wrong row."""
    call_command("verify", stdout=StringIO())
