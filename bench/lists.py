"""The customers list at 100,000 and a million: pages, filters, search, count, file, bulk acts."""

import base64
import json
import os
import resource
import statistics
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.report import Result, medians, timed
from bench.rows import NOW, grow, owner, provider
from caudal.apps.bulk import actions as bulk
from caudal.apps.bulk.acts import act_named
from caudal.apps.bulk.doing import do_waiting
from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Customer, Service
from caudal.apps.network.models import Connection

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "100000"))
SMALL = 5_000
"""On SQLite."""
GOAL, SEARCH_GOAL, BARE_GOAL, GROWTH_GOAL, FILE_GOAL = 0.5, 0.3, 4.0, 1.5, 3.0
OURS, ADMIN = "/customers/", "/bench-admin/customers/customer/"
AMID = "Luis Hernández 5"
"""A name in the middle of the list."""
PAGES = {
    "list, first page": ("", ""),
    "list, a page in the middle": ("?cursor={amid}", "?p={amid_page}"),
    "list, newest first": ("?sort=-registered", "?o=-5"),
    "list, four filters": (
        "?zone={zone}&state=active&plan={plan}&router={router}",
        "?zone__id__exact={zone}&services__state__exact=active&services__plan__id__exact={plan}"
        "&services__connection__router__id__exact={router}",
    ),
}
SEARCHES = {
    "name": "nunez 12", "code": "00432", "document": "DOC004321", "phone": "5500004321",
    "address": "reforma #4321", "IP": "10.20.17.23", "user": "cliente4321", "MAC": "",
}  # fmt: skip
ADMIN_SEARCHES = {"name": "Núñez 12", "address": "Reforma #4321"}
EXACT = {key: SEARCHES[key] for key in ("code", "document", "phone", "user")}
"""Searches that find as many in a million as in a tenth of it: none but the same ones."""
SUSPENDED = 1_000
BARE = "/bench-bare/customers/"
COPY = (
    "COPY (SELECT c.*, z.name, p.name, s.state, s.price, n.username, n.address, n.mac, r.name,"
    " b.amount, (SELECT string_agg(k.value, '; ') FROM customers_contact k"
    " WHERE k.customer_id = c.id)"
    " FROM customers_customer c JOIN customers_zone z ON z.id = c.zone_id"
    " LEFT JOIN customers_service s ON s.customer_id = c.id"
    " LEFT JOIN catalog_plan p ON p.id = s.plan_id"
    " LEFT JOIN network_connection n ON n.service_id = s.id"
    " LEFT JOIN network_router r ON r.id = n.router_id"
    " LEFT JOIN ledger_balance b ON b.customer_id = c.id"
    " WHERE c.archived_at IS NULL ORDER BY c.name, c.id) TO STDOUT CSV"
)


def run() -> Iterator[Result]:
    on_postgres = connection.vendor == "postgresql"
    provider(CUSTOMERS if on_postgres else SMALL)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(owner(), backend="caudal.apps.staff.backends.RoleBackend")
    yield from _pages(client)
    yield from _searches(client)
    yield _count(client)
    if on_postgres:
        yield from _bare(client)
        yield from _file(client)
    yield from _suspend()
    if on_postgres and not os.environ.get("BENCH_SHORT"):
        yield from _growth(client)


def _pages(client: Client) -> Iterator[Result]:
    names = _names()
    for what, (ours, theirs) in PAGES.items():
        here, there = OURS + ours.format(**names), ADMIN + theirs.format(**names)
        queries = _queries(client, here)
        times = medians(lambda url=here: _get(client, url), lambda url=there: _get(client, url), 9)
        yield Result(what, *times, "Django admin, same rows", GOAL, f"{queries} queries")


def _searches(client: Client) -> Iterator[Result]:
    goal = SEARCH_GOAL if connection.vendor == "postgresql" else GOAL
    for key, words in SEARCHES.items():
        words = words or _mac()
        here = f"{OURS}?list=1&q={words.replace('#', '%23')}"
        there = f"{ADMIN}?q={ADMIN_SEARCHES.get(key, words).replace('#', '%23')}"
        times = medians(lambda url=here: _get(client, url), lambda url=there: _get(client, url), 7)
        yield Result(f"search by {key}", *times, "Django admin's search", goal)


def _count(client: Client) -> Result:
    """The count never costs more than the page."""
    counted, page = f"{OURS}count/?state=active", f"{OURS}?state=active"
    times = medians(lambda: _get(client, counted), lambda: _get(client, page), 9)
    return Result("count of a filter", *times, "the page itself", 1.0)


def _bare(client: Client) -> Iterator[Result]:
    """Beside the least that a signed-in view can do with the same rows: no menu, no columns."""
    names = _names()
    for what, query in {"list, first page": "", "list, amid": "?cursor={amid}"}.items():
        here, there = OURS + query.format(**names), BARE + query.format(**names)
        times = medians(lambda url=here: _get(client, url), lambda url=there: _get(client, url), 15)
        yield Result(what, *times, "bare keyset view", BARE_GOAL)


def _file(client: Client) -> Iterator[Result]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _drain(client, f"{OURS}export.csv?direct=1&q=00")
    ours = timed(lambda: _drain(client, f"{OURS}export.csv?direct=1"))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024

    def copy() -> None:
        with connection.cursor() as cursor, cursor.copy(COPY) as rows:
            for _part in rows:
                pass

    peer = statistics.median([timed(copy) for _ in range(3)])
    note = f"{Customer.objects.count():,} rows, memory grew by {grown} MiB"
    yield Result("file of all, CSV", ours, peer, "bare COPY to CSV", FILE_GOAL, note)


def _suspend() -> Iterator[Result]:
    """Asked in a moment; done in the background, each row by itself."""
    act = act_named("customers.suspend")
    assert act is not None
    active = Service.objects.filter(state="active").order_by("pk")
    ids = list(active.values_list("customer", flat=True)[:SUSPENDED])
    asked = timed(
        lambda: bulk.ask(
            user=owner(), now=NOW, key=uuid4(), act=act, ids=ids,
            options={"reason": "manual", "note": "bench"},
        )
    )  # fmt: skip
    yield Result("bulk suspend of 1,000, answered", asked, 1.0, "a second", 1.0)
    did = timed(lambda: do_waiting(Run(), NOW + timedelta(minutes=1)))
    yield Result("bulk suspend of 1,000, done", did, 60.0, "a minute", 1.0)


def _growth(client: Client) -> Iterator[Result]:
    """The same pages at ten times as many customers."""
    names = _names()
    looked = {what: OURS + ours.format(**names) for what, (ours, _theirs) in PAGES.items()}
    looked |= {f"search by {key}": f"{OURS}?list=1&q={words}" for key, words in EXACT.items()}
    few = {what: _median(client, url) for what, url in looked.items()}
    grow(10)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")  # what filling the tables left to do is not the page's time
    for what, url in looked.items():
        note = f"{Customer.objects.count():,} customers"
        yield Result(what, _median(client, url), few[what], "a tenth of them", GROWTH_GOAL, note)


def _names() -> dict[str, object]:
    """What the addresses of pages and filters name."""
    service = Service.objects.select_related("customer", "connection").order_by("pk")[4321]
    place = Customer.objects.filter(name__lt=AMID).count()
    row = Customer.objects.order_by("name", "id")[place]
    return {
        "amid": cursor_at(row), "amid_page": place // 50 + 1, "zone": service.customer.zone_id,
        "plan": service.plan_id, "router": service.connection.router_id,
    }  # fmt: skip


def cursor_at(row: Customer) -> str:
    """As the list's own links say it: forward from this row on."""
    packed = json.dumps([0, ["name", "id"], [row.name, str(row.pk)]], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _mac() -> str:
    return str(Connection.objects.order_by("pk").values_list("mac", flat=True)[4321])


def _median(client: Client, url: str) -> float:
    _get(client, url)
    return statistics.median([timed(lambda: _get(client, url)) for _ in range(9)])


def _drain(client: Client, url: str) -> None:
    """Read it to its end without keeping it."""
    for _part in client.get(url).streaming_content:
        pass


def _get(client: Client, url: str) -> bytes:
    answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answered {answer.status_code}")
    return b"".join(answer) if answer.streaming else answer.content


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        _get(client, url)
    return len(captured)
