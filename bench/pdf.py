"""Invoices printed from their rows by one process: pages per second of one core."""

import time
from collections.abc import Callable, Iterator
from datetime import date

from bench.provider import START, create
from bench.report import Result
from caudal.apps.billing.actions import create_invoices
from caudal.apps.billing.documents import invoice_pdf, invoice_pdfs, print_invoices
from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.documents.printing import joined

CUSTOMERS, SINGLE, TOGETHER = 1_000, 400, 25
PAGES_PER_SECOND = 100
DAY = 17
PEER = f"{PAGES_PER_SECOND} pages/s"


def run() -> Iterator[Result]:
    company = Company.objects.filter(name=f"Red {DAY}").first()
    if company is None:
        create(CUSTOMERS, DAY)
        create_invoices(date(2026, 6, DAY), START.replace(month=6, day=DAY))
        company = Company.objects.get(name=f"Red {DAY}")
    ids = list(
        Invoice.objects.filter(company=company, emission=date(2026, 6, DAY))
        .order_by("id")
        .values_list("pk", flat=True)[:CUSTOMERS]
    )
    invoice_pdf(Invoice.objects.get(pk=ids[0]))  # fonts are read once
    yield _measured("invoices in one file", ids, lambda: [joined(print_invoices(ids))])
    some = [ids[at : at + TOGETHER] for at in range(0, SINGLE, TOGETHER)]
    yield _measured("invoices, a file each", ids[:SINGLE], lambda: _files(some))


def _files(groups: list[list[int]]) -> list[bytes]:
    """As the attachments of messages are made."""
    return [content for ids in groups for content in invoice_pdfs(ids).values()]


def _measured(what: str, ids: list[int], act: Callable[[], list[bytes]]) -> Result:
    """Processor time, for other work on the machine is not ours; the note has the clock's."""
    began, clock = time.process_time(), time.perf_counter()
    made = act()
    spent, waited = time.process_time() - began, time.perf_counter() - clock
    size = sum(len(part) for part in made) // len(ids) // 1024
    note = f"{len(ids) / spent:.0f} pages/s, {len(ids) / waited:.0f} by the clock, {size} KiB each"
    return Result(f"{len(ids):,} {what}", spent, len(ids) / PAGES_PER_SECOND, PEER, 1.0, note)
