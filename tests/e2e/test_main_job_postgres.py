"""The main job for thirty customers on PostgreSQL, with two workers that die at their work."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Playwright

from tests.e2e.installation import Installation
from tests.e2e.killer import Killer
from tests.e2e.provider import AN_HOUR_LATER, CREATION, CUT, PLAN, PRICE
from tests.e2e.visitor import Visitor
from tests.rig import postgres

SEED = 20270303
CUSTOMERS = 30
PAY_IN_TIME = range(1, 11)
PAY_AFTER_THE_CUT = range(11, 21)
NEVER_PAY = range(21, 31)
JUST_BEFORE_THE_CUT = "2027-03-20T10:00"


@pytest.fixture
def database() -> Iterator[str]:
    """An empty database of its own on the server of the tests."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith(("postgres:", "postgresql:")):
        server = postgres.start()
    name = f"e2e_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def installation(tmp_path: Path, database: str) -> Iterator[Installation]:
    with Installation(tmp_path, database_url=database, workers=2) as running:
        running.found()
        running.start_workers()
        yield running
        print(running.tails())


@pytest.fixture
def ana(playwright: Playwright, installation: Installation) -> Iterator[Visitor]:
    visitor = Visitor(playwright, installation.url)
    visitor.sign_in()
    yield visitor
    visitor.leave()


class Month:
    """What happens to the thirty in a month."""

    def __init__(self, installation: Installation, ana: Visitor) -> None:
        self.installation = installation
        self.ana = ana
        self.random = Random(SEED)
        self.killed: list[str] = []

    def killer(self, times: int) -> Killer:
        return Killer(self.installation, self.random, times)

    def register(self, number: int) -> None:
        plan = self.installation.value("SELECT id FROM catalog_plan WHERE name = %s", PLAN)
        typed = {
            "name": f"Cliente {number:02}",
            "phones": f"951 555 {1000 + number}",
            "emails": f"cliente{number:02}@correo.example",
            "address": f"Calle {number}",
            "plan": str(plan),
            "username": f"c{number:02}",
            "password": "clave",
        }
        self.ana.fill("/customers/new/", typed, form="/customers/new/")

    def pay(self, number: int) -> None:
        """Twice: the cashier's finger slips on the button."""
        customer = self.installation.value(
            "SELECT id FROM customers_customer WHERE name = %s", f"Cliente {number:02}"
        )
        address = f"/payments/customers/{customer}/new/"
        typed = self.ana.form(address)
        assert typed["amount"] == f"{PRICE}"
        self.ana.send(address, typed)
        self.ana.send(address, typed)

    def move_clock(self, to: str) -> None:
        self.ana.fill("/jobs/", {"to": to}, form="/jobs/clock/")

    def address(self, number: int) -> str:
        found = self.installation.value(
            "SELECT host(address) FROM network_connection WHERE username = %s", f"c{number:02}"
        )
        return str(found)

    def count(self, table: str, where: str = "true") -> int:
        return int(self.installation.value(f"SELECT count(*) FROM {table} WHERE {where}"))

    def wait_for(self, table: str, count: int, where: str = "true") -> None:
        self.installation.wait_until(
            lambda: self.count(table, where) == count, f"{count} of {table} where {where}"
        )


def test_the_month_ends_as_if_no_worker_had_died(installation: Installation, ana: Visitor) -> None:
    month = Month(installation, ana)

    with month.killer(2) as killer:
        for number in range(1, CUSTOMERS + 1):
            month.register(number)
        installation.wait_until(
            lambda: len(installation.secrets()) == CUSTOMERS, "all are on the router"
        )
    month.killed += killer.killed
    for number in range(1, CUSTOMERS + 1):
        assert installation.router("plug", name=f"c{number:02}", password="clave")

    with month.killer(2) as killer:
        month.move_clock(CREATION)
        month.wait_for("billing_invoice", CUSTOMERS)
        month.wait_for("messaging_delivery", CUSTOMERS)
    month.killed += killer.killed

    month.move_clock(JUST_BEFORE_THE_CUT)
    for number in PAY_IN_TIME:
        month.pay(number)
    with month.killer(2) as killer:
        month.move_clock(CUT)
        cut = {month.address(number) for number in (*PAY_AFTER_THE_CUT, *NEVER_PAY)}
        installation.wait_until(lambda: installation.address_list() == cut, "they are cut")
    month.killed += killer.killed

    with month.killer(2) as killer:
        for number in PAY_AFTER_THE_CUT:
            month.pay(number)
        still_cut = {month.address(number) for number in NEVER_PAY}
        installation.wait_until(
            lambda: installation.address_list() == still_cut, "the payers are restored"
        )
    month.killed += killer.killed

    assert len(month.killed) >= 6, f"too few workers died at work: {month.killed}"
    everything_is_as_it_should(month)


def everything_is_as_it_should(month: Month) -> None:
    installation = month.installation
    twice = "SELECT service_id FROM billing_billedperiod GROUP BY service_id, first, is_void"
    assert month.count("billing_billedperiod") == CUSTOMERS
    assert not installation.rows(f"{twice} HAVING count(*) > 1")
    numbers = [row[0] for row in installation.rows("SELECT number FROM billing_invoice")]
    assert sorted(numbers) == list(range(1, CUSTOMERS + 1))
    receipts = [row[0] for row in installation.rows("SELECT number FROM payments_payment")]
    assert sorted(receipts) == list(range(1, len(PAY_IN_TIME) + len(PAY_AFTER_THE_CUT) + 1))

    verified = installation.run_caudal("verify")
    assert verified.returncode == 0, verified.stdout
    owed = Counter(row[0] for row in installation.rows("SELECT amount FROM ledger_balance"))
    assert {amount: count for amount, count in owed.items() if amount} == {PRICE: len(NEVER_PAY)}

    states = dict(installation.rows("SELECT customer_id, state FROM customers_service"))
    assert Counter(states.values()) == {"active": 20, "suspended": 10}
    payers = {f"c{number:02}" for number in (*PAY_IN_TIME, *PAY_AFTER_THE_CUT)}
    installation.wait_until(lambda: payers <= set(installation.active()), "the payers dial")
    for number in range(1, CUSTOMERS + 1):
        may = installation.router("can_browse", address=month.address(number))
        assert may == (number not in NEVER_PAY)

    month.move_clock(AN_HOUR_LATER)  # what a dead worker was sending is free again after minutes
    month.wait_for("messaging_delivery", 0, "status <> 'sent'")
    keys = Counter(row[0] for row in installation.rows("SELECT key FROM messaging_delivery"))
    assert set(keys.values()) == {1}
    told = Counter(row[0] for row in installation.rows("SELECT occasion FROM messaging_delivery"))
    assert told["invoice_issued"] == CUSTOMERS
    assert told["cut_notice"] == len(PAY_AFTER_THE_CUT) + len(NEVER_PAY)
    assert not installation.rows("SELECT job, slot FROM clock_jobrun WHERE status = 'failed'")
