"""Telling the owner that a router's trouble has lasted too long, and that it is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import override

from caudal.apps.catalog.models import Company
from caudal.apps.messaging.actions import Notice, queue_all
from caudal.apps.messaging.occasions import Occasion
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.words import explain_fault
from caudal.apps.staff.models import User


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a router is in alarm: since when, what is the matter, and how many changes wait."""

    since: datetime
    error: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Recipient:
    email: str
    language: str


def tell(now: datetime) -> dict[str, int]:
    """Leave messages for alarms that begin and end; once for each, however often it is called."""
    troubles = troubles_of(now)
    told = {"alarms": 0, "recovered": 0}
    for router in Router.objects.all():
        trouble = troubles.get(router.pk)
        if trouble and router.alarmed_at is None:
            told["alarms"] += _tell(router, Occasion.ROUTER_ALARM, trouble, now)
        elif trouble is None and router.alarmed_at is not None:
            over = Trouble(router.alarmed_at, "", 0)
            told["recovered"] += _tell(router, Occasion.ROUTER_RECOVERED, over, now)
    return told


def troubles_of(now: datetime) -> dict[int, Trouble]:
    """By router: those that fail, or whose changes wait, for longer than their owner wants."""
    rows = (
        Connection.objects.live()
        .waiting()
        .values("router_id")
        .annotate(since=Min(Coalesce("pending_since", "service__changed_at")), waiting=Count("pk"))
        .order_by()
    )
    waiting = {row["router_id"]: (row["since"], row["waiting"]) for row in rows}
    found = {}
    for router in Router.objects.all():
        since, count = waiting.get(router.pk, (None, 0))
        if router.is_active and router.is_alarming(now):
            assert router.failing_since is not None
            found[router.pk] = Trouble(router.failing_since, router.last_error, count)
        elif since is not None and router.is_too_long(since, now):
            found[router.pk] = Trouble(since, "", count)
    return found


def owners() -> list[Recipient]:
    """Who is told: people of the owner's role who have an address, else the companies."""
    people = User.objects.filter(role__code="owner", is_active=True).exclude(email="")
    found = [Recipient(user.email, user.language or "es") for user in people]
    companies = Company.objects.exclude(email="").order_by("pk")
    return found or [Recipient(company.email, "es") for company in companies[:1]]


@transaction.atomic
def _tell(router: Router, occasion: Occasion, trouble: Trouble, now: datetime) -> int:
    """1 where this worker was the first to tell."""
    begins = occasion == Occasion.ROUTER_ALARM
    mine = Router.objects.filter(pk=router.pk, alarmed_at=router.alarmed_at)
    if not mine.update(alarmed_at=now if begins else None):
        return 0
    queue_all(_notices(router, occasion, trouble, now), now=now)
    return 1


def _notices(
    router: Router, occasion: Occasion, trouble: Trouble, now: datetime
) -> Iterator[Notice]:
    company = Company.objects.order_by("pk").first()
    for each in owners():
        with override(each.language):
            words = explain_fault(trouble.error) or _("changes do not reach it.")
        values = {
            "router": {
                "name": router.name,
                "host": router.host,
                "since": _local(trouble.since),
                "trouble": words,
                "waiting": trouble.waiting,
            },
            "company": {"name": company.name if company else ""},
            "currency": company.currency if company else "USD",
        }
        key = f"router:{router.pk}:{occasion}:{now.isoformat()}:{each.email}"[:120]
        yield Notice(key, each.email, occasion, values, None, each.language)


def _local(instant: datetime) -> str:
    """As people of the installation read their clocks."""
    return f"{instant.astimezone(ZoneInfo(settings.TIME_ZONE)):%d/%m/%Y %H:%M}"
