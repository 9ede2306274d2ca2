"""Leaving messages in the outbox, and what people do with them and with their templates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from caudal.apps.messaging.defaults import DEFAULTS
from caudal.apps.messaging.models import Delivery, Template
from caudal.apps.messaging.occasions import Context, Occasion
from caudal.apps.messaging.render import TemplateError, Text, check, render
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to leave; the arguments of `queue`."""

    key: str
    to: str
    occasion: str
    context: Context
    customer_id: int | None
    language: str = "es"
    attachment: str = ""


def queue(
    *,
    key: str,
    to: str,
    occasion: str,
    context: Context,
    customer_id: int | None,
    now: datetime,
    language: str = "es",
    attachment: str = "",
) -> None:
    """Leave one message in the outbox, once per `key` (e.g. "invoice:12:issued").

    Calling it again with the same key changes nothing. Without an address, or when the owner
    switched the occasion's template off, nothing is left. `context` holds what
    `occasions.VARIABLES` names; `attachment` is "kind:id" of `attachments.register`.
    """
    queue_all([Notice(key, to, occasion, context, customer_id, language, attachment)], now=now)


def queue_all(notices: Iterable[Notice], *, now: datetime) -> None:
    """As `queue` for many at once: two queries however many there are."""
    templates = {(t.occasion, t.language): t for t in Template.objects.all()}
    rows = []
    for notice in notices:
        template = templates.get((Occasion(notice.occasion), notice.language))
        if notice.to and (template is None or template.is_active):
            rows.append(_row(notice, _text(notice, template), now))
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def queue_text(notice: Notice, *, subject: str, body: str, now: datetime) -> None:
    """Leave one message with words of its own instead of a template's, once per key.

    They may name what the context holds. Raises TemplateError, and leaves nothing, on a fault.
    """
    if notice.to:
        text = render(subject, body, notice.context, notice.language)
        Delivery.objects.bulk_create([_row(notice, text, now)], ignore_conflicts=True)


def _row(notice: Notice, text: Text, now: datetime) -> Delivery:
    return Delivery(
        key=notice.key,
        occasion=notice.occasion,
        customer_id=notice.customer_id,
        to=notice.to,
        subject=text.subject,
        body=text.body,
        attachment=notice.attachment,
        created_at=now,
        next_try_at=now,
    )


def _text(notice: Notice, template: Template | None) -> Text:
    """The edited text; where it is missing or fails on these very values, the original one."""
    if template is not None:
        try:
            return render(template.subject, template.body, notice.context, notice.language)
        except TemplateError:
            pass  # a bill must not fail for a division by zero in somebody's text
    language = notice.language if (notice.occasion, notice.language) in DEFAULTS else "es"
    subject, body = DEFAULTS[notice.occasion, language]
    return render(subject, body, notice.context, notice.language)


@transaction.atomic
def resend(*, actor: Actor, now: datetime, delivery: Delivery) -> Delivery:
    """Leave a copy of a message that went out or failed; the first row stays as it was (MW-34)."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    first = delivery.key.partition("#")[0]
    count = Delivery.objects.filter(key__startswith=f"{first}#").count()
    copy = Delivery.objects.create(
        key=f"{first}#{count + 2}",
        channel=delivery.channel,
        occasion=delivery.occasion,
        customer_id=delivery.customer_id,
        to=delivery.to,
        subject=delivery.subject,
        body=delivery.body,
        attachment=delivery.attachment,
        created_at=now,
        next_try_at=now,
    )
    record(actor, "messages.resend", copy, now=now, customer_id=copy.customer_id, note=copy.to)
    return copy


@transaction.atomic
def withdraw(*, actor: Actor, now: datetime, delivery: Delivery) -> bool:
    """Take back a message that still waits. False when it is on its way or already went."""
    waiting = Delivery.objects.filter(
        pk=delivery.pk, status=Delivery.Status.WAITING, lease_until=None
    )
    done = bool(waiting.update(status=Delivery.Status.CANCELLED))
    if done:
        who = delivery.customer_id
        record(actor, "messages.withdraw", delivery, now=now, customer_id=who, note=delivery.to)
    return done


@transaction.atomic
def edit_template(
    *, actor: Actor, now: datetime, template: Template, subject: str, body: str, is_active: bool
) -> Template:
    """Change what is sent on an occasion. Raises TemplateError, and changes nothing, on a fault."""
    check(subject)
    check(body)
    fields = ["subject", "body", "is_active"]
    template = Template.objects.select_for_update().get(pk=template.pk)
    before = snapshot(template, fields)
    template.subject, template.body, template.is_active = subject, body, is_active
    template.updated_at = now
    template.save()
    after = snapshot(template, fields)
    record(actor, "messages.edit_template", template, now=now, before=before, after=after)
    return template
