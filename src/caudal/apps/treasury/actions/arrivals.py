"""Payments at gateways moved forward by what is told of them, whatever the order and repeats."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Customer
from caudal.apps.payments.actions import delete_payment, refund, register_payment
from caudal.apps.payments.models import Payment
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.treasury.models import Gateway, GatewayEvent, GatewayPayment, PaymentLink
from caudal.core.civil import local_date, zone_named
from caudal.core.errors import RuleError
from caudal.core.money import ZERO
from caudal.core.ports.gateway import Paid, PaymentStatus, moves_forward
from caudal.web.errors import explain

Unmatched = GatewayPayment.Unmatched
State = GatewayEvent.State


@transaction.atomic
def work_off(*, event: GatewayEvent, paid: Paid, now: datetime) -> GatewayEvent:
    """Let the payment be what the notice (or the gateway, asked) says. Twice is once."""
    gateway = event.gateway
    row = _locked(gateway, paid.payment_id, now)
    event = GatewayEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if event.state != State.WAITING:
        return event
    moved = advance(row, paid, now=now)
    event.about, event.state = row, State.DONE if moved else State.LATE
    event.error = ""
    event.save(update_fields=["about", "state", "error"])
    return event


def advance(row: GatewayPayment, paid: Paid, *, now: datetime) -> bool:
    """Move the locked row forward; False where the news is old (PAY-6)."""
    if moves_forward(row.status, paid.status):
        _step(row, paid, now)
    elif row.status == paid.status == PaymentStatus.APPROVED and paid.refunded > row.refunded:
        _give_part_back(row, paid.refunded, now)
    else:
        return False
    row.changed_at = now
    row.save()
    return True


@transaction.atomic
def assign_gateway_payment(
    *,
    actor: Actor,
    now: datetime,
    row: GatewayPayment,
    customer: Customer,
    invoice: Invoice | None = None,
) -> GatewayPayment:
    """Give money that waits to a customer, by hand. Raises RuleError."""
    row = _waiting(row)
    gateway = row.gateway
    row.customer, row.invoice = customer, invoice
    payment = _register(row, gateway, now, actor)
    is_new = payment != row.payment
    row.payment, row.unmatched, row.note = payment, "", ""
    if is_new:
        _give_back_told(row, now)
    row.settled_by, row.changed_at = "", now
    row.save()
    record(
        actor, "treasury.assign", row, now=now, customer_id=customer.pk,
        after={"payment": str(payment), "amount": f"{row.amount:.2f}"},
    )  # fmt: skip
    return row


@transaction.atomic
def set_aside(*, actor: Actor, now: datetime, row: GatewayPayment, reason: str) -> GatewayPayment:
    """Take gateway money off the list without a payment: given back by hand, a test ..."""
    if not reason.strip():
        raise RuleError("reason-missing", field="reason")
    row = _waiting(row)
    row.unmatched, row.note, row.settled_by, row.changed_at = "", reason[:200], actor.name, now
    row.save()
    record(actor, "treasury.set_aside", row, now=now, note=reason)
    return row


def _locked(gateway: Gateway, external_id: str, now: datetime) -> GatewayPayment:
    GatewayPayment.objects.get_or_create(
        gateway=gateway,
        external_id=external_id,
        defaults={"first_at": now, "changed_at": now},
    )
    return GatewayPayment.objects.select_for_update().get(gateway=gateway, external_id=external_id)


def _waiting(row: GatewayPayment) -> GatewayPayment:
    row = GatewayPayment.objects.select_for_update(of=("self",)).get(pk=row.pk)
    gone = row.payment is not None and row.payment.deleted_at is not None and not row.settled_by
    if not row.unmatched and not (row.status == PaymentStatus.APPROVED and gone):
        raise RuleError("already-settled")
    return row


def _step(row: GatewayPayment, paid: Paid, now: datetime) -> None:
    row.status, row.refunded = paid.status, paid.refunded
    row.amount, row.currency = paid.amount, paid.currency
    row.reference, row.paid_at = paid.reference, paid.paid_at
    if paid.status == PaymentStatus.APPROVED:
        _take(row, now)
    elif paid.status in (PaymentStatus.REFUNDED, PaymentStatus.CHARGED_BACK):
        _give_back(row, now)


def _take(row: GatewayPayment, now: datetime) -> None:
    """The money is there: a payment of whoever its reference names, or money that waits."""
    gateway = row.gateway
    link = PaymentLink.objects.filter(gateway=gateway, reference=row.reference).first()
    if link is not None:
        row.customer, row.invoice = link.customer, link.invoice
    else:
        row.customer = _named(gateway, row.reference)
    row.unmatched = _misfit(row, link)
    if row.unmatched:
        return
    try:
        row.payment = _register(row, gateway, now, _actor(gateway))
    except RuleError as refusal:
        row.unmatched, row.note = Unmatched.REFUSED, _in_words(refusal)
        return
    _give_back_told(row, now)


def _give_back_told(row: GatewayPayment, now: datetime) -> None:
    """What the gateway had given back before there was a payment here."""
    told, row.refunded = row.refunded, ZERO
    if told:
        _give_part_back(row, told, now)


def _misfit(row: GatewayPayment, link: PaymentLink | None) -> str:
    if row.customer is None:
        return Unmatched.UNKNOWN_REFERENCE
    if row.currency != row.gateway.cash_box.account.currency:
        return Unmatched.OTHER_CURRENCY
    if link is not None and link.amount != row.amount:
        return Unmatched.OTHER_AMOUNT
    return ""


def _named(gateway: Gateway, reference: str) -> Customer | None:
    """By his electronic payment code (IC-60) or his code; None where two share it."""
    if not reference:
        return None
    mine = Customer.objects.filter(company=gateway.company, archived_at=None)
    for field in ("electronic_payment_code", "code"):
        found = list(mine.filter(**{field: reference})[:2])
        if len(found) == 1:
            return found[0]
    return None


def _register(row: GatewayPayment, gateway: Gateway, now: datetime, actor: Actor) -> Payment:
    """One payment per payment at the gateway; a number goes on where the first was deleted."""
    assert row.customer is not None
    name = row.external_id[:110]
    mine = Q(external_id=row.external_id) | Q(external_id__startswith=f"{name}#")
    earlier = Payment.objects.filter(mine, gateway=gateway.slug, deleted_at__isnull=False).count()
    invoice = row.invoice
    if invoice is not None:
        invoice = Invoice.objects.unpaid().filter(pk=invoice.pk).first()
    return register_payment(
        actor=actor,
        now=now,
        customer=row.customer,
        amount=row.amount,
        currency=row.currency,
        method=Payment.Method.GATEWAY,
        cash_box=gateway.cash_box,
        paid_at=min(row.paid_at or now, now),
        invoice=invoice,
        reference=row.external_id[:80],
        gateway=gateway.slug,
        external_id=f"{name}#{earlier + 1}" if earlier else row.external_id,
        restore=gateway.restores,
        operator=actor.user,
    )


def _give_part_back(row: GatewayPayment, so_far: Decimal, now: datetime) -> None:
    """The gateway gave a part back: the same is given back here, once (PAY-7)."""
    part, row.refunded = so_far - row.refunded, so_far
    payment = row.payment
    if payment is None or payment.deleted_at is not None:
        return
    try:
        refund(
            actor=_actor(row.gateway),
            now=now,
            customer=payment.customer,
            amount=part,
            currency=payment.currency,
            method=Payment.Method.GATEWAY,
            cash_box=row.gateway.cash_box,
            reason=f"{row.gateway}: {row.status}",
            operator=None,
            payment=payment,
            gateway=row.gateway.slug,
            external_id=f"{payment.external_id[-90:]}:refund:{so_far.normalize():f}",
        )
    except RuleError as refusal:
        row.unmatched, row.note = Unmatched.PART_REFUNDED, _in_words(refusal)


def _give_back(row: GatewayPayment, now: datetime) -> None:
    """Refunded in full or charged back: the payment is reversed, dated today (PAY-6)."""
    row.unmatched = ""
    payment = row.payment
    if payment is None or payment.deleted_at is not None:
        return
    zone = zone_named(time_zone_of(payment.customer.zone))
    delete_payment(
        actor=_actor(row.gateway),
        now=now,
        today=local_date(now, zone),
        payment=payment,
        reason=f"{row.gateway}: {row.status}",
    )


def _actor(gateway: Gateway) -> Actor:
    return Actor.system(gateway.name)


def _in_words(refusal: RuleError) -> str:
    """For who reads it tomorrow, in the language of the house: a notice has no language."""
    with translation.override(settings.LANGUAGE_CODE):
        return explain(refusal)[:200]
