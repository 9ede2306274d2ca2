"""Items that wait for the next service invoice: left by other acts, cancelled by hand."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.models import PendingItem
from caudal.apps.customers.models import Customer, Service
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.errors import RuleError
from caudal.core.money import minor_digits, require_scale, round_half_up
from caudal.core.records import Reason


@transaction.atomic
def leave_item(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    amount: Decimal,
    currency: str,
    on: date,
    description: str,
    kind: str = PendingItem.Kind.OTHER,
    service: Service | None = None,
    trace: Iterable[Reason] = (),
    origin_key: str = "",
) -> PendingItem:
    """A line for the customer's next service invoice, with tax; `amount` < 0 is in his favour.

    The balance moves when it lands. Left again with the same `origin_key`, it is the item that is
    there already. Raises RuleError for zero, or for more decimals than the currency has.
    """
    (customer,) = lock_customers([customer.pk])
    if origin_key:
        known = PendingItem.objects.filter(origin_key=origin_key).first()
        if known is not None:
            return known
    digits = minor_digits(currency)
    if require_scale(amount, digits) == 0:
        raise RuleError("nothing-to-charge")
    item = PendingItem.objects.create(
        customer=customer,
        service=service,
        company=customer.company,
        currency=currency,
        kind=kind,
        amount=amount,
        description=description[:200],
        on=on,
        trace=[reason.to_plain() for reason in trace],
        origin_key=origin_key,
        created_by=actor.name,
        created_at=now,
    )
    after = {"amount": f"{round_half_up(amount, digits):f}", "on": on.isoformat()}
    record(
        actor,
        "billing.leave_item",
        item,
        now=now,
        customer_id=customer.pk,
        after=after,
        note=item.description,
    )
    return item


@transaction.atomic
def cancel_item(*, actor: Actor, now: datetime, item: PendingItem) -> PendingItem:
    """No invoice will take it. Raises RuleError "item-landed" where one has."""
    lock_customers([item.customer_id])
    item = PendingItem.objects.select_for_update().get(pk=item.pk)
    if item.invoice_id is not None:
        raise RuleError("item-landed", number=item.invoice.label if item.invoice else "")
    if item.cancelled_at is None:
        item.cancelled_at = now
        item.save(update_fields=["cancelled_at"])
        record(
            actor,
            "billing.cancel_item",
            item,
            now=now,
            customer_id=item.customer_id,
            note=item.description,
        )
    return item
