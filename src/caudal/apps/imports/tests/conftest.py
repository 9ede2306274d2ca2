"""A small provider to import into: company, zone, plans, a router with a pool."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from caudal.apps.catalog.models import Company, Plan
from caudal.apps.customers.models import Zone
from caudal.apps.imports import actions
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.network.models import Pool, Router
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User

NOW = datetime(2026, 7, 5, 18, tzinfo=UTC)
TODAY = date(2026, 7, 5)
HEAD = "Id Servicio,Nombre,Telefono,Dirección,Zona,Plan Internet,Router,Servicio,Ip"


@dataclass
class Provider:
    """What every import needs, and short words to run one."""

    company: Company
    zone: Zone
    plan: Plan
    router: Router
    actor: Actor
    now: datetime = NOW

    def open(self, content: bytes | str, name: str = "clientes.csv", **options: Any) -> ImportRun:
        data = content.encode() if isinstance(content, str) else content
        return actions.open_file(
            actor=self.actor,
            now=self.now,
            content=data,
            filename=name,
            options=Options(**({"first_day": TODAY} | options)),
        )

    def check(self, content: bytes | str, **options: Any) -> ImportRun:
        run = self.open(content, **options)
        run = actions.choose(
            actor=self.actor,
            now=self.now,
            run=run,
            source=run.source,
            mapping=run.mapping,
            options=Options.of(run.options),
        )
        return advance(run, now=self.now)

    def take(self, content: bytes | str, **options: Any) -> ImportRun:
        run = self.check(content, **options)
        run = actions.approve(actor=self.actor, now=self.now, run=run)
        return advance(run, now=self.now)


@pytest.fixture
def provider(db: None) -> Provider:
    company = Company.objects.create(name="Red Andina", currency="MXN")
    zone = Zone.objects.create(name="Centro", company=company)
    plan = Plan.objects.create(
        name="Hogar 10Mb",
        technology="pppoe",
        price=Decimal(320),
        currency="MXN",
        down_kbps=10_000,
        up_kbps=2_000,
    )
    router = Router.objects.create(name="RB Centro", host="127.0.0.1", username="admin")
    Pool.objects.create(router=router, name="Fibra", network="10.20.0.0/24")
    return Provider(company, zone, plan, router, Actor.system("test"))


@pytest.fixture
def owner(user_with_role: Callable[..., User]) -> User:
    return user_with_role("owner")


@pytest.fixture
def row() -> Callable[..., str]:
    """A function: one line of a WispHub file, with some cells changed."""

    def make(number: int = 1, **cells: str) -> str:
        usual = {
            "Id Servicio": str(number),
            "Nombre": f"Eva Peña {number}",
            "Telefono": f"55123456{number:02}",
            "Dirección": f"Calle {number}",
            "Zona": "Centro",
            "Plan Internet": "Hogar 10Mb",
            "Router": "RB Centro",
            "Servicio": f"eva{number}",
            "Ip": f"10.20.0.{number + 9}",
        } | cells
        return ",".join(usual[name] for name in HEAD.split(",")) + "".join(
            f",{usual[name]}" for name in cells if name not in HEAD.split(",")
        )

    return make


def only(run: ImportRun) -> ImportRow:
    return run.rows.get()


def texts(row: ImportRow) -> str:
    return " | ".join(text for _field, text, _stops in row.problems)
