"""What people decide about rows of routers: ignore, remove, undo; the next pass carries it out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from caudal.apps.network.actions.hurry import hurry
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import Operation, Router, RowDecision, SyncPass
from caudal.apps.network.rowtext import is_whole, pair_of, text_of
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.access import Kind

Choice = RowDecision.Choice
READ = ("in_sync", "applied", "braked", "drift", "dry_run", "read_only")
"""Outcomes of passes that read the router to its end."""


def last_reading(router: Router) -> SyncPass | None:
    """The newest pass that read the router to its end."""
    return router.passes.filter(outcome__in=READ).first()


@transaction.atomic
def decide(
    *,
    actor: Actor,
    now: datetime,
    router: Router,
    choice: str,
    rows: Iterable[tuple[str, str]],
    count: int | None = None,
) -> int:
    """Ignore or remove unknown rows, named by (kind, key) as the last reading found them.

    To remove takes the typed `count` of the rows. Raises NetworkError; returns how many.
    """
    wanted = set(rows)
    last = last_reading(router)
    unknown = last.findings.get("unknown", []) if last else []
    seen = {(row["kind"], row["key"]): row for row in unknown}
    if not wanted or not wanted <= seen.keys():
        raise NetworkError(NetworkCode.ROW_NOT_SEEN)
    if choice == Choice.REMOVE and count != len(wanted):
        raise NetworkError(NetworkCode.WRONG_COUNT, "count")
    for kind, key in sorted(wanted):
        _note(actor, now, router, kind, key, choice, seen[kind, key])
    if choice == Choice.REMOVE:
        hurry(Router.objects.filter(pk=router.pk), now)
    return len(wanted)


@transaction.atomic
def forget(*, actor: Actor, now: datetime, decision: RowDecision) -> None:
    """Take a decision back: an ignored row is shown again, one left alone is put right again."""
    router = decision.router
    before = {"choice": decision.choice, "key": decision.key}
    decision.delete()
    record(actor, "router.forget_decision", router, now=now, before=before, after={})
    hurry(Router.objects.filter(pk=router.pk), now)


@transaction.atomic
def undo(*, actor: Actor, now: datetime, operation: Operation) -> RowDecision:
    """Put a row of a router back as it was before this operation, and leave it so.

    It is left alone until somebody takes the decision back, or until the system wants something
    else of that row than it does now: who was cut, had it undone, paid and is due again is cut.
    Raises NetworkError where the operation cannot be undone.
    """
    row = Operation.objects.select_for_update().get(pk=operation.pk)
    before = _undoable(row)
    decision, _new = RowDecision.objects.update_or_create(
        router_id=row.sync_pass.router_id,
        kind=row.menu,
        key=row.key,
        defaults={
            "choice": Choice.LEAVE,
            "seen": "",
            "row": text_of(before),
            "shown": {"key": row.key, "before": row.before, "after": row.after},
            "decided_by": actor.name,
            "decided_at": now,
            "done_at": None,
            "error": "",
            "undoes": row,
        },
    )
    row.undone_at, row.undone_by = now, actor.name
    row.save(update_fields=["undone_at", "undone_by"])
    customer = row.connection.service.customer_id if row.connection else None
    told = {"action": row.action, "menu": row.menu, "key": row.key}
    router = row.sync_pass.router
    record(actor, "router.undo", router, now=now, customer_id=customer, before=told, after={})
    hurry(Router.objects.filter(pk=router.pk), now)
    return decision


@transaction.atomic
def undo_pass(*, actor: Actor, now: datetime, sync_pass: SyncPass, count: int) -> int:
    """Undo everything a pass wrote that can be undone; `count` is how many that is, typed."""
    rows = undoable(sync_pass)
    if not rows or count != len(rows):
        raise NetworkError(NetworkCode.WRONG_COUNT, "count")
    for row in rows:
        undo(actor=actor, now=now, operation=row)
    return len(rows)


def undoable(sync_pass: SyncPass) -> list[Operation]:
    """Its operations that `undo` would take, in one query."""
    rows = list(sync_pass.operations.filter(ok=True, undone_at=None).exclude(rows=""))
    keys = {row.key for row in rows}
    later = Operation.objects.filter(
        sync_pass__router=sync_pass.router_id, ok=True, pk__gte=min((r.pk for r in rows), default=0)
    )
    newest: dict[tuple[str, str], int] = {}
    for menu, key, pk in later.filter(undone_at=None).values_list("menu", "key", "pk"):
        if key in keys:
            newest[menu, key] = max(pk, newest.get((menu, key), 0))
    return [
        row
        for row in rows
        if row.menu != Kind.SESSION and newest.get((row.menu, row.key)) == row.pk and _fits(row)
    ]


def _fits(row: Operation) -> bool:
    before, _after = pair_of(row.rows)
    return before is None or row.action != "remove" or is_whole(before)


def _undoable(row: Operation) -> Any:
    """The row to put back. Raises NetworkError."""
    if row.menu == Kind.SESSION:
        raise NetworkError(NetworkCode.SESSIONS_COME_BACK)
    if row.undone_at or not row.ok or not row.rows or not _fits(row):
        raise NetworkError(NetworkCode.NOT_TO_BE_UNDONE)
    later = Operation.objects.filter(
        sync_pass__router=row.sync_pass.router_id,
        menu=row.menu,
        key=row.key,
        ok=True,
        undone_at=None,
        pk__gt=row.pk,
    )
    if later.exists():
        raise NetworkError(NetworkCode.CHANGED_SINCE)
    return pair_of(row.rows)[0]


def _note(
    actor: Actor,
    now: datetime,
    router: Router,
    kind: str,
    key: str,
    choice: str,
    shown: Mapping[str, Any],
) -> None:
    RowDecision.objects.update_or_create(
        router=router,
        kind=kind,
        key=key,
        defaults={
            "choice": choice,
            "seen": shown["print"],
            "row": "",
            "shown": dict(shown),
            "decided_by": actor.name,
            "decided_at": now,
            "done_at": None,
            "error": "",
            "undoes": None,
        },
    )
    after = {"choice": choice, "kind": kind, "key": key}
    record(actor, "router.decide", router, now=now, before={}, after=after)
