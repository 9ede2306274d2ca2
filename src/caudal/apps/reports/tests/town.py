"""Services that are installed, suspended, cancelled and taken up again on given days."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from caudal.apps.catalog.models import Company, Plan
from caudal.apps.customers import actions
from caudal.apps.customers.models import Service, Zone
from caudal.apps.reports.churn import Span
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User

CLERK = Actor.system("test")
YEAR = Span(date(2026, 1, 1), date(2026, 7, 5))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)


class Town:
    """A provider with two zones and two plans."""

    def __init__(self, seller: User) -> None:
        company = Company.objects.create(name="Río Net", country="MX", currency="MXN")
        self.zones = [Zone.objects.create(name=name, company=company) for name in ("Centro", "Sur")]
        self.plans = [
            Plan.objects.create(name=name, price=100, down_kbps=10_000, up_kbps=2_000)
            for name in ("Básico", "Hogar")
        ]
        self.seller, self.count = seller, 0

    def service(self, on: date, *, zone: int = 0, plan: int = 0, **more: Any) -> Service:
        self.count += 1
        data = {"name": f"Cliente {self.count}", "zone": self.zones[zone], "address": "Calle 1"}
        customer = actions.register_customer(actor=CLERK, now=at(on), data={**data, **more})
        return actions.add_service(
            actor=CLERK, now=at(on), customer=customer, plan=self.plans[plan], started_on=on
        )

    def cancel(self, service: Service, on: date, reason: str = "Se mudó") -> None:
        actions.cancel(actor=CLERK, now=at(on), service=service, last_day=on, reason=reason)

    def back(self, service: Service, on: date) -> None:
        actions.reactivate(actor=CLERK, now=at(on), service=service, started_on=on)

    def suspend(self, service: Service, on: date, reason: str = "unpaid", note: str = "") -> None:
        actions.suspend(
            actor=CLERK, now=at(on), today=on, service=service, reason=reason, note=note
        )

    def lift(self, service: Service, on: date, reason: str = "unpaid") -> None:
        actions.lift(actor=CLERK, now=at(on), service=service, reason=reason)

    def live(self, many: int) -> None:
        """People come, leave for some reasons, and come back, on days by chance."""
        random, begin = Random(7), date(2025, 10, 1)
        days = [begin + timedelta(days=random.randrange(280)) for _ in range(120)]
        for number in range(many):
            a, b, c, d = sorted(random.sample(sorted(set(days)), 4))
            seller = {"salesperson": self.seller} if number % 4 else {}
            service = self.service(a, zone=number % 2, plan=number % 2, **seller)
            if number % 3:
                self.cancel(service, b, random.choice(["Precio", "Se mudó", "PRECIO.", ""]))
            if number % 3 == 2:
                self.back(service, c)
            if number % 6 == 5:
                self.cancel(service, d)
