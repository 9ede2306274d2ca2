"""A batch of a run's rows: locked, and each one done or refused in the caller's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from caudal.apps.billing.batches import lock_customers
from caudal.apps.customers.models import Customer
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.runs.prints import Change
from caudal.apps.staff.actor import Actor

WRITTEN = ["status", "changes", "invoice", "suspension", "done_at"]


@dataclass
class Batch:
    """The open rows among some ids, in order, and their customers, whom nobody else changes now."""

    run: Run
    now: datetime
    actor: Actor
    customers: dict[int, Customer]
    rows: list[RunRow]
    done: int = 0
    refused: int = 0
    _easy: list[int] = field(default_factory=list)
    _hard: list[RunRow] = field(default_factory=list)

    @classmethod
    def lock(cls, run: Run, ids: list[int], now: datetime, actor: Actor) -> "Batch":
        """Customers before rows, in everybody's order; rows that are done by now are left out."""
        found = RunRow.objects.filter(pk__in=ids)
        owners = found.exclude(customer=None).values_list("customer_id", flat=True)
        customers = {customer.pk: customer for customer in lock_customers(sorted(set(owners)))}
        rows = list(found.open().select_for_update().order_by("id"))
        return cls(run, now, actor, customers, rows)

    def finish(self, row: RunRow) -> None:
        """It is done as planned; what it made may be set on it before."""
        row.status, row.done_at = RunRow.Status.DONE, self.now
        self.done += 1
        if row.invoice_id or row.suspension_id:
            self._hard.append(row)
        else:
            self._easy.append(row.pk)

    def refuse(self, row: RunRow, changes: Iterable[Change]) -> None:
        """It is no longer true, for these reasons; nothing was written."""
        row.status, row.changes = RunRow.Status.REFUSED, list(changes)
        self.refused += 1
        self._hard.append(row)

    def save(self) -> None:
        """In the transaction that holds what the rows did."""
        RunRow.objects.filter(pk__in=self._easy).update(status=RunRow.Status.DONE, done_at=self.now)
        RunRow.objects.bulk_update(self._hard, WRITTEN, batch_size=250)
