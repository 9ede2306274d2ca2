"""A provider with customers where they stand, in every state, and a tower."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from caudal.apps.catalog.models import Company, Plan
from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer, Zone
from caudal.apps.network import actions as network
from caudal.apps.network.models import Pool, Router, Site
from caudal.apps.staff.actor import Actor

TEST = Actor.system("test")
OAXACA = (Decimal("17.060000"), Decimal("-96.720000"))


class Town:
    """Customers are put a hundred metres apart from one another, from the tower eastwards."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        company = Company.objects.create(name="Río Net", country="MX", currency="MXN")
        self.zone = Zone.objects.create(name="Centro", company=company, payment_day=5)
        self.plan = Plan.objects.create(name="Hogar", price=250, down_kbps=9_000, up_kbps=900)
        self.site = Site.objects.create(
            name="Cerro", latitude=OAXACA[0], longitude=OAXACA[1], radius_m=3000
        )
        self.router = Router.objects.create(
            name="RB Cerro", driver="memory", host="192.0.2.1", site=self.site
        )
        self.router.zones.add(self.zone)
        Pool.objects.create(router=self.router, name="Clientes", network="10.20.0.0/24")

    def customer(
        self, name: str, *, served: bool = True, placed: bool = True, **data: Any
    ) -> Customer:
        number = Customer.objects.count()
        if placed:
            data |= {"latitude": OAXACA[0], "longitude": OAXACA[1] + Decimal(number) / 1000}
        found = actions.register_customer(
            actor=TEST, now=self.now,
            data={"name": name, "zone": self.zone, "address": f"Calle {number}", **data},
        )  # fmt: skip
        if served:
            service = actions.add_service(
                actor=TEST, now=self.now, customer=found, plan=self.plan,
                started_on=self.now.date(),
            )  # fmt: skip
            network.connect(actor=TEST, now=self.now, service=service, router=self.router,
                            technology="pppoe", username=f"u{number}",
                            address=f"10.20.0.{number + 10}")  # fmt: skip
        return found

    def suspend(self, customer: Customer, reason: str) -> None:
        actions.suspend(
            actor=TEST, now=self.now, today=self.now.date(),
            service=customer.services.get(), reason=reason,
        )  # fmt: skip


@pytest.fixture
def town(db: None, now: datetime) -> Town:
    return Town(now)
