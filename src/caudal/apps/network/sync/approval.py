"""The brake against mass cuts, and what a person allowed by typing a count."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from caudal.apps.network.models import Router, SyncPass
from caudal.core.access import Brake, BrakeCode, Diff, Remembered, Snapshot, Wanted, brakes

HOLDS = timedelta(hours=24)
"""An approval that could not be carried out, because the router is off, ends after this."""


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
    router: Router, plan: Diff, found: Snapshot, want: Wanted, approval: Approval | None
) -> tuple[tuple[Brake, ...], Collection[str] | None]:
    """The brakes that hold, and the services whose operations wait; None: everything waits."""
    reasons = brakes(plan, found, want, Remembered(owned_rows=router.owned_rows))
    holding = tuple(brake for brake in reasons if not _is_released(brake, plan, approval))
    if not holding:
        return (), frozenset()
    if all(brake.code is BrakeCode.MASS_CUT for brake in holding):
        return holding, plan.cut
    return holding, None


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
    if brake.code is BrakeCode.MASS_CUT:
        return plan.cut <= approval.services
    return brake.count == approval.count
