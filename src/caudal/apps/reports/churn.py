"""Who came, who was suspended, who left: by month, with reasons, by plan, zone and seller.

A service that was never installed neither came nor left. One that comes back the day after its
last never left.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from caudal.apps.customers.models import Service, ServiceState, Stay, Suspension
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.core.periods import ONE_DAY

LONGEST = 36
"""Months of one report."""
GROUPS: Mapping[str, str] = {
    "plan": "plan",
    "zone": "customer__zone",
    "branch": "customer__zone__branch",
    "seller": "customer__salesperson",
}
"""By what the report is divided: how a service leads to it."""
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Span:
    """Whole months, from the first day of one to the last of another, or to today."""

    first: date
    last: date

    def months(self) -> list["Span"]:
        found, day = [], self.first
        while day <= self.last:
            end = next_month(day) - ONE_DAY
            found.append(Span(day, min(end, self.last)))
            day = end + ONE_DAY
        return found


@dataclass
class Movement:
    """What happened in a month, or to a part of the services in all of them."""

    at_start: int = 0
    """Services that had been installed and not left when it began."""
    activations: int = 0
    returns: int = 0
    """Those of the activations that had left before."""
    suspensions: int = 0
    cancellations: int = 0

    @property
    def at_end(self) -> int:
        return self.at_start + self.activations - self.cancellations

    @property
    def rate(self) -> Decimal | None:
        """Cancellations in percent of those who were there at the start."""
        if not self.at_start:
            return None
        return (Decimal(100 * self.cancellations) / self.at_start).quantize(CENT)


@dataclass(frozen=True)
class Churn:
    """The report: months, their sum, and the reasons, the most frequent ones first."""

    span: Span
    months: list[tuple[Span, Movement]]
    total: Movement
    left_for: list[tuple[str, int]]
    suspended_for: list[tuple[str, int]]


@dataclass(frozen=True)
class _Spell:
    """A time in which a service was served; `last` None goes on."""

    first: date
    last: date | None
    reason: str
    is_return: bool
    part: Any
    count: int = 1


@dataclass
class _Events:
    """What is counted by day."""

    starts: Counter[date] = field(default_factory=Counter)
    returns: Counter[date] = field(default_factory=Counter)
    ends: Counter[date] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    before: int = 0


def churn(user: User, span: Span, narrowed: Q | None = None) -> Churn:
    """Of the services that this person sees; `narrowed` is about services. Eight queries at most.

    Services are counted in the database by day and reason, so the cost does not grow with months.
    """
    services = _served(user, narrowed)
    events = _events(services, span)
    stopped = _suspensions(services, span)
    by_day: Counter[date] = Counter()
    for day, _reason, count in stopped:
        by_day[day] += count
    months, at = [], events.before
    for month in span.months():
        row = Movement(
            at_start=at,
            activations=_within(events.starts, month),
            returns=_within(events.returns, month),
            suspensions=_within(by_day, month),
            cancellations=_within(events.ends, month),
        )
        months.append((month, row))
        at = row.at_end
    why: Counter[str] = Counter()
    for _day, reason, count in stopped:
        why[reason] += count
    total = _sum(events.before, [row for _month, row in months])
    return Churn(span, months, total, events.reasons.most_common(), why.most_common())


def churn_by(user: User, span: Span, group: str, narrowed: Q | None = None) -> dict[Any, Movement]:
    """Key of each plan, zone or seller (None: of nobody) -> what happened to its services."""
    services, path = _served(user, narrowed), GROUPS[group]
    found: dict[Any, Movement] = {}
    for spell in _spells(services, path, span):
        row = found.setdefault(spell.part, Movement())
        row.at_start += spell.count * (spell.first < span.first)
        if span.first <= spell.first <= span.last:
            row.activations += spell.count
            row.returns += spell.count * spell.is_return
        if spell.last is not None and span.first <= spell.last <= span.last:
            row.cancellations += spell.count
    rows = _openings(services, span).values_list(f"service__{path}").annotate(n=Count("pk"))
    for part, count in rows.order_by():
        found.setdefault(part, Movement()).suspensions += count
    return found


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _served(user: User, narrowed: Q | None) -> QuerySet[Service]:
    """Those that were installed one day."""
    rows = visible(user, Service.objects.exclude(state=ServiceState.PENDING)).order_by()
    return rows.filter(narrowed) if narrowed else rows


def _events(services: QuerySet[Service], span: Span) -> _Events:
    found = _Events()
    for spell in _spells(services, "", span):
        if spell.first < span.first:
            found.before += spell.count
        elif spell.first <= span.last:
            found.starts[spell.first] += spell.count
            found.returns[spell.first] += spell.count * spell.is_return
        if spell.last is not None and span.first <= spell.last <= span.last:
            found.ends[spell.last] += spell.count
            found.reasons[_worded(spell.reason)] += spell.count
    return found


def _spells(services: QuerySet[Service], path: str, span: Span) -> Iterator[_Spell]:
    """Everything that had not ended when the span began; equal ones of one stay come together."""
    back = Stay.objects.filter(service=OuterRef("pk"))
    whole = services.filter(~Exists(back), Q(cancelled_on=None) | Q(cancelled_on__gte=span.first))
    whole = whole.filter(Q(cancelled_on=None) | Q(cancelled_on__gte=F("started_on")))
    yield from _standing(whole.filter(started_on__lt=span.first, cancelled_on=None), path, span)
    moved = whole.exclude(started_on__lt=span.first, cancelled_on=None)
    part = [path] if path else []
    rows = moved.values_list("started_on", "cancelled_on", "cancel_reason", *part)
    for first, last, reason, *key in rows.annotate(n=Count("pk")):
        yield _Spell(first, last, reason, False, key[0] if part else None, key[-1])
    for spell in _returned(services, path):
        if spell.last is None or spell.last >= span.first:
            yield spell


def _standing(rows: QuerySet[Service], path: str, span: Span) -> Iterator[_Spell]:
    """The many who were there before and still are: counted without a look at their days."""
    before = span.first - ONE_DAY
    if not path:
        yield _Spell(before, None, "", False, None, rows.count())
        return
    for part, count in rows.values_list(path).annotate(n=Count("pk")):
        yield _Spell(before, None, "", False, part, count)


def _returned(services: QuerySet[Service], path: str) -> Iterator[_Spell]:
    """The spells of services that left and came back: few, and read one by one."""
    rows = Stay.objects.filter(service__in=services.values("pk")).order_by("service_id", "first")
    stays = rows.select_related("service").annotate(
        **({"part": F(f"service__{path}")} if path else {})
    )
    for _service, mine in groupby(stays, key=attrgetter("service_id")):
        told = list(mine)
        service, part = told[0].service, getattr(told[0], "part", None)
        days: list[tuple[date, date | None, str]] = [(s.first, s.last, s.reason) for s in told]
        if service.cancelled_on is None or service.cancelled_on >= service.started_on:
            days.append((service.started_on, service.cancelled_on, service.cancel_reason))
        for at, (first, last, reason) in enumerate(_joined(days)):
            yield _Spell(first, last, reason, at > 0, part)


def _joined(days: Iterable[tuple[date, date | None, str]]) -> list[tuple[date, date | None, str]]:
    """Who is back the next day never left: both times are one."""
    found: list[tuple[date, date | None, str]] = []
    for first, last, reason in days:
        if found and found[-1][1] is not None and first <= found[-1][1] + ONE_DAY:
            found[-1] = (found[-1][0], last, reason)
        else:
            found.append((first, last, reason))
    return found


def _openings(services: QuerySet[Service], span: Span) -> QuerySet[Suspension]:
    return Suspension.objects.filter(
        opened_on__range=(span.first, span.last), service__in=services.values("pk")
    )


def _suspensions(services: QuerySet[Service], span: Span) -> list[tuple[date, str, int]]:
    rows = _openings(services, span).values_list("opened_on", "reason").annotate(n=Count("pk"))
    return list(rows.order_by())


def _within(counts: Counter[date], month: Span) -> int:
    return sum(count for day, count in counts.items() if month.first <= day <= month.last)


def _sum(at_start: int, rows: Sequence[Movement]) -> Movement:
    return Movement(
        at_start=at_start,
        activations=sum(row.activations for row in rows),
        returns=sum(row.returns for row in rows),
        suspensions=sum(row.suspensions for row in rows),
        cancellations=sum(row.cancellations for row in rows),
    )


def _worded(reason: str) -> str:
    """The same reason typed in capitals, or with a stop at its end, is the same."""
    text = " ".join(reason.split()).strip(".")
    return text[:1].upper() + text[1:].lower()
