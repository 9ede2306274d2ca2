"""The first plan of an adopted router: until a person approves it, the router is only read."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from caudal.apps.imports.errors import ImportCode
from caudal.apps.imports.models import FirstPlan, ImportRun
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Router, SyncPass
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.errors import RuleError

FRESH = timedelta(minutes=30)
"""A plan older than this is made anew before it is approved."""


@transaction.atomic
def hold(*, actor: Actor, now: datetime, run: ImportRun) -> FirstPlan | None:
    """Read the router only, from before its first customers come in. None where it is in use
    already: then what it holds of ours goes on being kept."""
    router = run.router
    if router is None or router.owned_rows or FirstPlan.objects.filter(router=router).exists():
        return None
    network.freeze(actor=actor, now=now, router=router)
    return FirstPlan.objects.create(router=router, run=run, held_at=now)


@transaction.atomic
def ask(*, actor: Actor, now: datetime, plan: FirstPlan) -> None:
    """Have the worker plan without writing. Raises NetworkError where the router's API is off."""
    kind = Router.Request.DRY_RUN
    network.request_pass(actor=actor, now=now, router=plan.router, kind=kind)


@transaction.atomic
def approve(*, actor: Actor, now: datetime, plan: FirstPlan, digest: str) -> FirstPlan:
    """Write what was shown, from the next pass on. `digest` is of the plan that was shown.

    Raises RuleError where it is not the newest, is old, or services have changed since.
    """
    plan = FirstPlan.objects.select_for_update().select_related("router").get(pk=plan.pk)
    shown = proposal(plan, now)
    if not plan.is_waiting:
        raise RuleError(ImportCode.PLAN_APPROVED)
    if shown is None or shown.is_old or shown.digest != digest:
        raise RuleError(ImportCode.PLAN_CHANGED)
    plan.approved_at, plan.approved_by, plan.digest = now, actor.name, digest
    plan.save()
    record(actor, "imports.approve_plan", plan, now=now, after={"changes": shown.sync_pass.planned})
    router = plan.router
    router.refresh_from_db()
    network.unfreeze(actor=actor, now=now, router=router)
    network.request_pass(actor=actor, now=now, router=router, kind=Router.Request.APPLY)
    return plan


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the newest dry run would write. `groups` count changes by (verb, kind)."""

    sync_pass: SyncPass
    groups: list[tuple[str, str, int]]
    digest: str
    is_old: bool

    @property
    def conflicts(self) -> int:
        return int(self.sync_pass.findings.get("people_count", 0))

    @property
    def unknown(self) -> int:
        return int(self.sync_pass.findings.get("unknown_count", 0))


def proposal(plan: FirstPlan, now: datetime) -> Proposal | None:
    """None until a dry run after the hold has come to its end."""
    passes = plan.router.passes.filter(started_at__gte=plan.held_at)
    found = passes.filter(outcome=SyncPass.Outcome.DRY_RUN).first()
    if found is None:
        return None
    planned = found.findings.get("plan", [])
    counts = Counter((each["verb"], each["kind"]) for each in planned)
    return Proposal(
        found,
        [(verb, kind, count) for (verb, kind), count in sorted(counts.items())],
        _digest(found.findings),
        now - found.started_at > FRESH or _is_changed(plan.router, found),
    )


def _digest(findings: Mapping[str, Any]) -> str:
    told = [findings.get("plan", []), findings.get("plan_count", 0), findings.get("cut", [])]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _is_changed(router: Router, since: SyncPass) -> bool:
    """Has anything of the router's services changed since the plan was made?"""
    mine = Connection.objects.filter(router=router)
    return mine.filter(service__changed_at__gt=since.started_at).exists()
