"""What the screens ask of runs: sums by plan and zone, and the reasons for leaving out in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from caudal.apps.billing.models import Invoice
from caudal.apps.runs.models import Run, RunRow
from caudal.apps.staff.verbs import Verb
from caudal.core.money import ZERO
from caudal.store.money import total

NEEDED = {
    (Run.Kind.PRICE, ""): Verb.EDIT_CATALOG,
    (Run.Kind.UNDO, Run.Kind.CREATE): Verb.VOID_INVOICES,
    (Run.Kind.UNDO, Run.Kind.CUT): Verb.RESTORE_SERVICES,
    (Run.Kind.UNDO, Run.Kind.PRICE): Verb.EDIT_CATALOG,
}


def needed(run: Run) -> Verb:
    """What executing it takes besides running billing: the verb of what it does to each row."""
    undone = Run.Kind(run.undoes.kind) if run.undoes else ""
    return NEEDED.get((Run.Kind(run.kind), undone), Verb.RUN_BILLING)


@dataclass(frozen=True)
class Part:
    """What the acts of one plan or zone come to, now and the time before."""

    name: str
    currency: str
    rows: int
    amount: Decimal
    before: Decimal

    @property
    def difference(self) -> Decimal:
        return self.amount - self.before


def parts(run: Run, by: str) -> list[Part]:
    """`by` is "plan" or "zone"; who is gone counts with what he was billed before.

    A run without rows is summed from the invoices that it made.
    """
    if not run.frozen:
        return _invoiced(run, by)
    rows = run.rows.exclude(action=RunRow.Action.SKIP).order_by()
    named = rows.values_list(F(f"{by}__name"), "currency")
    acts = Count("pk", filter=~Q(action=RunRow.Action.GONE))
    sums: Any = named.annotate(n=acts, now=total("amount"), was=total("before"))
    found = [Part(name or "-", *rest) for name, *rest in sums]
    return sorted(found, key=lambda part: (-part.amount, part.name))


def _invoiced(run: Run, by: str) -> list[Part]:
    path = {"plan": "service__plan__name", "zone": "customer__zone__name"}[by]
    named = Invoice.objects.filter(run=run.pk).order_by().values_list(path, "currency")
    found: Any = named.annotate(n=Count("pk"), now=total("total"))
    parts = [Part(name or "-", currency, n, now, ZERO) for name, currency, n, now in found]
    return sorted(parts, key=lambda part: (-part.amount, part.name))


def sums(run: Run) -> list[Part]:
    """The whole run by currency, from the plan's own figures."""
    amounts, before = run.totals.get("amounts", {}), run.totals.get("before", {})
    return [
        Part("", currency, run.totals["rows"], Decimal(amounts.get(currency, 0)),
             Decimal(before.get(currency, 0)))
        for currency in sorted(amounts.keys() | before.keys())
    ] or [Part("", "", 0, ZERO, ZERO)]  # fmt: skip


def left_out(run: Run) -> Iterator[tuple[RunRow, int]]:
    """For each reason one row that has it, to be told in words, and how many have it."""
    counts = run.totals.get("left_out", {})
    for code, count in sorted(counts.items(), key=lambda each: -each[1]):
        example = run.rows.filter(action=RunRow.Action.SKIP, reasons__0__code=code).first()
        if example is not None:
            yield example, count


def exceptions(rows: QuerySet[RunRow]) -> QuerySet[RunRow]:
    """Whoever is not simply done: left out, refused, or a problem."""
    return rows.filter(
        status__in=[RunRow.Status.REFUSED, RunRow.Status.PROBLEM, RunRow.Status.NOTE]
    )
