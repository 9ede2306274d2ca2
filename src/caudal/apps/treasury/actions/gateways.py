"""Gateways: their settings, what customers are asked, and their notices turned into payments."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from secrets import token_hex
from typing import Any

from django.db import transaction
from django.db.models import F

from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.payments.models import CashBox
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.apps.treasury.models import Gateway, GatewayEvent, PaymentLink
from caudal.apps.treasury.reads import offered, payable
from caudal.core.errors import RuleError
from caudal.core.ports.gateway import GatewayError, Notice, Paid, PaymentStatus

FIELDS = ["slug", "name", "kind", "company_id", "cash_box_id", "settings", "restores", "is_active"]
WAITS = (
    timedelta(seconds=20),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
"""How long after each failed try a notice is worked off again; then it is given up."""


@transaction.atomic
def create_gateway(
    *,
    actor: Actor,
    now: datetime,
    slug: str,
    name: str,
    kind: str,
    company: Company,
    cash_box: CashBox,
    settings: dict[str, Any],
    secrets: dict[str, str],
    restores: bool = True,
    is_active: bool = True,
) -> Gateway:
    """An account at a gateway; `settings` and `secrets` are what its integration asks for."""
    gateway = Gateway.objects.create(
        slug=slug,
        name=name,
        kind=kind,
        company=company,
        cash_box=cash_box,
        settings=settings,
        secrets=json.dumps(secrets),
        restores=restores,
        is_active=is_active,
    )
    record(actor, "treasury.create_gateway", gateway, now=now, after=snapshot(gateway, FIELDS))
    return gateway


@transaction.atomic
def edit_gateway(
    *,
    actor: Actor,
    now: datetime,
    gateway: Gateway,
    name: str,
    cash_box: CashBox,
    settings: dict[str, Any],
    secrets: dict[str, str],
    restores: bool,
    is_active: bool,
) -> Gateway:
    """Change its settings; secrets that are left empty stay as they are."""
    gateway = Gateway.objects.select_for_update().get(pk=gateway.pk)
    before = snapshot(gateway, FIELDS)
    kept = json.loads(gateway.secrets or "{}")
    given = {key: value for key, value in secrets.items() if value}
    gateway.name, gateway.cash_box = name, cash_box
    gateway.settings, gateway.secrets = settings, json.dumps({**kept, **given})
    gateway.restores, gateway.is_active = restores, is_active
    gateway.save()
    after = snapshot(gateway, FIELDS) | ({"secrets": "•••"} if given else {})
    record(actor, "treasury.edit_gateway", gateway, now=now, before=before, after=after)
    return gateway


@transaction.atomic
def ask_payment(
    *,
    actor: Actor,
    now: datetime,
    gateway: Gateway,
    customer: Customer,
    invoice: Invoice | None = None,
) -> PaymentLink:
    """What the customer is to pay there: the invoice, or all his service invoices.

    The same question asked again is the same row. Raises RuleError "not-offered",
    "nothing-to-pay" or "gateway-not-in-use".
    """
    if not gateway.is_active or gateway.company_id != customer.company_id:
        raise RuleError("gateway-not-in-use")
    if invoice is not None and not payable(customer).filter(pk=invoice.pk).exists():
        raise RuleError("not-offered")
    amount = offered(customer) if invoice is None else invoice.remaining
    if amount <= 0:
        raise RuleError("nothing-to-pay" if customer.is_invoiced else "not-offered")
    same = PaymentLink.objects.filter(
        gateway=gateway, customer=customer, invoice=invoice, amount=amount
    )
    known = same.order_by("-id").first()
    if known is not None:
        return known
    link = PaymentLink.objects.create(
        gateway=gateway,
        customer=customer,
        invoice=invoice,
        reference=f"{customer.code}-{token_hex(5)}",
        amount=amount,
        currency=customer.company.currency,
        created_at=now,
        created_by=actor.name,
    )
    after = {"amount": f"{amount:.2f}", "gateway": gateway.slug}
    record(actor, "treasury.link", link, now=now, customer_id=customer.pk, after=after)
    return link


def keep_address(link: PaymentLink, url: str) -> None:
    """Write down where the gateway said that the customer pays."""
    link.url = url
    link.save(update_fields=["url"])


def note_event(*, gateway: Gateway, notice: Notice, body: str, now: datetime) -> GatewayEvent:
    """Keep a genuine notice, once per event id (PAY-6); a repeat is only counted."""
    has_payment = bool(notice.payment_id)
    event, is_new = GatewayEvent.objects.get_or_create(
        gateway=gateway,
        event_id=notice.event_id,
        defaults={
            "payment_id": notice.payment_id,
            "told": None if notice.paid is None else _plain(notice.paid),
            "body": body,
            "state": GatewayEvent.State.WAITING if has_payment else GatewayEvent.State.OTHER,
            "received_at": now,
            "next_try_at": now,
        },
    )
    if not is_new:
        GatewayEvent.objects.filter(pk=event.pk).update(repeats=F("repeats") + 1)
    return event


def postpone_event(event: GatewayEvent, error: GatewayError, now: datetime) -> None:
    """The gateway could not be asked: try again later, or give up."""
    waiting = GatewayEvent.objects.filter(pk=event.pk, state=GatewayEvent.State.WAITING)
    words = str(error)[:200]
    if error.permanent or event.tries >= len(WAITS):
        waiting.update(state=GatewayEvent.State.FAILED, tries=F("tries") + 1, error=words)
        return
    waiting.update(tries=F("tries") + 1, next_try_at=now + WAITS[event.tries], error=words)


@transaction.atomic
def retry_event(*, actor: Actor, now: datetime, event: GatewayEvent) -> GatewayEvent:
    """Work a failed notice off once more."""
    event = GatewayEvent.objects.select_for_update().get(pk=event.pk)
    if event.state == GatewayEvent.State.FAILED:
        event.state, event.tries, event.next_try_at = GatewayEvent.State.WAITING, 0, now
        event.save(update_fields=["state", "tries", "next_try_at"])
        record(actor, "treasury.retry_event", event, now=now)
    return event


def told_by(event: GatewayEvent) -> Paid | None:
    """The payment as the notice itself tells it."""
    if event.told is None:
        return None
    told = event.told
    return Paid(
        payment_id=told["payment_id"],
        status=PaymentStatus(told["status"]),
        amount=Decimal(told["amount"]),
        currency=told["currency"],
        reference=told["reference"],
        paid_at=datetime.fromisoformat(told["paid_at"]) if told["paid_at"] else None,
        refunded=Decimal(told["refunded"]),
    )


def _plain(paid: Paid) -> dict[str, str]:
    values = asdict(paid) | {"paid_at": paid.paid_at.isoformat() if paid.paid_at else ""}
    return {name: str(value) for name, value in values.items()}
