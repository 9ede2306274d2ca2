"""What a creation in one go billed otherwise than the time before: a row for each that differs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from caudal.apps.billing.models import BilledPeriod, Invoice
from caudal.apps.catalog.models import BillingRules
from caudal.apps.runs.lots import lots
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.sources.creation import Before, billed_before, compare, no_longer_billed
from caudal.apps.runs.sources.undoing import row_of_invoice, written_invoices
from caudal.core.money import ZERO
from caudal.core.periods import ONE_DAY

AT_ONCE = 1000
MOST = 1000
"""Rows of one kind that are kept; of the rest, as in the first month of all, only the number is."""

Served = dict[int, list[tuple[int, date]]]
"""Invoice -> the services that it bills, each with its first day."""


def note_differences(run: Run, now: datetime) -> dict[str, int]:
    """Keep a row of who is new, gone or billed by another amount; returns how many there are.

    Done again after a kill it begins anew.
    """
    run.rows.all().delete()
    counts: Counter[str] = Counter()
    percents = dict(BillingRules.objects.values_list("company_id", "run_change_percent"))
    for page in _pages(run):
        _keep(_rows(run, page, percents, now), counts)
    for lot in lots(run, now):
        for rows in no_longer_billed(run, lot):
            _keep(rows, counts)
    return dict(counts)


def _pages(run: Run) -> Iterator[list[Invoice]]:
    found = written_invoices(run).select_related("customer", "service").order_by("pk")
    last = 0
    while page := list(found.filter(pk__gt=last)[:AT_ONCE]):
        yield page
        last = page[-1].pk


def _keep(rows: Iterable[RunRow], counts: Counter[str]) -> None:
    kept = []
    for row in rows:
        counts[row.compared] += 1
        if counts[row.compared] <= MOST:
            kept.append(row)
    RunRow.objects.bulk_create(kept)


def _rows(
    run: Run, page: Sequence[Invoice], percents: dict[int, int], now: datetime
) -> Iterator[RunRow]:
    served = _served(page)
    before = _before(served)
    for invoice in page:
        earlier: dict[int, Decimal] = {}
        for service, first in served[invoice.pk]:
            earlier |= before[first].get((service, invoice.currency), {})
        amount = sum(earlier.values(), ZERO) if earlier else None
        compared = compare(amount, invoice.total, percents[invoice.company_id])
        if compared != RunRow.Compared.SAME:
            yield row_of_invoice(
                run,
                invoice,
                action=RunRow.Action.ISSUE,
                status=RunRow.Status.DONE,
                before=amount,
                compared=compared,
                done_at=now,
            )


def _served(page: Sequence[Invoice]) -> Served:
    found: Served = defaultdict(list)
    periods = BilledPeriod.objects.filter(invoice__in=page).order_by("service_id", "first")
    seen: set[tuple[int, int]] = set()
    for invoice, service, first in periods.values_list("invoice_id", "service_id", "first"):
        if (invoice, service) not in seen:
            seen.add((invoice, service))
            found[invoice].append((service, first))
    return found


def _before(served: Served) -> dict[date, Before]:
    """By first day, the invoices that billed the day before it."""
    services: dict[date, set[int]] = defaultdict(set)
    for pairs in served.values():
        for service, first in pairs:
            services[first].add(service)
    return {first: billed_before(ids, first - ONE_DAY) for first, ids in services.items()}
