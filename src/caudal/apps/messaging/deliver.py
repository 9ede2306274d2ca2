"""Sends what waits in the outbox; the only file of the room that meets a channel."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.conf import settings
from django.db.models import F, Q

from caudal.apps.messaging import attachments
from caudal.apps.messaging.models import Delivery
from caudal.core.ports.channel import Channel, ChannelError, ChannelFault, Message, Part
from caudal.integrations import manifest

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
TOGETHER = 25
"""Documents that are made ahead of their messages."""
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""How long after each failed try; when there is none left the message is given up."""


@dataclass
class Tally:
    sent: int = 0
    failed: int = 0
    retried: int = 0

    def summary(self) -> dict[str, int]:
        return {"sent": self.sent, "failed": self.failed, "retried": self.retried}


def mail_channel() -> Channel:
    """The channel that the settings ask for: a folder of files, or the SMTP server."""
    if settings.MAIL_FOLDER:
        made = manifest("channels", "folder")
        config = made.config(path=settings.MAIL_FOLDER, sender=settings.DEFAULT_FROM_EMAIL)
        channel: Channel = made.connect(config)
        return channel
    made = manifest("channels", "smtp")
    starttls = "starttls" if settings.EMAIL_USE_TLS else "none"
    config = made.config(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        security="tls" if settings.EMAIL_USE_SSL else starttls,
        username=settings.EMAIL_HOST_USER or "",
        password=settings.EMAIL_HOST_PASSWORD or "",
        sender=settings.DEFAULT_FROM_EMAIL,
        timeout_s=settings.EMAIL_TIMEOUT,
    )
    server: Channel = made.connect(config)
    return server


def deliver(
    now: datetime,
    worker: str,
    channel: Channel | None = None,
    limit: int = 500,
    told: Callable[[], None] = lambda: None,
) -> Tally:
    """Send up to `limit` messages that are due. Several workers may do so at once.

    `told` is called after each.

    A message is sent twice only if a worker dies between the server's yes and its own note of
    it; both copies then have one Message-ID. A server that is down ends the pass.
    """
    tally = Tally()
    channel = channel or mail_channel()
    started = monotonic()
    ahead = _Ahead()
    try:
        for _ in range(limit):
            instant = now + timedelta(seconds=monotonic() - started)  # leases outlast a slow pass
            row = claim(instant, worker)
            if row is None or not _send(row, channel, ahead, instant, tally):
                break
            told()
    finally:
        channel.close()
    return tally


def claim(now: datetime, worker: str) -> Delivery | None:
    """Take the next due message for LEASE, counting a try: one that kills its worker ends too."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    due = Delivery.objects.filter(free, status=Delivery.Status.WAITING, next_try_at__lte=now)
    for pk in due.order_by("next_try_at", "id").values_list("pk", flat=True)[:20]:
        taken = due.filter(pk=pk).update(
            lease_until=now + LEASE, lease_by=worker, tries=F("tries") + 1
        )
        if taken:
            return Delivery.objects.get(pk=pk)
    return None


class _Ahead:
    """Documents of the messages that come next, made together while one is at it."""

    def __init__(self) -> None:
        self._made: dict[str, attachments.Attachment] = {}
        self._one_by_one = False

    def of(self, row: Delivery, now: datetime) -> list[attachments.Attachment]:
        if not row.attachment:
            return []
        if row.attachment not in self._made and not self._one_by_one:
            self._made = self._prepared(row, now)
        made = self._made.pop(row.attachment, None)
        return attachments.make(row.attachment) if made is None else [made]

    def _prepared(self, row: Delivery, now: datetime) -> dict[str, attachments.Attachment]:
        waiting = Delivery.objects.filter(
            status=Delivery.Status.WAITING, next_try_at__lte=now, lease_until=None
        ).exclude(attachment="")
        names = waiting.order_by("next_try_at", "id").values_list("attachment", flat=True)
        try:
            return attachments.prepare(dict.fromkeys([row.attachment, *names[:TOGETHER]]))
        except Exception:  # which of them it is shows when each is made alone
            log.warning("messaging.documents_one_by_one", trace=traceback.format_exc())
            self._one_by_one = True
            return {}


def _send(row: Delivery, channel: Channel, ahead: _Ahead, now: datetime, tally: Tally) -> bool:
    """One message; False when the pass should end."""
    try:
        channel.send(_message(row, ahead.of(row, now)))
    except ChannelError as error:
        _failed(row, error, now, tally)
        return not error.down
    except Exception as error:  # a document that cannot be made: only this message is affected
        log.error("messaging.document_failed", delivery=row.pk, trace=traceback.format_exc())
        fault = ChannelError(ChannelFault.MESSAGE_REFUSED, detail=type(error).__name__)
        _failed(row, fault, now, tally)
        return True
    _close(row, status=Delivery.Status.SENT, sent_at=now, error="")
    tally.sent += 1
    return True


def _message(row: Delivery, documents: list[attachments.Attachment]) -> Message:
    parts = tuple(Part(made.filename, made.content, made.mimetype) for made in documents)
    return Message(row.key, row.to, row.subject, row.body, parts)


def _failed(row: Delivery, error: ChannelError, now: datetime, tally: Tally) -> None:
    words = str(error)[:300]
    if error.permanent or row.tries > len(WAITS):
        _close(row, status=Delivery.Status.FAILED, error=words)
        tally.failed += 1
        return
    _close(row, next_try_at=now + WAITS[row.tries - 1], error=words)
    tally.retried += 1


def _close(row: Delivery, **fields: object) -> None:
    """Give the row back with what became of it, unless its lease went to somebody else."""
    Delivery.objects.filter(pk=row.pk, lease_by=row.lease_by, tries=row.tries).update(
        lease_until=None, lease_by="", **fields
    )
