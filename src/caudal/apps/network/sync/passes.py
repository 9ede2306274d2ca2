"""One pass over one router: probe, read, compare, brake, apply, read back, write down."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from caudal.apps.clock.now import machine_time
from caudal.apps.network.actions import is_stopped
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.infrastructure import own_addresses
from caudal.apps.network.models import Router, RowDecision, SyncPass
from caudal.apps.network.sync import health, journal, results
from caudal.apps.network.sync.approval import (
    Approval,
    approval_of,
    held_back,
    skips_first_cuts,
    use_approval,
)
from caudal.apps.network.sync.decisions import Steered, decisions_of, note_done, steered
from caudal.apps.network.sync.door import opened, served
from caudal.apps.network.sync.findings import brake_dicts, describe, leftovers
from caudal.apps.network.sync.health import PassFailed
from caudal.apps.network.sync.lease import Lease, LeaseLost, leased
from caudal.apps.network.sync.moves import (
    elsewhere,
    wake_if_proved,
    wake_old_places,
)
from caudal.apps.network.sync.parents import note_parents
from caudal.apps.network.sync.sessions import note_sessions
from caudal.apps.network.sync.wanted import Line, installation_key, wanted_state
from caudal.core.access import (
    Brake,
    BrakeCode,
    Code,
    Diff,
    Op,
    Snapshot,
    Wanted,
    diff,
    first_cuts,
    is_proved,
    owned_rows,
    wanted,
)
from caudal.core.access.rows import SESSIONS
from caudal.core.ports.access import AccessDriver, AccessError, AccessFault, OpResult

AT_ONCE = 500
"""Operations between two renewals of the lease."""
Outcome = SyncPass.Outcome


@dataclass(slots=True)
class Work:
    """What one pass carries along. `hands_off`: nothing is written to the router."""

    lease: Lease
    row: SyncPass
    hands_off: bool
    dry_run: bool
    approval: Approval | None
    heard: Callable[[], None] = lambda: None
    lines: list[Line] = field(default_factory=list)
    want: Wanted = field(default_factory=lambda: Wanted(""))
    spared: frozenset[str] = frozenset()
    brakes: tuple[Brake, ...] = ()
    held: Collection[str] = frozenset()
    """Services whose operations wait for a person or for the next hour."""
    decisions: list[RowDecision] = field(default_factory=list)
    steer: Steered = field(default_factory=lambda: Steered(Diff()))
    errors: dict[str, str] = field(default_factory=dict)
    """Why an operation of a service failed, by service id."""

    @property
    def router(self) -> Router:
        return self.lease.router

    def compare(self, found: Snapshot, spared: Collection[str] = ()) -> Diff:
        adopt = [key for line in self.lines if line.access and line.adopt for key in line.keys]
        served = elsewhere(self.router, found, {str(line.service_id) for line in self.lines})
        plan = diff(
            self.want,
            found,
            adopt=adopt,
            spare_sessions={*self.spared, *spared},
            moving=served.coming,
            moved=served.there,
        )
        self.steer = steered(plan, found, self.want, self.decisions)
        return self.steer.plan


def reconcile(
    router: Router,
    now: datetime,
    *,
    dry_run: bool = False,
    read_only: bool = False,
    approved: int | None = None,
    requested_by: str = "",
    machine: Callable[[], datetime] = machine_time,
    heard: Callable[[], None] = lambda: None,
) -> SyncPass:
    """Make the router hold what the rows say; never call it inside a transaction.

    `dry_run` plans, and writes nothing but the pass itself; `read_only` (like a frozen router)
    also notes what was seen of each service. `approved` is the count a person typed for the cuts
    of the last braked pass: only those services may then be cut. `heard` is called as soon as
    the router has answered.
    Raises NetworkError where another worker has the router, or its API is off.
    """
    with leased(router, now, machine) as lease:
        router.refresh_from_db()
        if not router.is_active:
            raise NetworkError(NetworkCode.ROUTER_OFF, router=router.name)
        work = Work(
            lease=lease,
            row=health.begin(router, now, requested_by),
            hands_off=dry_run or read_only or router.is_frozen or is_stopped(),
            dry_run=dry_run,
            approval=approval_of(router, approved, now),
            heard=heard,
        )
        _guarded(work)
        return work.row


def _guarded(work: Work) -> None:
    try:
        _pass(work)
    except AccessError as error:
        health.note_failure(work.lease, work.row, error.fault, error.detail, error.permanent)
    except PassFailed as failed:
        health.note_failure(work.lease, work.row, failed.code, failed.detail, permanent=True)
    except LeaseLost:
        health.finish(work.lease, work.row, Outcome.FAILED, error="lease-lost")
    except Exception as error:
        health.note_failure(work.lease, work.row, "internal", type(error).__name__, True)
        raise


def _pass(work: Work) -> None:
    with opened(work.router) as driver:
        device = driver.probe()
        work.heard()
        health.note_contact(work.lease, device)
        # Before the reading: what changes from here on has a higher revision and stays pending.
        work.lines = list(wanted_state(work.router))
        own = [*device.addresses, *own_addresses()]
        accesses = (line.access for line in work.lines if line.access)
        work.want = wanted(
            accesses,
            owner=installation_key(),
            own_addresses=own,
            served=served(work.router.driver),
        )
        work.spared = frozenset(journal.recently_kicked(work.router, work.lease.present()))
        work.decisions = decisions_of(work.router)
        work.lease.renew()
        found = _read(driver)
        plan = work.compare(found)
        ops = _allowed(work, plan, found)
        work.row.findings = describe(plan, found, work.lines, work.brakes)
        work.row.planned, work.row.cuts = len(plan.ops), len(plan.cut)
        left = plan
        if ops:
            found, left = _carry_out(work, driver, plan, ops)
            work.row.findings["brakes"] = brake_dicts(work.brakes)
        work.row.findings |= leftovers(left, work.steer.left)
    _write_down(work, found, left, bool(ops))


def _carry_out(
    work: Work, driver: AccessDriver, plan: Diff, ops: Sequence[Op]
) -> tuple[Snapshot, Diff]:
    """Everything but cuts, and the first few of these; then, if they are proved, the rest."""
    first = frozenset() if skips_first_cuts(plan, work.approval) else first_cuts(plan)
    waiting = plan.cut - first if first else frozenset()
    found, left = _write(work, driver, [op for op in ops if op.service_id not in waiting])
    if not waiting - set(work.held) or _is_halted(work.router):
        return found, left
    if not is_proved(plan, left, first - set(work.held)):
        work.brakes = (*work.brakes, Brake(BrakeCode.FIRST_CUTS, len(left.cut)))
        return found, left
    return _write(work, driver, left.without(work.held).ops)


def _write(work: Work, driver: AccessDriver, ops: Sequence[Op]) -> tuple[Snapshot, Diff]:
    """Apply and read back: the new reading, and what is left to do after it."""
    steer = work.steer
    done = _apply(work, driver, ops)
    note_done(steer, done, work.lease.present())
    found = _read(driver)
    work.decisions = decisions_of(work.router)
    return found, work.compare(found, [op.service_id for op in ops if op.row.kind in SESSIONS])


def _read(driver: AccessDriver) -> Snapshot:
    found = driver.read()
    if not found.complete:
        raise PassFailed("incomplete-read", "; ".join(found.problems))
    return found


def _allowed(work: Work, plan: Diff, found: Snapshot) -> tuple[Op, ...]:
    """The operations that may be written now. Restorations are never braked."""
    now = work.lease.present()
    work.brakes, held = held_back(
        work.router, plan, found, work.want, work.approval, now=now, take=not work.hands_off
    )
    if work.hands_off or held is None:
        return ()
    work.held = held
    return plan.without(held).ops


def _apply(work: Work, driver: AccessDriver, ops: Sequence[Op]) -> list[OpResult]:
    connections = {str(line.service_id): line.pk for line in work.lines}
    note_parents(ops, connections)
    rows = journal.note_plan(work.row, ops, connections, work.lease.present())
    done: list[OpResult] = []
    try:
        for result in _in_batches(work, driver, ops):
            done.append(result)
    finally:
        journal.note_results(rows[: len(done)], done)
        work.row.applied += sum(result.ok for result in done)
        work.row.failed += sum(not result.ok for result in done)
        work.errors |= {
            result.op.service_id: journal.error_text(result.fault, result.detail)
            for result in reversed(done)
            if not result.ok
        }
    return done


def _in_batches(work: Work, driver: AccessDriver, ops: Sequence[Op]) -> Iterator[OpResult]:
    """Like one call of `apply`; the lease is renewed on the way, and a broken line ends it."""
    failed: set[str] = set()
    broken = False
    for at in range(0, len(ops), AT_ONCE):
        work.lease.renew()
        broken = broken or _is_halted(work.router)
        batch = ops[at : at + AT_ONCE]
        barred = {
            id(op) for op in batch if broken or (op.needs_earlier and op.service_id in failed)
        }
        answers = iter(driver.apply([op for op in batch if id(op) not in barred]))
        for op in batch:
            skipped = OpResult(op, False, fault=AccessFault.SKIPPED)
            result = skipped if id(op) in barred else next(answers)
            if not result.ok:
                failed.add(op.service_id)
                broken = broken or result.fault in health.NOT_ANSWERING
            yield result


def _is_halted(router: Router) -> bool:
    """Did somebody throw a kill switch since the pass began?"""
    return is_stopped() or Router.objects.filter(pk=router.pk, is_frozen=True).exists()


def _write_down(work: Work, found: Snapshot, left: Diff, wrote: bool) -> None:
    work.lease.renew()
    now = work.lease.present()
    if work.dry_run:
        health.finish(work.lease, work.row, Outcome.DRY_RUN)
        return
    if not work.hands_off:
        note_done(work.steer, (), now)
    verdicts = results.judge(
        work.lines, left, work.errors, hands_off=work.hands_off, alone=work.steer.left
    )
    results.write_verdicts(work.router, verdicts, now)
    wake_old_places(work.router, left, verdicts.newly_settled(work.lines))
    note_sessions(work.router, work.lines, found.sessions, now)
    health.note_success(
        work.lease,
        work.row,
        device=found.device,
        owned_rows=owned_rows(work.want, found),
        unknown=left.unknown,
        failed=work.row.failed > 0,
        unfinished=bool(verdicts.waiting) or _dirt(work, left),
        braked=bool(work.brakes) and not work.hands_off,
    )
    wake_if_proved(work.router, left)
    if work.approval and wrote:
        use_approval(work.approval, now)
    health.finish(work.lease, work.row, _outcome(work, left, wrote))


def _dirt(work: Work, left: Diff) -> bool:
    """Does the router still hold rows of services that are not its own any more?"""
    own = {str(line.service_id) for line in work.lines}
    moving = any(finding.code is Code.MOVING for finding in left.findings)
    return moving or any(op.service_id not in own for op in left.ops)


def _outcome(work: Work, left: Diff, wrote: bool) -> str:
    if work.hands_off:
        return Outcome.READ_ONLY
    if work.brakes:
        return Outcome.BRAKED
    if work.row.failed and not work.row.applied:
        return Outcome.FAILED
    if left.findings:
        return Outcome.DRIFT
    return Outcome.APPLIED if wrote else Outcome.IN_SYNC
