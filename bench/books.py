"""The proof of a million entries, and payments taken while a billing run is going."""

import random
import statistics
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import connection

from bench import invoices, provider
from bench.report import Result, timed
from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.models import Entry
from caudal.apps.ledger.verify import first_wrong
from caudal.apps.payments.actions import create_cash_box, register_payment
from caudal.apps.payments.models import CashBox
from caudal.apps.staff.actor import Actor

FIRST, SECOND = date(2026, 6, 28), date(2026, 7, 28)
NOW = datetime(2026, 7, 28, 18, 0, tzinfo=UTC)
TAKEN = 200
BENCH = Actor.system("bench")
SUMS = (
    "SELECT transaction_id, COUNT(*), SUM(amount) FROM ledger_entry GROUP BY 1",
    "SELECT customer_id, account_id, SUM(amount) FROM ledger_entry GROUP BY 1, 2",
    "SELECT document, SUM(amount) FROM ledger_transaction t"
    " JOIN ledger_entry e ON e.transaction_id = t.id GROUP BY 1",
    "SELECT invoice_id, SUM(net), SUM(tax) FROM billing_invoiceline GROUP BY 1",
    "SELECT invoice_id, SUM(amount) FROM billing_application GROUP BY 1",
    "SELECT credit_id, SUM(amount) FROM billing_application GROUP BY 1",
    "SELECT customer_id, SUM(remaining) FROM billing_invoice GROUP BY 1",
    "SELECT service_id, MAX(last) FROM billing_billedperiod GROUP BY 1",
    "SELECT invoice_id, service_id, SUM(price) FROM billing_billedperiod GROUP BY 1, 2",
    "SELECT invoice_id, kind, SUM(unit_price) FROM billing_invoiceline GROUP BY 1, 2",
    "SELECT invoice_id, SUM(base), SUM(amount) FROM billing_invoicetax GROUP BY 1",
    "SELECT invoice_id, SUM(amount) FROM billing_latefee GROUP BY 1",
    "SELECT invoice_id, SUM(amount) FROM billing_productcharge GROUP BY 1",
    "SELECT customer_product_id, MAX(number) FROM billing_productcharge GROUP BY 1",
    "SELECT box_id, session_id, SUM(amount) FROM payments_movement GROUP BY 1, 2",
)
"""What a proof cannot do without, with nothing compared."""


def run() -> Iterator[Result]:
    if not Invoice.objects.filter(emission=FIRST).exists():
        provider.create(invoices.LARGE, FIRST.day)
        invoices.worker(FIRST)
    yield _payments()
    yield _proof()


def _payments() -> Result:
    """95 of 100 payments take no longer than this, alone and beside a run of 100,000."""
    company = Company.objects.get(name=f"Red {FIRST.day}")
    box = create_cash_box(actor=BENCH, now=NOW, company=company, name="Caja", kind="cash")
    who = list(Customer.objects.filter(company=company).order_by("pk").values_list("pk", flat=True))
    random.Random(1).shuffle(who)
    alone = [_pay(pk, box) for pk in who[:TAKEN]]
    going = invoices.start_worker(SECOND)
    while not Invoice.objects.filter(emission=SECOND).exists():
        time.sleep(0.05)
    beside = [_pay(pk, box) for pk in who[TAKEN : 2 * TAKEN] if going.poll() is None]
    _finish(going)
    note = f"{len(beside)} payments beside it"
    return Result("payment beside a run, p95", _p95(beside), _p95(alone), "alone", 3, note)


def _proof() -> Result:
    """Every check of `caudal verify` beside the bare sums of the same rows."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        peer = timed(lambda: [_all(cursor, statement) for statement in SUMS])
    started = time.perf_counter()
    if (wrong := first_wrong()) is not None:
        raise RuntimeError(f"the books do not agree: {wrong}")
    ours = time.perf_counter() - started
    note = f"{Entry.objects.count():,} entries"
    return Result("proof of the books", ours, peer, "bare SQL sums", 3, note)


def _pay(customer: int, box: CashBox) -> float:
    payer = Customer.objects.get(pk=customer)
    return timed(
        lambda: register_payment(
            actor=BENCH, now=NOW, customer=payer, amount=Decimal(100), currency="MXN",
            method="cash", cash_box=box, paid_at=NOW, restore=False, operator=None,
        )
    )  # fmt: skip


def _finish(going: "subprocess.Popen[str]") -> None:
    going.communicate()
    if going.returncode:
        raise RuntimeError("the run beside the payments failed")


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _all(cursor: object, statement: str) -> None:
    """Have every sum made, without reading one: COUNT(*) alone would not even add up."""
    cursor.execute(f"SELECT COUNT(sums) FROM ({statement}) AS sums")  # type: ignore[attr-defined]
