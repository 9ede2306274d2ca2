"""A few customers of each sort, and the steps of a run as the worker takes them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from caudal.apps.billing.models import (
    Adjustment,
    BilledPeriod,
    Credit,
    DiscountUse,
    Invoice,
    InvoiceLine,
    PendingItem,
    ProductCharge,
)
from caudal.apps.billing.tests.world import CLERK, World, at, d
from caudal.apps.clock.jobs import Run as Job
from caudal.apps.customers.models import Service, Suspension
from caudal.apps.ledger.models import Entry
from caudal.apps.runs import actions
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.work import do_waiting

TOTALS = ("customer", "service", "prefix", "number", "emission", "notice", "due", "cut",
          "currency", "net", "tax", "total", "debits", "remaining", "state", "origin")  # fmt: skip


def work(now: datetime, today: date | None = None) -> None:
    """The worker looks once."""
    do_waiting(Job(), now, today or now.date())


def planned(kind: str, on: date, now: datetime, **options: Any) -> Run:
    """A plan as the operator finds it."""
    run = actions.plan(actor=CLERK, now=now, kind=kind, on=on, **options)
    work(now)
    run.refresh_from_db()
    assert run.status == Run.Status.PLANNED, run.error
    return run


def executed(run: Run, now: datetime, today: date | None = None) -> Run:
    """Approved, and done by the worker."""
    actions.approve(
        actor=CLERK, now=now, today=today or now.date(), run=run, typed=run.totals["rows"]
    )
    work(now, today)
    run.refresh_from_db()
    assert run.status == Run.Status.DONE, run.error
    return run


def refused(run: Run) -> dict[str, list[str]]:
    """Name of the customer -> codes of what changed."""
    rows = run.rows.filter(status=RunRow.Status.REFUSED).select_related("customer", "plan")
    return {
        str(row.customer.name if row.customer else row.plan): [each["code"] for each in row.changes]
        for row in rows
    }


def a_month(world: World) -> dict[str, Any]:
    """Twelve customers for whom the rules say different things on 28 June 2026."""
    world.series(101)
    world.company.late_fee = Decimal(30)
    world.company.save()
    people = {"plain": [world.customer() for _ in range(5)]}
    people["two"] = [world.customer(services=2)]
    people["new"] = [world.customer(started=d(7, 11))]
    people["gratis"] = [world.customer(is_invoiced=False)]
    people["late"] = [world.customer() for _ in range(2)]
    people["credit"] = [world.customer()]
    people["own"] = [world.customer()]
    Service.objects.filter(customer=people["own"][0]).update(price=Decimal("199.00"))
    return people


def everything() -> dict[str, list[Any]]:
    """The rows that a run writes, without keys and moments: to compare two ways to the same end."""
    return {
        "invoices": list(Invoice.objects.order_by("id").values_list(*TOTALS)),
        "lines": list(
            InvoiceLine.objects.order_by("invoice__number", "position").values_list(
                "invoice__number", "position", "kind", "service", "description", "net", "tax",
                "trace",
            )
        ),
        "periods": list(
            BilledPeriod.objects.order_by("service", "first").values_list(
                "service", "first", "last", "is_void"
            )
        ),
        "entries": list(
            Entry.objects.order_by("id").values_list("account__code", "customer", "amount")
        ),
        "credits": list(Credit.objects.order_by("id").values_list("customer", "remaining")),
        "notes": list(Adjustment.objects.order_by("id").values_list("customer", "amount")),
        "products": list(
            ProductCharge.objects.order_by("id").values_list(
                "customer_product__customer", "invoice__number", "number", "amount", "is_void"
            )
        ),
        "items": list(
            PendingItem.objects.order_by("id").values_list("customer", "amount", "invoice__number")
        ),
        "discounts": list(DiscountUse.objects.order_by("id").values_list("invoice__number")),
        "states": list(Service.objects.order_by("id").values_list("id", "state")),
        "suspensions": list(
            Suspension.objects.order_by("id").values_list(
                "service", "reason", "opened_on", "trace", "is_automatic"
            )
        ),
    }  # fmt: skip


__all__ = ["CLERK", "World", "a_month", "at", "d", "everything", "executed", "planned", "refused",
           "work"]  # fmt: skip
