"""What waits for an invoice that will not come: a last invoice asks for it, or it is credit."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from caudal.apps.billing.adjustments import adjust
from caudal.apps.billing.corrections import Act, with_tax
from caudal.apps.billing.issuing import Order, issue_invoice
from caudal.apps.billing.models import Adjustment, DayCorrection, Invoice, PendingItem
from caudal.apps.billing.settling import settle
from caudal.apps.customers.models import Service
from caudal.core.money import ZERO


def waiting_items(service: Service) -> list[PendingItem]:
    """What has been left for the next invoice of this service."""
    waiting = PendingItem.objects.filter(service=service, invoice=None, cancelled_at=None)
    return list(waiting.order_by("on", "id"))


def settle_left(act: Act, service: Service, items: Sequence[PendingItem]) -> None:
    """Turn the items into a last invoice, or into credit at once; none of them waits any more."""
    net = with_tax(service.customer, sum_of(items), service.plan.currency)
    if net > 0:
        order = Order(service=service, items=items, origin=Invoice.Origin.AUTOMATIC)
        issue_invoice(actor=act.actor, now=act.now, customer=service.customer, order=order)
        return
    ids = [row.pk for row in items]
    PendingItem.objects.filter(pk__in=ids).update(cancelled_at=act.now)
    if net < 0:
        note = _credit(act, service, net)
        rows = {int(row.origin_key.split(":")[1]) for row in items if is_of_days(row)}
        DayCorrection.objects.filter(pk__in=rows).update(adjustment=note)


def sum_of(items: Iterable[PendingItem]) -> Decimal:
    return sum((row.amount for row in items), ZERO)


def is_of_days(item: PendingItem) -> bool:
    """Whether a correction of billed days left it (`corrections.key_of`)."""
    return item.origin_key.startswith("days:")


def is_last(invoice: Invoice) -> bool:
    """Whether it asks only for what was left of a service that ended, and still can be voided."""
    own = invoice.kind == Invoice.Kind.SERVICE and invoice.origin == Invoice.Origin.AUTOMATIC
    stands = invoice.state != Invoice.State.VOID and invoice.merged_into_id is None
    return own and stands and not invoice.periods.exists()


def _credit(act: Act, service: Service, net: Decimal) -> Adjustment:
    """A credit note that pays what he owes, oldest first; the rest is in his favour (P37)."""
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("Days not used of %(plan)s") % {"plan": service.plan}
    note = adjust(
        actor=act.actor,
        now=act.now,
        customer=service.customer,
        amount=net,
        currency=service.plan.currency,
        on=act.on,
        reason=reason,
    )
    owed = (
        Invoice.objects.unpaid()
        .service()
        .filter(customer=service.customer, company=note.company, currency=note.currency)
    )
    if note.credit is not None and owed:
        settle(note.credit, now=act.now, chosen=list(owed))
    return note
