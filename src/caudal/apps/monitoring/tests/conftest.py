"""A tower with its router and radios, customers behind them, and pings that do as they are told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from caudal.apps.billing.tests.world import CLERK, World, at, d
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Contact, Customer, Service
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.collect import check_due
from caudal.apps.monitoring.models import CheckTemplate, Device
from caudal.apps.network.models import Connection, Router, Site
from caudal.apps.outages.actions import end_outage
from caudal.apps.outages.models import Outage
from caudal.core.ports.probe import Echo, PingTarget, ProbeFault

NOON = at(d(7, 5))


class Pings:
    """Everything answers in a few milliseconds but what is in `silent`, by address."""

    def __init__(self) -> None:
        self.silent: set[str] = set()
        self.slow: set[str] = set()
        self.asked: list[list[str]] = []

    def ping(self, targets: Sequence[PingTarget]) -> list[Echo]:
        self.asked.append([target.host for target in targets])
        return [
            Echo(each.key, each.count, 0, fault=ProbeFault.NO_ANSWER)
            if each.host in self.silent
            else Echo(
                each.key,
                each.count,
                each.count,
                latency_ms=900.0 if each.host in self.slow else 4.0,
            )
            for each in targets
        ]


class Tower(World):
    """Site, router and two radios; `minute` is the time of the last round."""

    def __init__(self) -> None:
        super().__init__()
        Company.objects.update(email="red@example.com")
        self.pings = Pings()
        self.now = NOON
        self.site = Site.objects.create(name="Cerro")
        self.box = Router.objects.create(name="RB Cerro", host="10.0.0.1", site=self.site)
        self.template = CheckTemplate.objects.create(name="Rápida")
        self.router = self.device("Router Cerro", router=self.box)
        self.radio = self.device("Sector 1", parent=self.router, kind="ap")

    def device(self, name: str, **fields: Any) -> Device:
        number = Device.objects.count() + 1
        values = {"address": f"10.0.0.{number}", "site": self.site, "template": self.template}
        device = Device(name=name, **(values | fields))
        return actions.save_device(actor=CLERK, now=self.now, device=device)

    def on_router(self, customer: Customer, router: Router | None = None) -> Connection:
        return Connection.objects.create(
            service=self.service(customer), router=router or self.box, technology="pppoe",
            username=f"u{customer.pk}",
        )  # fmt: skip

    def on_radio(self, customer: Customer, radio: Device | None = None) -> None:
        actions.serve_through(
            actor=CLERK, now=self.now, services=[self.service(customer)],
            device=radio or self.radio,
        )  # fmt: skip

    def service(self, customer: Customer) -> Service:
        return Service.objects.select_related("customer", "plan").get(customer=customer)

    def mailed(self, **fields: Any) -> Customer:
        customer = self.customer(**fields)
        mail = f"c{customer.pk}@example.com"
        Contact.objects.create(customer=customer, kind="email", purpose="main", value=mail)
        return customer

    def rounds(self, count: int, *silent: Device) -> None:
        """So many minutes pass, with a check in each; these do not answer."""
        self.pings.silent = {device.address for device in silent}
        for _ in range(count):
            self.now += timedelta(minutes=1)
            check_due(self.now, via=self.pings)

    def health(self, device: Device) -> str:
        return str(Device.objects.get(pk=device.pk).health)

    def outage(
        self, since: datetime, until: datetime | None = None, *, title: str = "Cerro", **parts: Any
    ) -> Outage:
        outage = actions.begin_outage(
            actor=CLERK, now=max(since, until or since), title=title, started_at=since,
            grace_days=1, parts=parts,
        )  # fmt: skip
        if until is not None:
            outage = end_outage(actor=CLERK, now=until, outage=outage, ended_at=until)
        return outage


@pytest.fixture
def tower(db: None) -> Tower:
    return Tower()
