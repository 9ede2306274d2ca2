"""How promises end, and that a person has seen it."""

from datetime import datetime

from django.db import transaction

from caudal.apps.customers.models import Customer
from caudal.apps.dunning.models import Promise
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record


def live_promise(customer: Customer) -> Promise | None:
    return Promise.objects.live().filter(customer=customer).first()


def end_promise(row: Promise, outcome: Promise.Outcome, actor: Actor, now: datetime) -> None:
    """It is live no more; the caller holds the customer's lock."""
    row.outcome, row.closed_at, row.closed_by = outcome, now, actor.name
    row.save(update_fields=["outcome", "closed_at", "closed_by"])
    record(
        actor,
        f"dunning.promise_{outcome.name.lower()}",
        row,
        now=now,
        customer_id=row.customer_id,
        before={"until": row.until.isoformat()},
        after={"outcome": str(outcome)},
    )


@transaction.atomic
def see_alert(*, actor: Actor, now: datetime, promise: Promise) -> None:
    """Somebody has read that the promise was given up: it leaves the first page."""
    waiting = Promise.objects.filter(pk=promise.pk, outcome=Promise.Outcome.GIVEN_UP, seen_at=None)
    if waiting.update(seen_at=now, seen_by=actor.name):
        record(actor, "dunning.see_alert", promise, now=now, customer_id=promise.customer_id)
