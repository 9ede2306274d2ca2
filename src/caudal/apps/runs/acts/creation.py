"""Creating the invoices of a plan: computed again, and written where they are still the same."""

from collections.abc import Sequence

from caudal.apps.billing.drafts import Draft
from caudal.apps.billing.emissions import Skipped
from caudal.apps.billing.models import BilledPeriod, Parked
from caudal.apps.billing.writing import write
from caudal.apps.customers.models import Customer
from caudal.apps.runs.acts.batch import Batch
from caudal.apps.runs.lots import Lot, by_name, lots
from caudal.apps.runs.models import RunRow
from caudal.apps.runs.prints import (
    Change,
    because,
    change,
    changes,
    facts_of_draft,
    fingerprint,
    spans,
)


def create(batch: Batch) -> None:
    """Write the drafts that are as planned, in the order of the plan."""
    known = by_name(lots(batch.run, batch.now))
    fresh = _Fresh(batch, known)
    agreed = [row for row in batch.rows if fresh.agrees(row)]
    drafts = [fresh.drafts[row.key] for row in agreed]
    for row, invoice in zip(
        agreed, write(drafts, now=batch.now, actor=batch.actor, run=batch.run.pk), strict=True
    ):
        row.invoice = invoice
        batch.finish(row)
    billed = {row.customer_id for row in agreed}
    Parked.objects.filter(on=batch.run.on, customer__in=billed).delete()


class _Fresh:
    """What the rules say now of the customers of a batch."""

    def __init__(self, batch: Batch, known: dict[str, list[Lot]]) -> None:
        self.batch = batch
        self.known = known
        self.drafts: dict[str, Draft] = {}
        self.skipped: dict[int, list[Skipped]] = {}
        for name in dict.fromkeys(row.lot for row in batch.rows):
            owners = {row.customer_id for row in batch.rows if row.lot == name}
            for lot in known.get(name, []):
                self._draft(lot, [pk for pk in batch.customers if pk in owners])

    def _draft(self, lot: Lot, owners: Sequence[int]) -> None:
        services = lot.emission.services().filter(customer__in=owners)
        due = set(services.values_list("customer_id", flat=True))
        customers = [self.batch.customers[pk] for pk in owners if pk in due]
        drafts, skipped = lot.drafts(customers)
        self.drafts |= {lot.key(draft): draft for draft in drafts}
        for one in skipped:
            self.skipped.setdefault(one.customer.pk, []).append(one)

    def agrees(self, row: RunRow) -> bool:
        """Whether the row's draft is as planned; if not, it is refused with what changed."""
        draft = self.drafts.get(row.key)
        if draft is None:
            self.batch.refuse(row, self._why_not(row))
            return False
        facts = facts_of_draft(draft)
        if fingerprint(facts) == row.fingerprint:
            return True
        self.batch.refuse(row, changes(row.facts, facts))
        return False

    def _why_not(self, row: RunRow) -> list[Change]:
        """Why nothing is billed now: an invoice is there, the customer's state, his calendar."""
        billed = _invoice_of(row)
        if billed:
            return [change("already-billed", None, billed)]
        assert row.customer_id is not None
        customer = Customer.objects.get(pk=row.customer_id)
        if not customer.is_invoiced:
            return [change("gratis")]
        reasons = self.skipped.get(row.customer_id, [])
        mine = [one for one in reasons if row.service_id in (None, one.service.pk)]
        if mine:
            return [because(one.reason) for one in mine]
        if row.service is not None and row.service.state not in ("active", "suspended"):
            return [change("service-state", None, str(row.service.state))]
        return [change("calendar" if row.lot not in self.known else "not-billed")]


def _invoice_of(row: RunRow) -> str:
    """The invoice that already charges the days of the row, by its number."""
    for service, first, last in spans(row.facts):
        found = BilledPeriod.objects.filter(
            service=service, is_void=False, first__lte=last, last__gte=first
        ).first()
        if found is not None:
            return found.invoice.label
    return ""
