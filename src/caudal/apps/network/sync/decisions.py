"""Steers a plan by what people decided about rows: left alone, put back, removed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import QuerySet

from caudal.apps.network.models import Router, RowDecision
from caudal.apps.network.rowtext import fingerprint, pair_of, row_of
from caudal.apps.network.sync.journal import error_text
from caudal.core.access import Code, Diff, Effect, Kind, Op, Row, Snapshot, Verb, Wanted, service_of
from caudal.core.access.rows import ACCOUNTS, BLOCKS, SESSION_OF, UNREADABLE
from caudal.core.ports.access import AccessFault, OpResult

Choice = RowDecision.Choice
Key = tuple[Kind, str]


@dataclass(slots=True)
class Steered:
    """A plan with what people decided about its rows.

    `left`: rows that stay as a person left them. `ended`: decisions that hold no longer.
    `settled`: there is nothing to write for them. `changed`: their row is another one now.
    `carried`: decisions with the operations that carry them out.
    """

    plan: Diff
    left: set[Key] = field(default_factory=set)
    ended: list[RowDecision] = field(default_factory=list)
    settled: list[RowDecision] = field(default_factory=list)
    changed: list[RowDecision] = field(default_factory=list)
    carried: list[tuple[RowDecision, list[Op]]] = field(default_factory=list)


def decisions_of(router: Router) -> list[RowDecision]:
    """Those that have a say in plans; an ignored row has none."""
    return list(router.decisions.exclude(choice=Choice.IGNORE).select_related("undoes"))


def steered(plan: Diff, found: Snapshot, want: Wanted, decisions: Iterable[RowDecision]) -> Steered:
    """Writes nothing; `seen` of a row put back becomes what the system wants of it now."""
    result = Steered(plan)
    if not found.complete:
        return result
    wishes = {(row.kind, row.key): fingerprint(row) for row in want.rows}
    for decision in decisions:
        if decision.choice == Choice.LEAVE:
            _leave(decision, found, wishes, result)
        elif decision.done_at is None:
            _remove(decision, found, result)
    held = {op.service_id for op in plan.ops if (op.row.kind, op.row.key) in result.left}
    kept = [op for op in plan.ops if not _is_left(op, result.left, held)]
    added = [op for _decision, ops in result.carried for op in ops]
    told = (
        f for f in plan.findings if f.code is not Code.STALE_SESSION or not held & {*f.services}
    )
    ops = tuple(sorted([*kept, *added], key=Op.sort_key))
    result.plan = replace(plan, ops=ops, findings=tuple(told))
    return result


def note_done(steer: Steered, results: Iterable[OpResult], now: datetime) -> None:
    """Write down what became of the decisions, but for those that were changed meanwhile."""
    answers = {id(result.op): result for result in results}
    for decision in steer.ended:
        _same(decision).delete()
    for decision in steer.changed:
        _same(decision).update(error=AccessFault.CHANGED_MEANWHILE)
    for decision in steer.settled:
        _same(decision).update(done_at=now, seen=decision.seen, error="")
    for decision, ops in steer.carried:
        mine = [answers[id(op)] for op in ops if id(op) in answers]
        failed = next((result for result in mine if not result.ok), None)
        if failed is not None:
            _same(decision).update(error=error_text(failed.fault, failed.detail))
        elif len(mine) == len(ops):
            _same(decision).update(done_at=now, seen=decision.seen, error="")


def _same(decision: RowDecision) -> QuerySet[RowDecision]:
    return RowDecision.objects.filter(pk=decision.pk, decided_at=decision.decided_at)


def _is_left(op: Op, left: Collection[Key], held: Collection[str]) -> bool:
    """The session of a service whose row is left alone is not closed either."""
    return (op.row.kind, op.row.key) in left or (op.verb is Verb.KICK and op.service_id in held)


# -- undone, and left alone since


def _leave(
    decision: RowDecision, found: Snapshot, wishes: Mapping[Key, str], result: Steered
) -> None:
    key = (Kind(decision.kind), decision.key)
    wish = wishes.get(key, "")
    if decision.done_at is not None and decision.seen != wish:
        result.ended.append(decision)
        return
    result.left.add(key)
    if decision.done_at is not None:
        return
    decision.seen = wish
    op = _putting_back(decision, found)
    if op is None:
        result.settled.append(decision)
    else:
        result.carried.append((decision, [op]))


def _putting_back(decision: RowDecision, found: Snapshot) -> Op | None:
    """The operation that makes the row what it was; None where it is so already."""
    target, current = row_of(decision.row), _current(decision, found)
    service = _service(decision, target, current)
    if target is None:
        if current is None:
            return None
        effect = _effect(current, None)
        return Op(Verb.REMOVE, current, current, service, Code.CHANGED, effect, "undo")
    if current is None:
        return Op(Verb.ADD, target, None, service, Code.CHANGED, _effect(None, target), "undo")
    # What could not be read when the row was changed stays as it is now.
    attrs = {
        name: current.attrs.get(name, "") if value == UNREADABLE else value
        for name, value in target.attrs.items()
    }
    row = replace(target, attrs=attrs, ref=current.ref)
    if (row.key, dict(row.attrs), row.comment) == (current.key, {**current.attrs}, current.comment):
        return None
    return Op(Verb.SET, row, current, service, Code.CHANGED, _effect(current, row), "undo")


def _current(decision: RowDecision, found: Snapshot) -> Row | None:
    """The row under the name the operation gave it or took from it; the one it wrote first."""
    before, after = pair_of(decision.undoes.rows) if decision.undoes else (None, None)
    names = {decision.key, *(row.key for row in (before, after) if row)}
    kind = Kind(decision.kind)
    rows = [row for row in found.rows if row.kind is kind and row.key in names]
    written = [row for row in rows if after and row.comment == after.comment]
    return next(iter([*written, *rows]), None)


def _service(decision: RowDecision, *rows: Row | None) -> str:
    marked = next((service_of(row) for row in rows if row and service_of(row)), "")
    operation = decision.undoes
    if marked or operation is None or operation.connection is None:
        return marked
    return str(operation.connection.service_id)


def _effect(before: Row | None, after: Row | None) -> Effect:
    kind = next(row.kind for row in (before, after) if row)
    if kind not in BLOCKS | ACCOUNTS:
        return Effect.NONE
    worked, works = _works(kind, before), _works(kind, after)
    if worked == works:
        return Effect.NONE
    return Effect.CUT if worked else Effect.RESTORE


def _works(kind: Kind, row: Row | None) -> bool:
    present = row is not None and row.enabled
    return not present if kind in BLOCKS else present


# -- rows of others, to be removed


def _remove(decision: RowDecision, found: Snapshot, result: Steered) -> None:
    """Only the very row that the person saw, and only while nobody's mark is on it."""
    key = (Kind(decision.kind), decision.key)
    rows = [row for row in found.rows if (row.kind, row.key) == key]
    strange = [row for row in rows if row in result.plan.unknown]
    if not strange:
        result.settled.append(decision)
        return
    row = next((row for row in strange if fingerprint(row) == decision.seen), None)
    if row is None:
        result.changed.append(decision)
    else:
        result.carried.append((decision, list(_removing(row, found))))


def _removing(row: Row, found: Snapshot) -> Iterator[Op]:
    """A session outlives its account: the account is disabled, the session closed, and then."""
    kind = SESSION_OF.get(row.kind)
    live = [s for s in found.sessions if s.kind is kind and s.name == row.key and not s.radius]
    if live and row.enabled:
        down = replace(row, attrs={**row.attrs, "enabled": "no"})
        yield Op(Verb.SET, down, row, "", Code.EXTRA, Effect.CUT, "before-removal")
        for session in live:
            closed = Row(session.kind, session.name, {"address": session.address}, ref=session.ref)
            yield Op(Verb.KICK, closed, closed, "", Code.STALE_SESSION, Effect.NONE, "account-down")
    yield Op(Verb.REMOVE, row, row, "", Code.EXTRA, _effect(row, None), "asked")
