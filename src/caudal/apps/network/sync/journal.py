"""The journal of what is written to routers: noted before it is sent, completed by the answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from caudal.apps.network.models import Operation, Router, SyncPass
from caudal.apps.network.rowtext import pair_text
from caudal.core.access import Op, Row, Verb
from caudal.core.ports.access import OpResult

SPARED_FOR = timedelta(minutes=10)
"""A session closed so recently is not closed again for what a new dial does not cure."""
LONGEST_ERROR = 300


def note_plan(
    row: SyncPass, ops: Sequence[Op], connections: Mapping[str, int], at: datetime
) -> list[Operation]:
    """Write down what is about to be sent; `connections` are their numbers by service id."""
    return Operation.objects.bulk_create(_operation(row, op, connections, at) for op in ops)


def note_results(rows: Sequence[Operation], results: Sequence[OpResult]) -> None:
    """Complete the rows, which stand in the order of the results."""
    done = [row.pk for row, result in zip(rows, results, strict=True) if result.ok]
    for chunk in _chunks(done):
        Operation.objects.filter(pk__in=chunk).update(ok=True)
    failed = []
    for row, result in zip(rows, results, strict=True):
        if not result.ok:
            row.ok, row.error = False, error_text(result.fault, result.detail)
            failed.append(row)
    Operation.objects.bulk_update(failed, ["ok", "error"])
    gone = []
    for row, result in zip(rows, results, strict=True):
        if result.whole and result.op.before:
            row.rows = pair_text(replace(result.op.before, whole=result.whole), None)
            gone.append(row)
    Operation.objects.bulk_update(gone, ["rows"])


def recently_kicked(router: Router, now: datetime) -> set[str]:
    """Services whose session was closed in the last minutes."""
    kicks = Operation.objects.filter(
        sync_pass__router=router,
        action=Verb.KICK,
        ok=True,
        at__gt=now - SPARED_FOR,
        connection__isnull=False,
    )
    return {str(pk) for pk in kicks.values_list("connection__service_id", flat=True)}


def error_text(fault: object, detail: str) -> str:
    """`login-refused: the router's own words`; screens translate the part before the colon."""
    text = f"{fault}: {detail}" if detail else str(fault)
    return text[:LONGEST_ERROR]


def _operation(row: SyncPass, op: Op, connections: Mapping[str, int], at: datetime) -> Operation:
    changes = op.changes
    return Operation(
        sync_pass=row,
        connection_id=connections.get(op.service_id),
        at=at,
        action=str(op.verb),
        menu=str(op.row.kind),
        key=op.row.key[:120],
        before={name: old for name, (old, _new) in changes.items() if old},
        after={name: new for name, (_old, new) in changes.items() if new},
        effect=str(op.effect),
        rows="" if op.verb is Verb.KICK else pair_text(op.before, _after(op)),
    )


def _after(op: Op) -> Row | None:
    return None if op.verb is Verb.REMOVE else op.row


def _chunks(numbers: Sequence[int], size: int = 5_000) -> Iterable[Sequence[int]]:
    return (numbers[at : at + size] for at in range(0, len(numbers), size))
