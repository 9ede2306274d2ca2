"""Outages that people open, what they cover, and telling whoever is behind them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.utils import formats, translation

from caudal.apps.billing.notices import Post
from caudal.apps.clock import jobs
from caudal.apps.clock.jobs import Run
from caudal.apps.messaging.actions import Notice, queue_all
from caudal.apps.messaging.occasions import Occasion
from caudal.apps.monitoring.behind import Covered, behind
from caudal.apps.monitoring.errors import MonitoringCode
from caudal.apps.monitoring.models import Announcement, Cover
from caudal.apps.outages import actions as outages
from caudal.apps.outages.models import Affected, Outage
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.errors import RuleError

Parts = Mapping[str, Iterable[models.Model]]
"""What fails, by kind: site, device, router, zone, customer."""
PAGE = 250
OCCASIONS = {
    Announcement.Kind.BEGUN: Occasion.OUTAGE_BEGUN,
    Announcement.Kind.ENDED: Occasion.OUTAGE_ENDED,
}


@transaction.atomic
def begin_outage(
    *,
    actor: Actor,
    now: datetime,
    title: str,
    started_at: datetime,
    grace_days: int,
    parts: Parts,
    cause: str = "",
) -> Outage:
    """Open an outage of these parts and write down who is behind them.

    Raises RuleError where nothing was chosen or it has not begun yet.
    """
    if not any(list(rows) for rows in parts.values()):
        raise RuleError(MonitoringCode.NOTHING_COVERED)
    outage = outages.open_outage(
        actor=actor,
        now=now,
        title=title,
        started_at=started_at,
        grace_days=grace_days,
        cause=cause,
    )
    cover_more(actor=actor, now=now, outage=outage, parts=parts)
    return outage


@transaction.atomic
def cover_more(*, actor: Actor, now: datetime, outage: Outage, parts: Parts) -> int:
    """More things fail in this outage than was thought. Returns how many services it adds."""
    rows = [Cover(outage=outage, **{part: row}) for part, found in parts.items() for row in found]
    Cover.objects.bulk_create(rows, ignore_conflicts=True)
    after = {"covers": [str(row) for row in rows]}
    record(actor, "outage.cover", outage, now=now, before={}, after=after)
    return look_again(outage=outage)


def look_again(*, outage: Outage) -> int:
    """Add whoever has come to be behind what it covers. Returns how many services."""
    covered = Covered.of(Cover.objects.filter(outage=outage))
    return outages.affect(outage=outage, services=behind(covered))


@transaction.atomic
def announce(*, actor: Actor, now: datetime, outage: Outage, kind: str) -> Announcement:
    """Have everybody behind the outage told, once; a job does it. Asking again changes nothing."""
    if not outage.affected.exists():
        raise RuleError(MonitoringCode.NOBODY_BEHIND)
    row, is_new = Announcement.objects.get_or_create(
        outage=outage, kind=kind, defaults={"asked_at": now, "asked_by": actor.name}
    )
    if is_new:
        record(actor, f"outage.tell_{kind}", outage, now=now)
        jobs.wake()
    return row


def tell_customers(run: Run, now: datetime) -> int:
    """Leave the notices that were asked for, a page at a time; returns how many.

    A page and the place where the next one begins are stored together, and a message is left once
    per customer and outage, so that a worker that dies tells nobody twice.
    """
    told = 0
    for row in Announcement.objects.filter(done_at=None).select_related("outage"):
        while row.done_at is None:
            with transaction.atomic():
                told += _tell_page(row, now)
            run.advance()
    return told


def message_values(outage: Outage, now: datetime) -> dict[str, Any]:
    """What `outage.…` stands for in a template."""
    with translation.override(settings.LANGUAGE_CODE):
        until = outage.ended_at
        return {
            "title": outage.title,
            "cause": outage.cause,
            "since": _clock(outage.started_at),
            "until": _clock(until) if until else "",
            "hours": round(outage.duration(now).total_seconds() / 3600),
        }


def _tell_page(row: Announcement, now: datetime) -> int:
    row.refresh_from_db(from_queryset=Announcement.objects.select_for_update())
    if row.done_at is not None:
        return 0
    affected = Affected.objects.filter(outage=row.outage_id)
    rest = affected.filter(customer__gt=row.reached).order_by("customer_id")
    owners = list(rest.values_list("customer_id", flat=True).distinct()[:PAGE])
    page = affected.filter(customer__in=owners)
    notices = _notices(row, list(page.select_related("customer__company", "service__plan")), now)
    queue_all(notices, now=now)
    row.reached, row.told = owners[-1] if owners else row.reached, row.told + len(notices)
    row.done_at = now if len(owners) < PAGE else None
    row.save(update_fields=["reached", "told", "done_at"])
    return len(notices)


def _notices(row: Announcement, page: Sequence[Affected], now: datetime) -> list[Notice]:
    outage = row.outage
    values = {"outage": message_values(outage, now)}
    wanted = {
        each.customer_id: each
        for each in page
        if each.customer.may_be_notified and each.customer.archived_at is None
    }
    post = Post(wanted)
    occasion = OCCASIONS[Announcement.Kind(row.kind)]
    found = [
        post.notice(
            each.customer,
            occasion,
            f"outage:{outage.pk}:{row.kind}:{each.customer_id}",
            each.service.plan.currency,
            values | {"service": {"plan": each.service.plan.name, "address": ""}},
        )
        for each in wanted.values()
    ]
    return [notice for notice in found if notice.to]


def _clock(moment: datetime) -> str:
    local = moment.astimezone(ZoneInfo(settings.TIME_ZONE))
    return f"{formats.date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M}"
