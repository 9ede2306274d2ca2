"""A year of a provider: the same random events of many customers, lived through in many ways."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from caudal.apps.billing import actions as billing
from caudal.apps.billing.actions import ManualLine, Order, Sale
from caudal.apps.billing.models import CustomerProduct, Invoice
from caudal.apps.catalog.models import Company, Plan, Tax
from caudal.apps.clock.jobs import Run
from caudal.apps.clock.schedule import job_named
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, OwnCalendar, Service, Zone
from caudal.apps.dunning.actions import promise
from caudal.apps.payments.actions import (
    create_cash_box,
    delete_payment,
    refund,
    register_payment,
)
from caudal.apps.payments.models import CashBox, Payment
from caudal.apps.staff.actor import Actor
from caudal.core.errors import RuleError

CLERK = Actor.system("clerk")
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
DAYS = tuple(FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
QUIET = (9, 10, 11, 25, 26, 27)
"""Days of the month on which nobody does anything: the worker may be off on them."""

WHAT = (
    ("pay", 52), ("pay_on_invoice", 8), ("delete_payment", 5), ("refund", 2), ("credit", 4),
    ("debit", 3), ("free_invoice", 4), ("void", 3), ("suspend_or_restore", 2), ("change_plan", 4),
    ("hold", 2), ("merge", 3), ("cancel_or_return", 1), ("promise", 3), ("sell", 3),
    ("discount", 1),
)  # fmt: skip
"""Events and how often they happen, of a hundred."""


@dataclass(frozen=True, order=True)
class Event:
    """`dice` decides everything about it that the customer's rows do not."""

    on: date
    hour: int
    customer: int
    what: str
    dice: int


def events_of(seed: int, people: int) -> list[Event]:
    """About one event a month per customer, in order of time; none in the quiet days."""
    dice = Random(seed)
    names, weights = zip(*WHAT, strict=True)
    busy = [day for day in DAYS if day.day not in QUIET]
    return sorted(
        Event(
            on=dice.choice(busy),
            hour=dice.choice((7, 9, 12, 19)),
            customer=dice.randrange(people),
            what=dice.choices(names, weights)[0],
            dice=dice.randrange(10**9),
        )
        for _ in range(people * len(DAYS) // 30)
    )


class Year:
    """The provider in a time zone: founding it, one event, one day's jobs."""

    def __init__(self, seed: int, people: int, zone: str) -> None:
        self.dice = Random(seed + 1)
        self.time_zone = zone
        self.refused: list[tuple[Event, str]] = []
        self.companies = [self._company(n) for n in range(2)]
        self.boxes = [self._box(company) for company in self.companies]
        self.zones = [self._zone(n, numbers) for n, numbers in enumerate(CALENDARS)]
        self.plans = [
            Plan.objects.create(name=price, price=Decimal(price), down_kbps=10, up_kbps=10)
            for price in ("300.00", "250.00", "499.99", "129.90")
        ]
        self.people = [self._customer(n) for n in range(people)]

    def moment(self, on: date, hour: int) -> datetime:
        return datetime.combine(on, time(hour), ZoneInfo(self.time_zone))

    def work(self, job: str, on: date, now: datetime) -> None:
        """What the clock does for a civil date, now or later."""
        found = job_named(job)
        assert found is not None
        found.work(Run(), on, self.time_zone, now)  # type: ignore[call-arg, arg-type]

    def happen(self, event: Event) -> None:
        """One event; a refusal is remembered, for it must be the same however the year is lived."""
        customer = Customer.objects.select_related("company", "zone").get(
            pk=self.people[event.customer]
        )
        now = self.moment(event.on, event.hour)
        try:
            getattr(self, f"_{event.what}")(customer, event.on, now, Random(event.dice))
        except RuleError as refused:
            self.refused.append((event, str(refused.code)))

    def _company(self, number: int) -> Company:
        company = Company.objects.create(
            name=f"RS{number + 1}", currency="MXN", late_fee=Decimal(30),
            reconnection_fee=Decimal(50), unlock_value=Decimal(number * 25),
            tax_mode=("included", "added")[number],
        )  # fmt: skip
        company.taxes.set([Tax.objects.get_or_create(name="IVA", defaults={"rate": 16})[0]])
        rules = company.rules
        rules.late_style, rules.cut_brake_percent, rules.total_brake_percent = "keep", 100, 9999
        rules.save()
        return company

    def _box(self, company: Company) -> CashBox:
        now = self.moment(FIRST - timedelta(days=2), 8)
        return create_cash_box(actor=CLERK, now=now, company=company, name="Caja", kind="cash")

    def _zone(self, number: int, numbers: dict[str, Any]) -> Zone:
        company = self.companies[number % 2]
        return Zone.objects.create(
            name=f"Z{number}", company=company, timezone=self.time_zone, **numbers
        )

    def _customer(self, number: int) -> int:
        dice, long_ago = self.dice, self.moment(date(2024, 1, 2), 12)
        zone = dice.choice(self.zones)
        customer = Customer.objects.create(
            code=f"{number:06}", name=f"Customer {number}", zone=zone, company=zone.company,
            address=f"Calle {number}", registered_on=long_ago.date(), created_at=long_ago,
            updated_at=long_ago, may_be_cut=dice.random() > 0.05, is_invoiced=dice.random() > 0.03,
        )  # fmt: skip
        if dice.random() < 0.15:
            numbers = dict(payment_day=dice.randint(1, 31), create_value=dice.randint(0, 10))
            OwnCalendar.objects.create(
                customer=customer, cut_value=dice.randint(1, 20), recharge=dice.random() < 0.2,
                **numbers,
            )  # fmt: skip
        old = dice.random() < 0.8
        started = long_ago.date() if old else FIRST + timedelta(dice.randrange(300))
        for n in range(2 if dice.random() < 0.08 else 1):
            Service.objects.create(
                customer=customer, number=n + 1, plan=dice.choice(self.plans), started_on=started,
                changed_at=long_ago, created_at=long_ago,
            )  # fmt: skip
        return customer.pk

    def _pay(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        """What he owes, a part of it, or too much."""
        owed = sum(Invoice.objects.filter(customer=customer).values_list("remaining", flat=True))
        share = dice.choice([Decimal(1), Decimal(1), Decimal("0.5"), Decimal("1.1")])
        amount = round(Decimal(owed) * share, 2) or Decimal(dice.randint(1, 40000)).scaleb(-2)
        self._register(customer, amount, now, dice)

    def _pay_on_invoice(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        open_ones = list(Invoice.objects.filter(customer=customer).unpaid().order_by("pk"))
        if open_ones:
            invoice = dice.choice(open_ones)
            self._register(customer, round(invoice.remaining, 2), now, dice, invoice)

    def _register(
        self,
        customer: Customer,
        amount: Decimal,
        now: datetime,
        dice: Random,
        invoice: Invoice | None = None,
    ) -> None:
        """Now and then twice, as an impatient finger does."""
        box = self.boxes[self.companies.index(customer.company)]
        key, restore = str(dice.random()), dice.random() < 0.9
        for _ in range(dice.choice((1, 1, 1, 2))):
            register_payment(
                actor=CLERK, now=now, customer=customer, amount=amount, currency="MXN",
                method="cash", cash_box=box, paid_at=now, invoice=invoice, restore=restore,
                operator=None, gateway="till", external_id=key,
            )  # fmt: skip

    def _delete_payment(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        payments = list(Payment.objects.filter(customer=customer, deleted_at=None).order_by("pk"))
        if payments:
            delete_payment(
                actor=CLERK, now=now, today=on, payment=dice.choice(payments), reason="mistake"
            )

    def _credit(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        self._adjust(customer, -Decimal(dice.randint(1, 60000)).scaleb(-2), on, now)

    def _debit(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        self._adjust(customer, Decimal(dice.randint(1, 20000)).scaleb(-2), on, now)

    def _adjust(self, customer: Customer, amount: Decimal, on: date, now: datetime) -> None:
        billing.adjust(
            actor=CLERK, now=now, customer=customer, amount=amount, currency="MXN", on=on, reason=""
        )

    def _free_invoice(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        lines = [ManualLine("Visita", Decimal(dice.randint(0, 30000)).scaleb(-2))]
        order = Order(kind="free", emission=on, lines=lines)
        billing.issue_invoice(actor=CLERK, now=now, customer=customer, order=order)

    def _void(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        invoices = list(Invoice.objects.filter(customer=customer).order_by("pk"))
        if invoices:
            billing.void_invoice(
                actor=CLERK, now=now, today=on, invoice=dice.choice(invoices), reason="mistake"
            )

    def _suspend_or_restore(
        self, customer: Customer, on: date, now: datetime, dice: Random
    ) -> None:
        service = first_service(customer)
        if not customers.lift(actor=CLERK, now=now, service=service, reason="manual"):
            customers.suspend(actor=CLERK, now=now, today=on, service=service, reason="manual")

    def _change_plan(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        first = on + timedelta(days=dice.randint(-10, 10))
        billing.schedule_plan_change(
            actor=CLERK, now=now, today=on, service=first_service(customer), on=first,
            plan=dice.choice(self.plans),
        )  # fmt: skip

    def _hold(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        first = on + timedelta(days=dice.randint(0, 10))
        billing.hold(
            actor=CLERK, now=now, today=on, service=first_service(customer), first=first,
            last=first + timedelta(days=dice.randint(0, 20)), credit=dice.random() < 0.7,
        )  # fmt: skip

    def _merge(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        unpaid = Invoice.objects.unpaid().service().filter(customer=customer).order_by("pk")
        billing.merge_invoices(actor=CLERK, now=now, invoices=list(unpaid))

    def _cancel_or_return(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        service, act = first_service(customer), {"actor": CLERK, "now": now, "today": on}
        if service.cancelled_on is not None:
            billing.return_service(**act, service=service, started_on=on)
            return
        billing.cancel_service(
            **act, service=service, last_day=on, reason="moved", credit_unused=dice.random() < 0.5,
            void_pending=dice.random() < 0.5,
        )  # fmt: skip

    def _promise(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        until = on + timedelta(days=dice.randint(0, 9)) if dice.random() < 0.9 else None
        promise(actor=CLERK, now=now, customer=customer, until=until)

    def _refund(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        refund(
            actor=CLERK, now=now, customer=customer, currency="MXN", method="cash",
            amount=Decimal(dice.randint(1, 5000)).scaleb(-2), reason="asked", operator=None,
            cash_box=self.boxes[self.companies.index(customer.company)],
        )  # fmt: skip

    def _sell(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        how = dice.choice(CustomerProduct.Billing.values)
        many = dice.randint(2, 6) if how == CustomerProduct.Billing.INSTALMENTS else 1
        price = Decimal(dice.randint(1, 90000)).scaleb(-2)
        sale = Sale(description="Equipo", billing=how, price=price, instalments=many)
        billing.add_product(actor=CLERK, now=now, customer=customer, sale=sale)

    def _discount(self, customer: Customer, on: date, now: datetime, dice: Random) -> None:
        months = dice.randint(1, 3)
        billing.add_discount(
            actor=CLERK, now=now, customer=customer, description="Promo",
            percent=Decimal(dice.randint(1, 100)), months=months,
        )  # fmt: skip


def first_service(customer: Customer) -> Service:
    return customer.services.select_related("plan").order_by("number")[0]


CALENDARS: tuple[dict[str, Any], ...] = (
    {"payment_day": 1, "create_style": "day", "create_value": 28, "cut_style": "day",
     "cut_value": 5},
    {"payment_day": 15, "create_value": 5, "cut_value": 3},
    {"payment_day": 31, "create_value": 3, "cut_value": 7, "cut_after": 2},
    {"payment_day": 10, "create_value": 1, "mode": "postpaid", "cut_value": 0},
)  # fmt: skip
