"""Two services, a router in memory, and short words to speak of plans."""

from dataclasses import replace

from caudal.core.access import (
    Access,
    Kind,
    Row,
    Speed,
    Technology,
    diff,
    wanted,
)
from caudal.integrations.access.memory import MemoryDriver, MemoryRouter

TEN = Speed(up_bps=2_000_000, down_bps=10_000_000)
JUAN = Access(
    "12",
    Technology.PPPOE,
    "juan",
    TEN,
    profile="Plan 10M",
    password="s3cr3t",
    address="10.20.0.10",
    label="Juan Peña",
)
ANA = Access("13", Technology.SIMPLE_QUEUE, "ana", TEN, address="10.20.0.11/32", label="Ana")
LUIS = replace(JUAN, service_id="14", name="luis", address="", label="Luis")


def router_holding(*services: Access) -> MemoryRouter:
    router = MemoryRouter()
    reconcile(router, *services)
    return router


def reconcile(router: MemoryRouter, *services: Access, **options: object):
    driver = MemoryDriver(router)
    plan = diff(wanted(services), driver.read(), **options)
    return plan, driver.apply(plan.ops)


def look(router: MemoryRouter, *services: Access, **options: object):
    return diff(wanted(services), MemoryDriver(router).read(), **options)


def steps(plan):
    return [(op.verb, op.row.kind, op.row.key) for op in plan.ops]


def held(router: MemoryRouter, kind: Kind) -> dict[str, Row]:
    return {row.key: row for row in router.rows.values() if row.kind is kind}
