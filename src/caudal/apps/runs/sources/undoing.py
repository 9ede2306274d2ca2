"""The rows that undo a run: what it wrote and can be taken back, and what cannot and why."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from caudal.apps.billing.models import Application, Invoice
from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Service, Suspension
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.prints import amount, change, fingerprint
from caudal.apps.runs.progress import Progress

AT_ONCE = 500

Row = TypeVar("Row", bound=Model)


def rows(run: Run, now: datetime, progress: Progress) -> Iterator[list[RunRow]]:
    """In the order in which the run wrote them; the clock's own runs are found by their moments."""
    assert run.undoes is not None
    return _SOURCES[run.undoes.kind](run, run.undoes, progress)


def written_invoices(run: Run) -> QuerySet[Invoice]:
    return Invoice.objects.filter(run=run.pk)


def written_suspensions(run: Run) -> QuerySet[Suspension]:
    return Suspension.objects.filter(run_rows__run=run)


def why_not_void(invoice: Invoice, paid: set[int]) -> str:
    """Code of what keeps the invoice from being voided; "" where nothing does.

    `paid` are invoices that something paid after they were created; credit that they took at birth
    goes back to the customer.
    """
    if invoice.state == Invoice.State.VOID:
        return "already-void"
    if invoice.state == Invoice.State.MERGED:
        return "merged"
    if invoice.fiscal_date is not None:
        return "fiscal"
    return "paid" if invoice.pk in paid else ""


def paid_since(invoices: list[Invoice]) -> set[int]:
    """Those that something paid after they were created."""
    born = {invoice.pk: invoice.created_at for invoice in invoices}
    live = Application.objects.filter(invoice__in=born, undone_at=None)
    return {pk for pk, at in live.values_list("invoice_id", "at") if at != born[pk]}


def facts_of_invoice(invoice: Invoice) -> dict[str, Any]:
    return {"state": str(invoice.state), "total": amount(invoice.remaining)}


def _invoices(run: Run, undone: Run, progress: Progress) -> Iterator[list[RunRow]]:
    for page in _pages(written_invoices(undone).select_related("customer", "service"), progress):
        paid = paid_since(page)
        yield [_invoice_row(run, invoice, why_not_void(invoice, paid)) for invoice in page]


def _invoice_row(run: Run, invoice: Invoice, blocked: str) -> RunRow:
    verdict = _verdict(RunRow.Action.VOID, blocked, facts_of_invoice(invoice))
    return row_of_invoice(run, invoice, **verdict)


def row_of_invoice(run: Run, invoice: Invoice, **rest: Any) -> RunRow:
    """A row that is about an invoice; read with its customer and service."""
    return RunRow(
        run=run,
        key=f"invoice|{invoice.pk}",
        customer_id=invoice.customer_id,
        service_id=invoice.service_id,
        plan_id=invoice.service.plan_id if invoice.service else None,
        zone_id=invoice.customer.zone_id,
        invoice=invoice,
        currency=invoice.currency,
        amount=invoice.total,
        **rest,
    )


def _suspensions(run: Run, undone: Run, progress: Progress) -> Iterator[list[RunRow]]:
    found = written_suspensions(undone).select_related("service__customer", "service__plan")
    for page in _pages(found, progress):
        yield [_suspension_row(run, suspension) for suspension in page]


def _suspension_row(run: Run, suspension: Suspension) -> RunRow:
    service = suspension.service
    blocked = "" if suspension.closed_at is None else "already-restored"
    return RunRow(
        run=run,
        key=f"suspension|{suspension.pk}",
        customer_id=service.customer_id,
        service=service,
        plan_id=service.plan_id,
        zone_id=service.customer.zone_id,
        suspension=suspension,
        currency=service.plan.currency,
        amount=Decimal(0),
        **_verdict(RunRow.Action.RESTORE, blocked, {"suspension": suspension.pk}),
    )


def _prices(run: Run, undone: Run, progress: Progress) -> Iterator[list[RunRow]]:
    done = undone.rows.filter(status=RunRow.Status.DONE)
    of_plan = Q(action=RunRow.Action.PLAN_PRICE)
    for rows_ in (done.filter(of_plan), done.exclude(of_plan)):
        for page in _pages(rows_, progress):
            yield [_price_row(run, row, prices_now(page)) for row in page]


def prices_now(rows_: list[RunRow]) -> dict[tuple[str, int | None], Decimal | None]:
    """("plan", id) -> its price; ("service", id) -> its own price, if any."""
    plans = Plan.objects.filter(pk__in=[row.plan_id for row in rows_])
    services = Service.objects.filter(pk__in=[row.service_id for row in rows_])
    found: dict[tuple[str, int | None], Decimal | None] = {
        ("plan", pk): price for pk, price in plans.values_list("pk", "price")
    }
    return found | {("service", pk): price for pk, price in services.values_list("pk", "price")}


def _price_row(
    run: Run, row: RunRow, prices: dict[tuple[str, int | None], Decimal | None]
) -> RunRow:
    is_plan = row.action == RunRow.Action.PLAN_PRICE
    if is_plan:
        facts: dict[str, Any] = {
            "before": amount(row.amount),
            "total": amount(row.amount if row.before is None else row.before),
        }
        same = prices.get(("plan", row.plan_id)) == row.amount
    else:
        told = row.facts
        facts = {**told, "own": told["own_after"], "own_after": told["own"],
                 "total": amount(row.amount if row.before is None else row.before)}  # fmt: skip
        own = prices.get(("service", row.service_id))
        same = (None if own is None else amount(own)) == told["own_after"]
    return RunRow(
        run=run,
        key=row.key,
        customer_id=row.customer_id,
        service_id=row.service_id,
        plan_id=row.plan_id,
        zone_id=row.zone_id,
        currency=row.currency,
        amount=row.before,
        before=row.amount,
        **_verdict(row.action, "" if same else "price-changed-since", facts),
    )


def _verdict(action: str, blocked: str, facts: dict[str, Any]) -> dict[str, Any]:
    if blocked:
        return {
            "action": RunRow.Action.SKIP,
            "status": RunRow.Status.NOTE,
            "reasons": [{"rule": "UNDO", "code": blocked, "params": {}}],
            "changes": [change(blocked)],
        }
    return {"action": action, "facts": facts, "fingerprint": fingerprint(facts)}


def _pages(found: QuerySet[Row], progress: Progress) -> Iterator[list[Row]]:
    progress.plan(progress.planned + found.count())
    last = 0
    while page := list(found.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield page
        last = page[-1].pk
        progress.advance(len(page))


_SOURCES: Mapping[str, Callable[[Run, Run, Progress], Iterator[list[RunRow]]]] = {
    Run.Kind.CREATE: _invoices,
    Run.Kind.CUT: _suspensions,
    Run.Kind.PRICE: _prices,
}
