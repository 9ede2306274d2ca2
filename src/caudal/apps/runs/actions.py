"""Every write of the runs room that a person asks for; the worker does the rest."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from caudal.apps.catalog.models import Plan
from caudal.apps.clock.jobs import wake
from caudal.apps.customers.models import Zone
from caudal.apps.runs.automatic import automatic
from caudal.apps.runs.models import Run, RunTerms
from caudal.apps.runs.sources.pricing import OwnPrices, PriceChange, PriceStyle
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.apps.staff.scope import visible
from caudal.core.errors import RuleError
from caudal.core.money import ZERO

__all__ = [
    "approve",
    "automatic",
    "discard",
    "plan",
    "plan_again",
    "plan_prices",
    "plan_undo",
    "set_terms",
    "undoes_cuts",
]

PLANNABLE = (Run.Kind.CREATE, Run.Kind.CUT)


@transaction.atomic
def plan(
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    on: date,
    time_zone: str = "",
    zones: Iterable[Zone] = (),
    is_shadow: bool = False,
) -> Run:
    """Ask the worker to plan the creation or the cut of `on`: nothing is done until approved.

    `time_zone` names one clock, "" is every one; `zones` narrow it further. One that is still
    being planned is not asked twice.
    """
    if kind not in PLANNABLE:
        raise RuleError("run-kind-unknown", kind=kind)
    options = {"zones": sorted(zone.pk for zone in zones)}
    return _ask(actor, now, kind, on, options, time_zone=time_zone, is_shadow=is_shadow)


@transaction.atomic
def plan_prices(
    *,
    actor: Actor,
    now: datetime,
    on: date,
    plans: Iterable[Plan],
    style: str,
    value: Decimal,
    own: str = OwnPrices.LEAVE,
    step: Decimal = ZERO,
) -> Run:
    """Ask for a price change of plans: invoices that are created from `on` on charge it.

    Raises RuleError for a price or step below zero, and for no plans.
    """
    chosen = sorted(plan.pk for plan in plans)
    if not chosen:
        raise RuleError("no-plans")
    if step < 0 or (style == PriceStyle.SET and value < 0):
        raise RuleError("amount-negative")
    change = PriceChange(style, value, own, step)
    options = {"plans": chosen, "change": change.plain()}
    return _ask(actor, now, Run.Kind.PRICE, on, options)


@transaction.atomic
def plan_undo(*, actor: Actor, now: datetime, today: date, run: Run) -> Run:
    """Ask what undoing a run would take back. Raises RuleError where there is nothing to undo."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.status != Run.Status.DONE or run.is_shadow or run.kind == Run.Kind.UNDO:
        raise RuleError("run-not-undoable")
    known = run.undone_by.exclude(status=Run.Status.DISCARDED).first()
    if known is not None:
        return known
    return _ask(actor, now, Run.Kind.UNDO, today, {}, undoes=run, time_zone=run.time_zone)


@transaction.atomic
def plan_again(*, actor: Actor, now: datetime, run: Run) -> Run:
    """A new plan for the rows of `run` that were refused or could not be done."""
    if run.kind == Run.Kind.PRICE:
        return _ask(actor, now, run.kind, run.on, dict(run.options))
    if run.kind not in PLANNABLE or run.status != Run.Status.DONE:
        raise RuleError("run-not-plannable")
    options = run.options | {"again": run.pk}
    return _ask(actor, now, run.kind, run.on, options, time_zone=run.time_zone)


@transaction.atomic
def approve(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    run: Run,
    typed: int | None = None,
    waives: bool = False,
) -> Run:
    """Let the worker execute a plan; twice is once. A price change waits for its date.

    `waives`, of an undone cut alone: what they owe by now does not cut them again.

    One that a brake stopped takes the count of its rows, `typed`. Raises RuleError
    "run-not-planned", "run-too-early", "run-of-others", "run-count-wrong", "run-shadow-month".
    """
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.status in (Run.Status.APPROVED, Run.Status.EXECUTING, Run.Status.DONE):
        return run
    if run.status != Run.Status.PLANNED:
        raise RuleError("run-not-planned", state=str(run.status))
    if run.on > today and run.kind != Run.Kind.PRICE:
        raise RuleError("run-too-early", on=run.on)
    _require_seen(actor, run)
    if run.brakes and typed != run.totals["rows"]:
        raise RuleError("run-count-wrong", count=run.totals["rows"])
    if RunTerms.get().is_shadow and not run.is_shadow:
        raise RuleError("run-shadow-month")
    run.status, run.approved_by, run.approved_at = Run.Status.APPROVED, actor.name, now
    if waives and undoes_cuts(run):
        run.options |= {"waives": True}
    run.save(update_fields=["status", "approved_by", "approved_at", "options"])
    record(actor, "runs.approve", run, now=now, note=run.inputs_hash[:16])
    wake()
    return run


@transaction.atomic
def discard(*, actor: Actor, now: datetime, run: Run) -> Run:
    """Forget a plan: it stays in the list with its rows and can never be executed."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    waits = run.status == Run.Status.APPROVED and not run.instants
    if run.status not in (Run.Status.PLANNED, Run.Status.PLANNING) and not waits:
        raise RuleError("run-not-planned", state=str(run.status))
    run.status = Run.Status.DISCARDED
    run.save(update_fields=["status"])
    record(actor, "runs.discard", run, now=now)
    return run


@transaction.atomic
def set_terms(*, actor: Actor, now: datetime, today: date, **fields: Any) -> RunTerms:
    """How the clock's runs go: `creation` and `cuts` (RunTerms.Mode), `is_shadow`."""
    terms = RunTerms.get()
    before = snapshot(terms)
    was_shadow = terms.is_shadow
    for name, value in fields.items():
        setattr(terms, name, value)
    if terms.is_shadow != was_shadow:
        terms.shadow_since = today if terms.is_shadow else None
    terms.save()
    record(actor, "runs.set_terms", terms, now=now, before=before, after=snapshot(terms))
    return terms


def undoes_cuts(run: Run) -> bool:
    """Whether it lets services browse again that a run cut."""
    return run.undoes is not None and run.undoes.kind == Run.Kind.CUT


def _require_seen(actor: Actor, run: Run) -> None:
    """Who sees a part of the customers executes only what touches nobody else (RuleError)."""
    if actor.user is None or not actor.user.is_limited:
        return
    rows = run.rows.acts()
    if rows.exclude(pk__in=visible(actor.user, rows).values("pk")).exists():
        raise RuleError("run-of-others")


def _ask(
    actor: Actor, now: datetime, kind: str, on: date, options: dict[str, Any], **values: Any
) -> Run:
    same = Run.objects.filter(kind=kind, on=on, options=options, is_automatic=False, **values)
    known = same.filter(status=Run.Status.PLANNING).first()
    if known is not None:
        return known
    run = Run.objects.create(
        kind=kind, on=on, options=options, requested_by=actor.name, requested_at=now, **values
    )
    record(actor, "runs.plan", run, now=now)
    wake()
    return run
