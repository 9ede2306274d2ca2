"""Talks to gateways and reads banks' files; the only file of the room that meets integrations."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, cast

import structlog
from django.db import transaction

from caudal.apps.billing.models import Invoice
from caudal.apps.clock.jobs import wake
from caudal.apps.customers.models import Customer
from caudal.apps.staff.actor import Actor
from caudal.apps.treasury import actions
from caudal.apps.treasury.models import Gateway, GatewayEvent, PaymentLink
from caudal.core.ports.gateway import (
    Ask,
    Checks,
    Fetches,
    GatewayError,
    GatewayFault,
    Links,
    RawNotice,
)
from caudal.core.ports.gateway import Gateway as Driver
from caudal.core.ports.statement import (
    Reading,
    StatementError,
    StatementFault,
    StatementReader,
)
from caudal.integrations import Manifest, manifest, manifests

log = structlog.get_logger()

LARGEST_FILE = 20 * 1024 * 1024
Kind = Manifest
"""What a kind of gateway is: its title, the settings that it asks for, which of them are secret."""
TABLE = "csv"
"""The format that is tried where no other fits."""


def kinds() -> dict[str, Kind]:
    """Every kind of gateway there is, by slug."""
    return manifests("gateways")


def driver(gateway: Gateway) -> Driver:
    """Raises GatewayError BAD_CONFIG."""
    made = manifest("gateways", gateway.kind)
    given: dict[str, Any] = {**gateway.settings, **json.loads(gateway.secrets or "{}")}
    known = {field.name for field in fields(made.config)}
    config = made.config(**{name: value for name, value in given.items() if name in known})
    return cast(Driver, made.connect(config))


def receive(gateway: Gateway, raw: RawNotice, now: datetime, at: datetime) -> GatewayEvent:
    """Check a notice, keep it, and work it off at once where it tells everything.

    `at` is the machine's time, which gateways stamp by. What fails after it was kept is done by
    the job. Raises GatewayError FORGED or MALFORMED.
    """
    notice = driver(gateway).verify(raw, at)
    event = actions.note_event(
        gateway=gateway, notice=notice, body=raw.body.decode("utf-8", "replace"), now=now
    )
    if event.state == GatewayEvent.State.WAITING:
        _at_once(event, now)
    return event


def work_off(event: GatewayEvent, now: datetime) -> None:
    """Ask the gateway where the notice does not tell, and move the payment forward."""
    try:
        paid = actions.told_by(event) or _fetch(event)
    except GatewayError as error:
        actions.postpone_event(event, error, now)
        return
    actions.work_off(event=event, paid=paid, now=now)


def waiting(now: datetime) -> list[GatewayEvent]:
    """Notices that are due, oldest first."""
    due = GatewayEvent.objects.filter(state=GatewayEvent.State.WAITING, next_try_at__lte=now)
    return list(due.select_related("gateway").order_by("next_try_at", "id")[:500])


def link(
    *,
    actor: Actor,
    now: datetime,
    gateway: Gateway,
    customer: Customer,
    invoice: Invoice | None = None,
    notify_url: str = "",
) -> PaymentLink:
    """An address at which the customer pays. Raises RuleError and GatewayError."""
    row = actions.ask_payment(
        actor=actor, now=now, gateway=gateway, customer=customer, invoice=invoice
    )
    if row.url:
        return row
    made = driver(gateway)
    if not isinstance(made, Links):
        raise GatewayError(GatewayFault.BAD_CONFIG, permanent=True, detail="makes no links")
    title = invoice.label if invoice is not None else customer.code
    actions.keep_address(
        row, made.link(Ask(row.reference, title, row.amount, row.currency, notify_url))
    )
    return row


def check(gateway: Gateway) -> str:
    """The name of the account that answers; empty where there is nothing to ask.

    Raises GatewayError.
    """
    made = driver(gateway)
    return made.check() if isinstance(made, Checks) else ""


def formats() -> list[tuple[str, str]]:
    """Slug and title of every format of bank files."""
    return [(made.slug, made.title) for made in manifests("statements").values()]


def read_statement(content: bytes, columns: Mapping[str, str] | None = None) -> tuple[str, Reading]:
    """The format that the file is of, and what it says. Raises StatementError."""
    if len(content) > LARGEST_FILE:
        raise StatementError(StatementFault.TOO_LARGE)
    readers: dict[str, StatementReader] = {
        made.slug: made.connect(made.config()) for made in manifests("statements").values()
    }
    table = readers.pop(TABLE)
    for slug, reader in readers.items():
        if reader.fits(content):
            return slug, reader.read(content)
    return TABLE, table.read(content, columns)


def _at_once(event: GatewayEvent, now: datetime) -> None:
    if event.told is None:
        wake()  # the gateway has to be asked, which takes its time
        return
    try:
        with transaction.atomic():
            work_off(event, now)
    except Exception as error:  # the row stays, and the job meets whatever this was again
        log.error("treasury.event_failed", event=event.pk, error=type(error).__name__)


def _fetch(event: GatewayEvent) -> Any:
    made = driver(event.gateway)
    if not isinstance(made, Fetches):
        raise GatewayError(GatewayFault.BAD_CONFIG, permanent=True, detail="cannot be asked")
    return made.fetch(event.payment_id)
