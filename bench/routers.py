"""Reading and comparing 5,000 services; 100 routers of which 10 are dead."""

import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import librouteros
from librouteros.exceptions import TrapError
from librouteros.query import Key

from bench.pipeline import service_of
from bench.report import Result, timed
from caudal.apps.catalog.models import Company, Plan
from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Customer, Service, Zone
from caudal.apps.network import jobs
from caudal.apps.network.models import Connection, Router
from caudal.core.access import diff, wanted
from caudal.integrations.access.routeros import Config, connect
from caudal.integrations.access.routeros.reading import DEVICE, rows_of
from caudal.practice.routeros import PracticeRouter

SERVICES, ROUTERS, DEAD, EACH = 5_000, 100, 10, 20
NOW = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
ROUNDS = 5


def run() -> Iterator[Result]:
    yield _reading()
    yield _hundred()


# -- one router with many services


def _reading() -> Result:
    services = [service_of(number) for number in range(SERVICES)]
    with PracticeRouter() as router:
        driver = connect(Config("127.0.0.1", "admin", "practica", router.port, timeout_s=60))
        driver.apply(diff(wanted(services), driver.read()).ops)

        def whole() -> None:
            plan = diff(wanted(services), driver.read())
            assert not plan.ops and len(plan.active) == SERVICES

        reader = librouteros.connect("127.0.0.1", "admin", "practica", port=router.port)
        whole()
        pairs = [(timed(whole), timed(lambda: _bare(reader))) for _ in range(ROUNDS)]
        driver.close()
        reader.close()
    ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    what = f"read and compare {SERVICES:,} services"
    return Result(what, ours, bare, "librouteros reading the same rows", 2.0)


def _bare(reader: Any) -> None:
    """The same menus and properties, made into dictionaries by somebody else's client."""
    for words in [*DEVICE.values(), *rows_of("morosos").values()]:
        menu = reader.path(*words[0].removesuffix("/print").strip("/").split("/"))
        asked = next((word for word in words if word.startswith("=.proplist=")), "")
        names = asked.removeprefix("=.proplist=").split(",") if asked else []
        rows = menu.select(*(Key(name) for name in names)) if names else menu
        with suppress(TrapError):  # a menu that this router does not have
            list(rows)


# -- many routers, some of them dead


def _hundred() -> Result:
    """The dead ones take connections and never answer: the worst way to be dead. They died just
    now: nothing is known about them yet."""
    with ExitStack() as stack:
        living = [stack.enter_context(PracticeRouter()) for _ in range(ROUTERS - DEAD)]
        silent = [stack.enter_context(_silent()) for _ in range(DEAD)]
        rows = _rows([r.port for r in living], [s.getsockname()[1] for s in silent])
        _until_proved(rows, dead=False)
        pairs = [
            (_until_proved(rows, dead=False), _until_proved(rows, dead=True)) for _ in range(3)
        ]
    alone, beside = (statistics.median(column) for column in zip(*pairs, strict=True))
    what = f"{ROUTERS - DEAD} routers, {EACH} changes each, beside {DEAD} dead"
    return Result(what, beside, alone, "the same without the dead ones", 1.1)


def _silent() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0), backlog=64)


def _rows(living: Sequence[int], dead: Sequence[int]) -> list[Router]:
    """Routers in an order in which dead ones stand among the living."""
    company = Company.objects.create(name="Red", country="MX", currency="MXN")
    zone = Zone.objects.create(name="Z", company=company, payment_day=5)
    plan = Plan.objects.create(name="P", price=Decimal(250), down_kbps=10_000, up_kbps=2_000)
    ports = list(living)
    for place, port in enumerate(dead):
        ports.insert(place * (len(living) // len(dead)), port)
    routers = [
        Router.objects.create(
            name=f"R{n:03}", host="127.0.0.1", port=port, username="admin", password="practica"
        )
        for n, port in enumerate(ports)
    ]
    for router in routers:
        _customers(router, zone, plan)
    return routers


def _customers(router: Router, zone: Zone, plan: Plan) -> None:
    customers = Customer.objects.bulk_create(
        Customer(
            code=f"{router.pk}-{n}", name=f"Cliente {n}", zone=zone, company=zone.company,
            registered_on=NOW.date(), created_at=NOW, updated_at=NOW,
        )
        for n in range(EACH)
    )  # fmt: skip
    services = Service.objects.bulk_create(
        Service(
            customer=customer, number=1, plan=plan, state="active", started_on=NOW.date(),
            changed_at=NOW, created_at=NOW, revision=1,
        )
        for customer in customers
    )  # fmt: skip
    Connection.objects.bulk_create(
        Connection(
            service=service, router=router, technology="pppoe", username=f"u{service.pk}",
            password="clave", address=f"10.20.0.{n + 2}",
        )
        for n, service in enumerate(services)
    )  # fmt: skip


def _until_proved(rows: Sequence[Router], *, dead: bool) -> float:
    """Seconds until every living router is verified. Each time as if nothing were known yet."""
    living = [row.pk for row in rows if not _is_dead(row)]
    Router.objects.update(
        verified_at=None, failing_since=None, failures=0, retry_at=None, is_active=True
    )
    if not dead:
        Router.objects.exclude(pk__in=living).update(is_active=False)
    Connection.objects.update(sync="pending", attempted_revision=0, synced_revision=0)
    begun = time.perf_counter()
    jobs.reconcile_routers(Run(), NOW)
    seen = Router.objects.filter(pk__in=living)
    assert not seen.filter(verified_at=None).exists()
    last = max(seen.values_list("verified_at", flat=True))
    whole = time.perf_counter() - begun
    return min(whole, (last - NOW).total_seconds())


def _is_dead(row: Router) -> bool:
    try:
        connect(Config("127.0.0.1", "admin", "practica", row.port, timeout_s=0.5)).probe()
    except Exception:
        return True
    return False
