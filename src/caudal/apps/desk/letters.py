"""E-mails that somebody writes to one customer (MW-35): what they may say, and leaving them."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from caudal.apps.billing.models import Invoice
from caudal.apps.billing.notices import Post, invoice_values, service_values
from caudal.apps.customers.models import Contact, Customer, ServiceState
from caudal.apps.messaging import actions as messaging
from caudal.apps.messaging.actions import Notice
from caudal.apps.messaging.models import Delivery, Template
from caudal.apps.messaging.occasions import VARIABLES, Occasion, Variable
from caudal.apps.messaging.render import Text, render
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.errors import RuleError

OF_INVOICES = (Occasion.PAYMENT_REMINDER, Occasion.INVOICE_ISSUED, Occasion.CUT_NOTICE)
OF_ALL = (Occasion.WELCOME, Occasion.SERVICE_RESTORED)
LATEST = 6
"""Invoices that may be attached."""


def variables() -> tuple[Variable, ...]:
    """What a letter may name."""
    return VARIABLES[Occasion.CUT_NOTICE]


def addresses_of(customer: Customer) -> list[str]:
    """His e-mails, first the one to which notices go."""
    first = Post([customer.pk]).address_of(customer.pk)
    rows = Contact.objects.filter(customer=customer, kind=Contact.Kind.EMAIL).order_by("pk")
    return list(dict.fromkeys([*([first] if first else []), *rows.values_list("value", flat=True)]))


def invoices_of(customer: Customer) -> list[Invoice]:
    """Those that a letter may bring along, the oldest unpaid one first."""
    rows = Invoice.objects.filter(customer=customer).exclude(state__in=("void", "merged"))
    newest = list(rows.order_by("-emission", "-id")[:LATEST])
    return sorted(newest, key=lambda row: (not row.remaining, row.due))


def templates_for(invoices: list[Invoice]) -> list[Template]:
    """Those that make sense for him: what speaks of an invoice needs one."""
    wanted = (*OF_INVOICES, *OF_ALL) if invoices else OF_ALL
    return list(Template.objects.filter(occasion__in=wanted, language="es").order_by("pk"))


def fill(customer: Customer, subject: str, body: str, invoice: Invoice | None) -> Text:
    """The letter as he will read it. Raises TemplateError."""
    notice = _notice(customer, "", invoice, "")
    return render(subject, body, notice.context, notice.language)


@transaction.atomic
def send_letter(
    *,
    actor: Actor,
    now: datetime,
    key: UUID,
    customer: Customer,
    to: str,
    subject: str,
    body: str,
    invoice: Invoice | None = None,
    attach: bool = False,
) -> Delivery:
    """Leave the letter in the outbox, once per `key`; he gets it although notices are off.

    `to` is one of his addresses; `invoice` is the one that it speaks of, and `attach` sends it
    along. Raises TemplateError, or RuleError "no-address" for an address that is not his.
    """
    if to not in addresses_of(customer):
        raise RuleError("no-address", customer=customer.name)
    notice = _notice(customer, f"letter:{key}", invoice, to)
    if attach and invoice is not None:
        notice = replace(notice, attachment=f"invoice:{invoice.pk}")
    known = Delivery.objects.filter(key=notice.key).first()
    if known is not None:
        return known
    messaging.queue_text(notice, subject=subject, body=body, now=now)
    row = Delivery.objects.get(key=notice.key)
    record(actor, "messages.write", row, now=now, customer_id=customer.pk, note=to)
    return row


def _notice(customer: Customer, key: str, invoice: Invoice | None, to: str) -> Notice:
    values: dict[str, Any] = {} if invoice is None else {"invoice": invoice_values(invoice)}
    services = customer.services.select_related("plan").order_by("number")
    service = services.exclude(state=ServiceState.CANCELLED).first() or services.last()
    if service is not None:
        values["service"] = service_values(service)
    currency = customer.company.currency if invoice is None else invoice.currency
    notice = Post([customer.pk]).notice(customer, "", key, currency, values)
    return replace(notice, to=to)
