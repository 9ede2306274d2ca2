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

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from caudal.apps.customers.causes import HAND, NONE, Meaning, Words, words_of
from caudal.apps.customers.models import Cause, Service, ServiceState, Stay, Suspension
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
    left_for: list["Why"]
    suspended_for: list["Why"]


@dataclass(frozen=True, slots=True)
class Why:
    """A reason and how many services it was said of; `key` tells it apart in addresses."""

    key: str
    label: str
    count: int
    cause: int | None = None
    """The operator's own reason, where it is one."""


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
    reasons: Counter[Meaning] = field(default_factory=Counter)
    before: int = 0


def churn(user: User, span: Span, narrowed: Q | None = None) -> Churn:
    """Of the services that this person sees; `narrowed` is about services. Nine queries at most.

    Services are counted in the database by day and reason, so the cost does not grow with months.
    """
    services, words = served(user, narrowed), words_of()
    events = _events(services, span, words[Cause.Use.CANCEL])
    by_day: Counter[date] = Counter()
    why: Counter[Meaning] = Counter()
    for day, reason, note, count in _suspensions(services, span):
        by_day[day] += count
        why[held_for(reason, note, words[Cause.Use.SUSPEND])] += count
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
    total = _sum(events.before, [row for _month, row in months])
    return Churn(span, months, total, _ranked(events.reasons), _ranked(why))


def churn_by(user: User, span: Span, group: str, narrowed: Q | None = None) -> dict[Any, Movement]:
    """Key of each plan, zone or seller (None: of nobody) -> what happened to its services."""
    services, path = served(user, narrowed), GROUPS[group]
    found: dict[Any, Movement] = {}
    for spell in _spells(services, path, span):
        row = found.setdefault(spell.part, Movement())
        row.at_start += spell.count * (spell.first < span.first)
        if span.first <= spell.first <= span.last:
            row.activations += spell.count
            row.returns += spell.count * spell.is_return
        if spell.last is not None and span.first <= spell.last <= span.last:
            row.cancellations += spell.count
    rows = openings(services, span).values_list(f"service__{path}").annotate(n=Count("pk"))
    for part, count in rows.order_by():
        found.setdefault(part, Movement()).suspensions += count
    return found


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def served(user: User, narrowed: Q | None) -> QuerySet[Service]:
    """Those that were installed one day."""
    rows = visible(user, Service.objects.exclude(state=ServiceState.PENDING)).order_by()
    return rows.filter(narrowed) if narrowed else rows


def _events(services: QuerySet[Service], span: Span, words: Words) -> _Events:
    found = _Events()
    for spell in _spells(services, "", span):
        if spell.first < span.first:
            found.before += spell.count
        elif spell.first <= span.last:
            found.starts[spell.first] += spell.count
            found.returns[spell.first] += spell.count * spell.is_return
        if spell.last is not None and span.first <= spell.last <= span.last:
            found.ends[spell.last] += spell.count
            found.reasons[words.meaning(spell.reason)] += spell.count
    return found


def _spells(services: QuerySet[Service], path: str, span: Span) -> Iterator[_Spell]:
    """Everything that had not ended when the span began; equal ones of one stay come together."""
    standing = _once(services, span).filter(started_on__lt=span.first, cancelled_on=None)
    yield from _standing(standing, path, span)
    yield from moved(services, path, span)


def moved(services: QuerySet[Service], path: str, span: Span) -> Iterator[_Spell]:
    """The same without those that were there all along: only what began or ended, or may have."""
    rows = _once(services, span).exclude(started_on__lt=span.first, cancelled_on=None)
    part = [path] if path else []
    told = rows.values_list("started_on", "cancelled_on", "cancel_reason", *part)
    for first, last, reason, *key in told.annotate(n=Count("pk")):
        yield _Spell(first, last, reason, False, key[0] if part else None, key[-1])
    for spell in _returned(services, path):
        if spell.last is None or spell.last >= span.first:
            yield spell


def _once(services: QuerySet[Service], span: Span) -> QuerySet[Service]:
    """Those that were served once, and had not left when the span began."""
    back = Stay.objects.filter(service=OuterRef("pk"))
    whole = services.filter(~Exists(back), Q(cancelled_on=None) | Q(cancelled_on__gte=span.first))
    return whole.filter(Q(cancelled_on=None) | Q(cancelled_on__gte=F("started_on")))


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


def openings(services: QuerySet[Service], span: Span) -> QuerySet[Any]:
    """Suspensions that began in the span, with what people said of those by hand as `said`."""
    rows = Suspension.objects.filter(
        opened_on__range=(span.first, span.last), service__in=services.values("pk")
    )
    return rows.annotate(said=Case(When(HAND, then=F("note")), default=Value("")))


def held_for(reason: str, said: str, words: Words) -> Meaning:
    """Why a service was suspended: by hand, the reason that people gave; else the kind."""
    meaning = words.meaning(said)
    if meaning.key == NONE:
        return Meaning(reason, "")
    return Meaning(f"{reason}:{meaning.key}", meaning.label, meaning.cause)


def _suspensions(services: QuerySet[Service], span: Span) -> list[tuple[date, str, str, int]]:
    rows = openings(services, span).values_list("opened_on", "reason", "said")
    return list(rows.annotate(n=Count("pk")).order_by())


def _ranked(counts: Counter[Meaning]) -> list[Why]:
    """The most frequent first; what was typed in several ways by the way that was most usual."""
    labels: dict[str, Meaning] = {}
    totals: Counter[str] = Counter()
    for meaning, count in counts.most_common():
        labels.setdefault(meaning.key, meaning)
        totals[meaning.key] += count
    return [
        Why(key, labels[key].label, count, labels[key].cause) for key, count in totals.most_common()
    ]


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
