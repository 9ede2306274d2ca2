"""Taking back what a run wrote, row by row, where nothing has come on top of it since."""

from caudal.apps.billing.actions import void_invoice
from caudal.apps.billing.calendars import clock_named
from caudal.apps.billing.models import Invoice, ReconnectionCharge
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Suspension, SuspensionReason
from caudal.apps.dunning import actions as dunning
from caudal.apps.runs.acts import pricing
from caudal.apps.runs.acts.batch import Batch
from caudal.apps.runs.models import Run
from caudal.apps.runs.prints import change, fingerprint
from caudal.apps.runs.sources.undoing import facts_of_invoice, paid_since, why_not_void
from caudal.core.civil import local_date


def undo(batch: Batch) -> None:
    assert batch.run.undoes is not None
    kind = batch.run.undoes.kind
    if kind == Run.Kind.CREATE:
        _void(batch)
    elif kind == Run.Kind.CUT:
        _restore(batch)
    else:
        pricing.change_prices(batch)


def _void(batch: Batch) -> None:
    invoices = Invoice.objects.in_bulk([row.invoice_id for row in batch.rows])
    paid = paid_since(list(invoices.values()))
    today = local_date(batch.now, clock_named(batch.run.time_zone))
    for row in batch.rows:
        assert row.invoice_id is not None
        invoice = invoices[row.invoice_id]
        blocked = why_not_void(invoice, paid)
        facts = facts_of_invoice(invoice)
        if blocked or fingerprint(facts) != row.fingerprint:
            batch.refuse(row, [change(blocked or "total", row.facts["total"], facts["total"])])
            continue
        void_invoice(
            actor=batch.actor,
            now=batch.now,
            today=today,
            invoice=invoice,
            reason=str(batch.run.undoes),
        )
        batch.finish(row)


def _restore(batch: Batch) -> None:
    """The routers follow; what the cut left to pay for the reconnection goes with it.

    Who still owes is cut again by the next job, unless who approved it waives what is owed by now.
    """
    found = Suspension.objects.select_related("service")
    suspensions = found.in_bulk([row.suspension_id for row in batch.rows])
    for row in batch.rows:
        assert row.suspension_id is not None
        suspension = suspensions[row.suspension_id]
        if suspension.closed_at is not None:
            batch.refuse(row, [change("already-restored")])
            continue
        customers.lift(
            actor=batch.actor,
            now=batch.now,
            service=suspension.service,
            reason=SuspensionReason.UNPAID,
            note=str(batch.run.undoes),
        )
        if batch.run.options.get("waives"):
            dunning.waive(suspension.service, batch.actor, batch.now)
        ReconnectionCharge.objects.filter(suspension=suspension, invoice=None).delete()
        batch.finish(row)
