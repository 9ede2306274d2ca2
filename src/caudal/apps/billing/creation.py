"""The creation of a civil date's invoices: small batches, each whole or not at all (GEN, RUN)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction

from caudal.apps.billing.batches import (
    check_references,
    lock_customers,
    nothing_collected,
    pages,
    together_or_apart,
)
from caudal.apps.billing.bridging import bill_calendar_changes
from caudal.apps.billing.calendars import clock_named, zones_in
from caudal.apps.billing.emissions import Emission, Skipped, draft_invoices, emissions
from caudal.apps.billing.models import Invoice, Parked
from caudal.apps.billing.overlap import Turn, in_turn
from caudal.apps.billing.writing import write
from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Customer
from caudal.apps.staff.actor import Actor
from caudal.core.civil import local_date

CLOCK = Actor.system("clock")

Ask = tuple[Emission, list[int]]
Written = tuple[list[Invoice], list[Skipped]]


@dataclass
class Outcome:
    """What a run created, in numbers that a screen shows."""

    created: int = 0
    parked: int = 0
    totals: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, invoices: Iterable[Invoice], skipped: Iterable[Skipped]) -> None:
        for invoice in invoices:
            self.created += 1
            self.totals[invoice.currency] += invoice.total
        self.skipped.update(str(item.reason.code) for item in skipped)

    def summary(self) -> dict[str, Any]:
        totals = {currency: f"{total:.2f}" for currency, total in self.totals.items()}
        return {
            "created": self.created,
            "parked": self.parked,
            "totals": totals,
            "skipped": dict(self.skipped),
        }


def create_invoices(
    today: date,
    now: datetime,
    *,
    zone: str = "",
    customer_ids: Iterable[int] | None = None,
    run: Run | None = None,
    actor: Actor = CLOCK,
    number: int | None = None,
) -> dict[str, Any]:
    """Create the invoices whose emission is `today` in the zones of that clock; returns counts.

    Running it again, by another worker, or after a kill creates only what is missing. A customer
    whose invoice fails is parked and reported, and tried again by the runs that follow. `number`
    is the run's, which its invoices keep.
    """
    bill_calendar_changes(today, now, zone)
    task = _Creation(zone, now, run or Run(), actor, number)
    task.retry_parked(today)
    task.create(today, None if customer_ids is None else list(customer_ids))
    task.forget_parked(today)
    return task.outcome.summary()


class _Batch(NamedTuple):
    size: int
    written: list[Written]
    failed: list[tuple[Customer, Exception]]


class _Creation:
    def __init__(
        self, zone: str, now: datetime, run: Run, actor: Actor, number: int | None
    ) -> None:
        self.zone = zone
        self.now = now
        self.run = run
        self.actor = actor
        self.number = number
        self.created_on = local_date(now, clock_named(zone))
        self.outcome = Outcome()

    def create(self, today: date, only: list[int] | None = None) -> None:
        for batch in in_turn(self._to_do(today, only), self._batch):
            for customer, error in batch.failed:
                self._park(customer, today, error)
            for invoices, skipped in batch.written:
                self.outcome.add(invoices, skipped)
            self.run.advance(batch.size)

    def _to_do(self, today: date, only: list[int] | None) -> Iterator[Ask]:
        for emission in emissions(today, self.zone):
            count, batches = pages(emission.services(), only)
            self.run.plan(self.run.planned + count)
            yield from ((emission, ids) for ids in batches)

    def _batch(self, ask: Ask, turn: Turn) -> _Batch:
        """One transaction for all of them: whole or, after a crash, not at all (RUN-4)."""
        emission, ids = ask

        def work(some: list[Customer]) -> Written:
            drafts, skipped = draft_invoices(some, emission, self.created_on)
            invoices = write(
                drafts, now=self.now, actor=self.actor, wait=turn.to_number, run=self.number
            )
            check_references()
            return invoices, skipped

        with nothing_collected(), transaction.atomic():
            with turn.to_lock():
                customers = lock_customers(ids)
            return _Batch(len(ids), *together_or_apart(customers, work))

    def retry_parked(self, today: date) -> None:
        """Those parked on earlier dates, date by date."""
        parked = Parked.objects.filter(on__lt=today, customer__zone__in=zones_in(self.zone))
        by_date: dict[date, list[int]] = {}
        for on, customer in parked.values_list("on", "customer_id").order_by("on", "customer_id"):
            by_date.setdefault(on, []).append(customer)
        for on, ids in by_date.items():
            self.create(on, ids)
            self.forget_parked(on)

    def forget_parked(self, on: date) -> None:
        """Those that failed again have just been parked again; the others are done."""
        zones = zones_in(self.zone)
        Parked.objects.filter(on=on, since__lt=self.now, customer__zone__in=zones).delete()

    def _park(self, customer: Customer, today: date, error: Exception) -> None:
        Parked.objects.update_or_create(
            customer=customer,
            on=today,
            defaults={"since": self.now, "error": f"{type(error).__name__}: {error}"[:300]},
        )
        self.outcome.parked += 1
        self.run.fail(f"{customer.code} {customer.name}", error)
