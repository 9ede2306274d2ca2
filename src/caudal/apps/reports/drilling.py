"""From a number of a report to the services that it counts, by the very rules that counted them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from caudal.apps.customers.causes import Meaning, words_of
from caudal.apps.customers.models import Cause, Service, ServiceState
from caudal.apps.reports.churn import GROUPS, Span, held_for, month_of, moved, openings, served
from caudal.apps.staff.models import User

KINDS = ("activations", "suspensions", "cancellations")
FILTERS = {"plan": "plan", "zone": "zone", "branch": "branch", "seller": "salesperson"}
"""What the customers list calls the parts of the report."""
BEGUN = {"activations": "started", "suspensions": "suspended", "cancellations": "cancelled"}
"""What it calls their days."""
NOBODY = "none"
"""The part of services without a salesperson, or without a branch."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which number: what happened, in which days, of which part, for which reason."""

    kind: str
    span: Span
    narrowed: Q
    why: str = ""
    """The key of a reason; empty: whatever it was."""


@dataclass(frozen=True, slots=True)
class Move:
    """One service that came, was suspended or left."""

    day: date
    service: int
    why: Meaning
    is_return: bool = False


def part_of(group: str, key: str) -> Q:
    """Services of one plan, zone, branch or seller, or of nobody; nonsense asks for none."""
    path = GROUPS.get(group)
    if not path or not key:
        return Q()
    if key == NOBODY:
        return Q(**{path: None})
    return Q(**{path: int(key)}) if key.isdecimal() and len(key) < 19 else Q(pk=None)


def asked_in(query: Mapping[str, Any], today: date) -> Asked:
    """What the address asks for; a value that makes no sense is as if it was not given."""
    kind = query.get("what", "")
    narrowed = Q()
    for group in GROUPS:
        narrowed &= part_of(group, query.get(group, ""))
    last = _read_day(query.get("to", ""), today)
    span = Span(_read_day(query.get("from", ""), month_of(last)), last)
    return Asked(kind if kind in KINDS else KINDS[-1], span, narrowed, query.get("why", ""))


def moves(user: User, asked: Asked) -> list[Move]:
    """Each that the report counts there, the last ones first."""
    services = served(user, asked.narrowed)
    found = _held(services, asked) if asked.kind == "suspensions" else _gone(services, asked)
    rows = [move for move in found if not asked.why or move.why.key == asked.why]
    return sorted(rows, key=lambda move: (move.day, move.service), reverse=True)


def _gone(services: Any, asked: Asked) -> Iterator[Move]:
    words, span = words_of()[Cause.Use.CANCEL], asked.span
    for spell in moved(services, "pk", span):
        if asked.kind == "activations":
            if span.first <= spell.first <= span.last:
                yield Move(spell.first, spell.part, Meaning("", ""), spell.is_return)
        elif spell.last is not None and span.first <= spell.last <= span.last:
            yield Move(spell.last, spell.part, words.meaning(spell.reason))


def _held(services: Any, asked: Asked) -> Iterator[Move]:
    words = words_of()[Cause.Use.SUSPEND]
    rows = openings(services, asked.span).values_list("opened_on", "service", "reason", "said")
    for day, service, reason, said in rows.order_by():
        yield Move(day, service, held_for(reason, said, words))


def services_of(rows: list[Move]) -> dict[int, Service]:
    """The services of some moves, with what a list shows of them."""
    found = Service.objects.select_related("customer__zone", "customer__salesperson", "plan")
    return found.in_bulk({move.service for move in rows})


def list_of(kind: str, span: Span, narrowed: Mapping[str, Any], **more: str) -> str:
    """The address of the page with those services; `narrowed` maps filters to keys."""
    asked = {name: key for name, key in narrowed.items() if key}
    days = {"from": span.first.isoformat(), "to": span.last.isoformat()}
    query = urlencode({"what": kind, **days, **asked, **{k: v for k, v in more.items() if v}})
    return f"{reverse('reports:churn_services')}?{query}"


def customers_of(query: Mapping[str, Any], asked: Asked) -> str:
    """The address of the customers list with those who are still so; empty where it cannot ask."""
    keys = {name: query.get(group, "") for group, name in FILTERS.items()}
    if NOBODY in keys.values():
        return ""
    days = {"from": asked.span.first.isoformat(), "to": asked.span.last.isoformat()}
    begun = {f"{BEGUN[asked.kind]}_{end}": day for end, day in days.items()}
    named = {name: key for name, key in (keys | begun | _as_filters(asked)).items() if key}
    return f"{reverse('desk:customers')}?{urlencode(named)}"


def _as_filters(asked: Asked) -> dict[str, str]:
    """What the list calls its reason, and what still is."""
    if asked.kind == "cancellations":
        return {"left_for": asked.why}
    if asked.kind == "activations":
        return {}
    kind, _mark, said = asked.why.partition(":")
    return {"reason": kind, "held_for": said, "state": ServiceState.SUSPENDED}


def _read_day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
