"""What a pass leaves on the connections: in sync, pending or drift."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from caudal.apps.customers.models import Service
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync.findings import LEFT, NEEDS_A_PERSON, finding_dict
from caudal.apps.network.sync.wanted import Line
from caudal.core.access import Diff, Finding, Kind

CHUNK = 5_000
Sync = Connection.Sync


@dataclass(slots=True)
class Verdicts:
    """Connections by what the last reading said of them."""

    quiet: list[int] = field(default_factory=list)
    """In sync as before: only the time of the proof changes."""
    settled: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """By revision: newly in sync."""
    waiting: dict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    """By revision and error: the next pass has to do it."""
    drifted: list[Connection] = field(default_factory=list)
    """Explained, and left to a person."""

    def newly_settled(self, lines: Iterable[Line]) -> frozenset[str]:
        """The services whose last change is now known to be on the router."""
        pks = {pk for found in self.settled.values() for pk in found}
        return frozenset(str(line.service_id) for line in lines if line.pk in pks)


def judge(
    lines: Iterable[Line],
    left: Diff,
    errors: Mapping[str, str],
    *,
    hands_off: bool,
    alone: Collection[tuple[Kind, str]] = (),
) -> Verdicts:
    """Sort the lines by the findings that are `left`. `errors` by service id; `alone` are rows
    that a person wants left as they are.

    With `hands_off` (frozen, read only) nothing will be done about a difference: one on a
    service that had been verified is drift, not a change that waits.
    """
    by_service: dict[str, list[Finding]] = defaultdict(list)
    for finding in left.findings:
        for service in finding.services:
            by_service[service].append(finding)
    found = Verdicts()
    for line in lines:
        findings = by_service.get(str(line.service_id), [])
        error = errors.get(str(line.service_id), "")
        if not findings:
            _settle(found, line)
        elif (hands_off and line.was_in_sync) or any(_is_for_a_person(f, alone) for f in findings):
            found.drifted.append(_drifted(line, findings, error, alone))
        else:
            found.waiting[line.revision, error].append(line.pk)
    return found


def write_verdicts(router: Router, verdicts: Verdicts, now: datetime) -> None:
    """A constant number of statements, however many connections.

    `synced_revision` is the revision the wanted state was computed from: a service that changed
    meanwhile has a higher one and stays pending. One moved away meanwhile is not touched.
    """
    mine = Connection.objects.filter(router=router)
    for pks in _chunks(verdicts.quiet):
        mine.filter(pk__in=pks).update(verified_at=now)
    for revision, settled in verdicts.settled.items():
        for pks in _chunks(settled):
            mine.filter(pk__in=pks).update(
                sync=Sync.IN_SYNC,
                synced_revision=revision,
                attempted_revision=revision,
                verified_at=now,
                pending_since=None,
                last_error="",
                drift=[],
                adopt=False,
            )
    for (revision, error), waiting in verdicts.waiting.items():
        for pks in _chunks(waiting):
            mine.filter(pk__in=pks).update(
                sync=Sync.PENDING,
                attempted_revision=revision,
                pending_since=_pending_since(now),
                last_error=error,
                drift=[],
            )
    for row in verdicts.drifted:
        row.verified_at = now
    fields = ["sync", "attempted_revision", "verified_at", "last_error", "drift"]
    mine.bulk_update(verdicts.drifted, fields, batch_size=200)


def note_waiting(router: Router, error: str, now: datetime) -> None:
    """The router could not be worked on: what has changed since waits, and shows since when."""
    waiting = Connection.objects.filter(router=router).waiting()
    waiting.update(sync=Sync.PENDING, pending_since=_pending_since(now), last_error=error)


def note_dirt_cleaned(router: Router, seen: datetime | None) -> None:
    """Unless it was marked again meanwhile."""
    Router.objects.filter(pk=router.pk).filter(Q(dirty_since=seen)).update(dirty_since=None)


def _settle(found: Verdicts, line: Line) -> None:
    if line.was_in_sync and not line.had_error and not line.adopt:
        found.quiet.append(line.pk)
    else:
        found.settled[line.revision].append(line.pk)


def _is_for_a_person(finding: Finding, alone: Collection[tuple[Kind, str]]) -> bool:
    return finding.code in NEEDS_A_PERSON or _is_alone(finding, alone)


def _drifted(
    line: Line, findings: Sequence[Finding], error: str, alone: Collection[tuple[Kind, str]]
) -> Connection:
    told: list[dict[str, Any]] = [
        finding_dict(each) | {"services": []} | (LEFT if _is_alone(each, alone) else {})
        for each in findings
    ]
    return Connection(
        pk=line.pk,
        sync=Sync.DRIFT,
        attempted_revision=line.revision,
        drift=told,
        last_error=error,
    )


def _is_alone(finding: Finding, alone: Collection[tuple[Kind, str]]) -> bool:
    return (finding.kind, finding.key) in alone


def _pending_since(now: datetime) -> Coalesce:
    """Since it waits already, or since the service changed."""
    service = Service.objects.filter(
        pk=OuterRef("service_id"), revision__gt=OuterRef("synced_revision")
    )
    return Coalesce("pending_since", Subquery(service.values("changed_at")[:1]), Value(now))


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[at : at + CHUNK] for at in range(0, len(numbers), CHUNK))
