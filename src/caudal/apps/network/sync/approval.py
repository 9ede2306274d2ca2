"""The brakes on cuts, and what a person allowed by typing a count."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from caudal.apps.network.actions import cuts_left, take_cuts
from caudal.apps.network.models import Router, SyncPass
from caudal.core.access import (
    ONLY_CUTS,
    Brake,
    BrakeCode,
    Diff,
    Remembered,
    Snapshot,
    Wanted,
    brakes,
)

HOLDS = timedelta(hours=24)
"""An approval that could not be carried out, because the router is off, ends after this."""
CLOCK_GRAIN = timedelta(minutes=10)
"""Our clock may be set back so far without a question: passes do not end in their order."""
WROTE = ("braked", "applied", "in_sync", "drift")
"""Outcomes of passes that could write."""


@dataclass(frozen=True, slots=True)
class Approval:
    """The services of a braked pass that a person allowed to be cut, and the count typed."""

    row: SyncPass
    services: frozenset[str]
    count: int


def approval_of(router: Router, typed: int | None, now: datetime) -> Approval | None:
    """What holds now: `typed` for the newest braked pass, or one approved on the router's page."""
    braked = router.passes.filter(outcome=SyncPass.Outcome.BRAKED)
    if typed is not None:
        row = braked.first()
        return _approval(row) if row and row.brake_count == typed else None
    row = braked.filter(
        approval_used_at=None, started_at__gt=now - HOLDS, approved_by__gt=""
    ).first()
    return _approval(row) if row else None


def held_back(
    router: Router,
    plan: Diff,
    found: Snapshot,
    want: Wanted,
    approval: Approval | None,
    *,
    now: datetime,
    take: bool,
) -> tuple[tuple[Brake, ...], Collection[str] | None]:
    """The brakes that hold, and the services whose operations wait; None: everything waits.

    With `take` the cuts that may be made are taken from this hour's; else they are only counted.
    """
    reasons = [
        *brakes(plan, found, want, Remembered(owned_rows=router.owned_rows)),
        *_own_reasons(router, plan, now),
    ]
    holding = tuple(brake for brake in reasons if not _is_released(brake, plan, approval))
    if any(brake.code not in ONLY_CUTS for brake in holding):
        return holding, None
    if holding:
        return holding, plan.cut
    if not plan.cut or (approval and plan.cut <= approval.services):
        return (), frozenset()
    granted = take_cuts(len(plan.cut), now) if take else min(cuts_left(now), len(plan.cut))
    later = frozenset(sorted(plan.cut)[granted:])
    return ((Brake(BrakeCode.HOURLY, len(later)),) if later else ()), later


def skips_first_cuts(plan: Diff, approval: Approval | None) -> bool:
    """Did a person see that the first cuts could not be proved, and allow the rest?"""
    return approval is not None and _is_released(_first(plan), plan, approval)


def _own_reasons(router: Router, plan: Diff, now: datetime) -> Iterator[Brake]:
    if not plan.cut:
        return
    if router.verified_at and router.verified_at - now > CLOCK_GRAIN:
        yield Brake(BrakeCode.CLOCK_BACK, len(plan.cut))
    last = router.passes.filter(outcome__in=WROTE).first()
    codes = {each["code"] for each in last.findings.get("brakes", [])} if last else set()
    if last and last.outcome == SyncPass.Outcome.BRAKED and BrakeCode.FIRST_CUTS in codes:
        yield _first(plan)


def _first(plan: Diff) -> Brake:
    return Brake(BrakeCode.FIRST_CUTS, len(plan.cut))


def use_approval(approval: Approval, now: datetime) -> None:
    """It was for those cuts only: the next mass cut asks again."""
    SyncPass.objects.filter(pk=approval.row.pk).update(approval_used_at=now)


def _approval(row: SyncPass) -> Approval:
    return Approval(row, frozenset(row.findings.get("cut", [])), row.brake_count)


def _is_released(brake: Brake, plan: Diff, approval: Approval | None) -> bool:
    """Fewer than approved is fine, somebody has paid meanwhile; anybody else is not."""
    if approval is None:
        return False
    codes = {each["code"] for each in approval.row.findings.get("brakes", [])}
    if brake.code not in codes:
        return False
    if brake.code in ONLY_CUTS:
        return plan.cut <= approval.services
    return brake.count == approval.count
