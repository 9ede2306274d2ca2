"""Which reason of the operator's a text means: what people chose, typed, or typed years ago.

Cancellations and suspensions keep the words that were said; reasons are found by them. So old
texts are merged into a reason without a change to what was written, and a renamed one keeps them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from caudal.apps.customers.models import (
    Cause,
    CauseWord,
    Service,
    ServiceState,
    Stay,
    Suspension,
    SuspensionReason,
)
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.core.text import fold

DETAIL = ": "
"""Between a reason and what was added to it in one's own words."""
NONE = "none"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text is counted as; `key` tells it apart from others, also in addresses."""

    key: str
    label: str
    cause: int | None = None


@dataclass(frozen=True)
class Words:
    """The words of one use -> their reason."""

    causes: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def meaning(self, text: str) -> Meaning:
        """Its reason; else the text itself, the same however it was typed."""
        plain = plainly(text)
        if not plain:
            return Meaning(NONE, "")
        known = self.causes.get(plain) or self.causes.get(plainly(text.partition(DETAIL)[0]))
        if known:
            return Meaning(f"cause-{known[0]}", known[1], known[0])
        return Meaning(f"text-{plain}", _worded(text))


def plainly(text: str) -> str:
    """Without accents, case, and the stop at its end: what two spellings of one reason share."""
    return fold(text).strip(" .")[:250]


def said(name: str, detail: str) -> str:
    """A chosen reason and what was added, as one text."""
    return f"{name}{DETAIL}{detail}" if name and detail else name or detail


def words_of() -> dict[str, Words]:
    """Use -> its words, by one query; archived reasons still mean what they meant."""
    found: dict[str, dict[str, tuple[int, str]]] = {use: {} for use in Cause.Use.values}
    rows = CauseWord.objects.values_list("use", "plain", "cause_id", "cause__name")
    for use, plain, pk, name in rows:
        found[use][plain] = (pk, name)
    return {use: Words(causes) for use, causes in found.items()}


def causes_for(use: str) -> list[Cause]:
    """Those that may be chosen, in the operator's order."""
    return list(Cause.objects.filter(use=use, archived_at=None))


@dataclass
class Used:
    """How often each reason was said, and what was said that no reason is for."""

    by_cause: Counter[int] = field(default_factory=Counter)
    texts: list[tuple[str, str, int]] = field(default_factory=list)
    """(plain, as it was typed most often, how often), the most frequent first."""


def used(user: User, use: str) -> Used:
    """Of the services that this person sees."""
    words, found, spelled = words_of()[use], Used(), Counter[tuple[str, str]]()
    for text, count in _texts(user, use):
        meaning = words.meaning(text)
        if meaning.cause:
            found.by_cause[meaning.cause] += count
        elif meaning.key != NONE:
            spelled[plainly(text), meaning.label] += count
    labels: dict[str, str] = {}
    totals: Counter[str] = Counter()
    for (plain, label), count in spelled.most_common():
        labels.setdefault(plain, label)
        totals[plain] += count
    found.texts = [(plain, labels[plain], count) for plain, count in totals.most_common()]
    return found


def texts_meaning(use: str, key: str) -> list[str]:
    """Everything that was written and means this, as it was written."""
    words = words_of()[use]
    if use == Cause.Use.SUSPEND:
        held = Suspension.objects.filter(HAND).order_by()
        found = set(held.values_list("note", flat=True).distinct())
    else:
        gone = Service.objects.filter(state=ServiceState.CANCELLED)
        found = set(gone.order_by().values_list("cancel_reason", flat=True).distinct())
    return sorted(text for text in found if words.meaning(text).key == key)


def _texts(user: User, use: str) -> Iterable[tuple[str, int]]:
    mine = visible(user, Service.objects.all())
    if use == Cause.Use.SUSPEND:
        rows = by_hand(visible(user, Suspension.objects.all()))
        return _counted(rows, "note")
    gone = mine.filter(state=ServiceState.CANCELLED)
    stays = Stay.objects.filter(service__in=mine.values("pk"))
    return [*_counted(gone, "cancel_reason"), *_counted(stays, "reason")]


def by_hand(rows: QuerySet[Suspension]) -> QuerySet[Suspension]:
    """Suspensions for which people choose a reason."""
    return rows.filter(HAND)


HAND = Q(reason=SuspensionReason.MANUAL, is_automatic=False)
HAND_OF_SERVICE = Q(suspensions__reason=SuspensionReason.MANUAL, suspensions__is_automatic=False)
"""The same, asked of a service."""


def _counted(
    rows: QuerySet[Service] | QuerySet[Stay] | QuerySet[Suspension], name: str
) -> list[tuple[str, int]]:
    told = rows.exclude(**{name: ""}).order_by().values_list(name)
    return list(told.annotate(n=Count("pk")))


def _worded(text: str) -> str:
    """The same reason typed in capitals, or with a stop at its end, reads the same."""
    plain = " ".join(text.split()).strip(".")
    return plain[:1].upper() + plain[1:].lower()
