"""Telling the owner that a router's trouble has lasted too long, and that it is over."""

from collections.abc import Callable, Collection, Iterator, Mapping
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
from caudal.apps.messaging.models import Delivery
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


Told = Callable[[], Mapping[int, Collection[str]]]
_elsewhere: list[Told] = []


def told_by(source: Told) -> None:
    """A room above knows of boxes that are routers too: by router, the addresses that were told
    that it is down. They are not told a second time that the router does not answer."""
    _elsewhere.append(source)


def tell(now: datetime) -> dict[str, int]:
    """Leave messages for alarms that begin and end; once for each, however often it is called."""
    troubles, spared = troubles_of(now), _spared()
    told = {"alarms": 0, "recovered": 0}
    routers = [each for each in Router.objects.all() if each.pk in troubles or each.alarmed_at]
    everybody = owners() if routers else []
    for router in routers:
        trouble = troubles.get(router.pk)
        if trouble:
            known = spared.get(router.pk, set()) if trouble.error else set()
            unaware = [each for each in everybody if each.email not in known]
            told["alarms"] += _begin(router, trouble, unaware, now)
        elif router.alarmed_at is not None:
            told["recovered"] += _end(router, router.alarmed_at, everybody, now)
    return told


def _spared() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for source in _elsewhere:
        for router, people in source().items():
            found.setdefault(router, set()).update(people)
    return found


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
def _begin(router: Router, trouble: Trouble, unaware: list[Recipient], now: datetime) -> int:
    """1 where this worker was the first to tell; whoever is aware of it by other means is told
    once that is over and the trouble is not."""
    is_new = router.alarmed_at is None
    if is_new and not Router.objects.filter(pk=router.pk, alarmed_at=None).update(alarmed_at=now):
        return 0
    since = router.alarmed_at or now
    people = _still_to_tell(unaware, router, since)
    queue_all(_notices(router, Occasion.ROUTER_ALARM, trouble, since, people), now=now)
    return int(bool(people))


@transaction.atomic
def _end(router: Router, since: datetime, everybody: list[Recipient], now: datetime) -> int:
    """1 where this worker was the first to tell; only who was told of the trouble is told."""
    if not Router.objects.filter(pk=router.pk, alarmed_at=since).update(alarmed_at=None):
        return 0
    waiting = {each.email for each in _still_to_tell(everybody, router, since)}
    people = [each for each in everybody if each.email not in waiting]
    over = Trouble(since, "", 0)
    queue_all(_notices(router, Occasion.ROUTER_RECOVERED, over, now, people), now=now)
    return int(bool(people))


def _still_to_tell(people: list[Recipient], router: Router, since: datetime) -> list[Recipient]:
    """Those whom no message of this alarm was left for."""
    keys = {_key(router, Occasion.ROUTER_ALARM, since, each): each for each in people}
    left = Delivery.objects.filter(key__in=list(keys)).values_list("key", flat=True)
    done = set(left)
    return [each for key, each in keys.items() if key not in done]


def _key(router: Router, occasion: Occasion, at: datetime, to: Recipient) -> str:
    return f"router:{router.pk}:{occasion}:{at.isoformat()}:{to.email}"[:120]


def _notices(
    router: Router, occasion: Occasion, trouble: Trouble, at: datetime, people: list[Recipient]
) -> Iterator[Notice]:
    company = Company.objects.order_by("pk").first()
    for each in people:
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
        key = _key(router, occasion, at, each)
        yield Notice(key, each.email, occasion, values, None, each.language)


def _local(instant: datetime) -> str:
    """As people of the installation read their clocks."""
    return f"{instant.astimezone(ZoneInfo(settings.TIME_ZONE)):%d/%m/%Y %H:%M}"
