"""The map at 50,000 customers: what is sent for a view, at first and while moving about."""

import os
import random
from collections.abc import Iterator
from decimal import Decimal

from django.db import connection
from django.test import Client

from bench.browser import in_browser
from bench.report import Result, medians
from bench.rows import NOW, owner, provider
from caudal.apps.customers.models import Customer, Service, Suspension

CUSTOMERS = int(os.environ.get("BENCH_MAP_CUSTOMERS", "50000"))
TOWNS = ((17.06, -96.72), (16.90, -96.50), (17.30, -97.10))
SPREAD = 0.06
"""Degrees; two thirds of a town live within it."""
ALL = "id", "name", "latitude", "longitude", "services__state"
PAGE_GOAL, VIEW_GOAL = 1.0, 1.5
VIEWS = {
    "map, everybody in view": ("-97.5,16.5,-96.2,17.7", 9),
    "map, one town": ("-96.9,16.95,-96.5,17.2", 12),
    "map, some streets": ("-96.74,17.05,-96.71,17.08", 15),
}


def place_everybody() -> None:
    """In three towns; every tenth is cut for non-payment."""
    provider(CUSTOMERS)
    dice = random.Random(1)
    rows = list(Customer.objects.order_by("pk").only("pk"))
    for row in rows:
        latitude, longitude = dice.choice(TOWNS)
        row.latitude = Decimal(f"{dice.gauss(latitude, SPREAD):.6f}")
        row.longitude = Decimal(f"{dice.gauss(longitude, SPREAD):.6f}")
    Customer.objects.bulk_update(rows, ["latitude", "longitude"], batch_size=500)
    cut = Service.objects.filter(pk__in=list(Service.objects.values_list("pk", flat=True)[::10]))
    Suspension.objects.bulk_create(
        Suspension(service=each, reason="unpaid", opened_at=NOW, opened_on=NOW.date(),
                   opened_by="bench") for each in cut
    )  # fmt: skip
    cut.update(state="suspended")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def run() -> Iterator[Result]:
    """Beside what a map that wants every marker must read before it shows any."""
    place_everybody()
    client = Client()
    client.force_login(owner(), backend="caudal.apps.staff.backends.RoleBackend")

    def everybody() -> object:
        return list(Customer.objects.filter(archived_at=None).values_list(*ALL))

    for what, (view, zoom) in VIEWS.items():
        address = f"/map/points.json?view={view}&zoom={zoom}"
        sizes = len(client.get(address).content)
        times = medians(lambda url=address: client.get(url), everybody, 7)
        note = f"{Customer.objects.count():,} customers, {sizes // 1024} KiB sent"
        yield Result(what, *times, "every marker read, not yet sent", VIEW_GOAL, note)
    times = medians(lambda: client.get("/map/"), everybody, 7)
    yield Result("map, its page with the legend", *times, "every marker read", PAGE_GOAL)
    yield from in_browser(client, CUSTOMERS)
