"""The health of a router as passes leave it: last contact, failures, when to try again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from caudal.apps.network.models import Router, SyncPass
from caudal.apps.network.sync import results
from caudal.apps.network.sync.findings import foreign_addresses
from caudal.apps.network.sync.journal import error_text
from caudal.apps.network.sync.lease import Lease
from caudal.core.access import Device, Row
from caudal.core.backoff import LONGEST_S, pause
from caudal.core.clocks import skew_s
from caudal.core.ports.access import LIFE, AccessFault

NOT_ANSWERING = frozenset(
    {AccessFault.UNREACHABLE, AccessFault.TIMED_OUT, AccessFault.CONNECTION_LOST}
)
Outcome = SyncPass.Outcome


class PassFailed(Exception):
    """The pass ends and nothing of it is believed; `code` is stored, screens word it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def begin(router: Router, now: datetime, requested_by: str) -> SyncPass:
    """A new pass. One that still says it runs belonged to a worker that died."""
    dead = router.passes.filter(outcome=Outcome.RUNNING)
    dead.update(outcome=Outcome.FAILED, error="interrupted", finished_at=now)
    return SyncPass.objects.create(router=router, started_at=now, requested_by=requested_by)


def finish(lease: Lease, row: SyncPass, outcome: str, error: str = "") -> None:
    row.outcome, row.error, row.finished_at = outcome, error, lease.present()
    row.save()


def note_contact(lease: Lease, device: Device) -> None:
    """Keep what the router says of itself; the serial is pinned at the first contact.

    Raises PassFailed where another router answers than the pinned one.
    """
    router = lease.router
    values: dict[str, Any] = {"last_seen_at": lease.present()}
    if router.serial and device.serial != router.serial:
        Router.objects.filter(pk=router.pk).update(**values, found_serial=device.serial)
        raise PassFailed("serial-changed", device.serial)
    values |= {
        "serial": device.serial,
        "found_serial": "",
        "host_key": router.host_key or device.facts.get("host_key", ""),
        "identity": device.identity[:120],
        "version": device.version[:60],
        "board": device.board[:80],
        "facts": router.facts
        | {
            "uptime_s": device.uptime_s,
            "addresses": list(device.addresses),
            "noticed": dict(device.facts),
            "clock_skew_s": skew_s(device.facts.get("clock", ""), lease.machine_time()),
        },
    }
    _set(router, values)


def note_success(
    lease: Lease,
    row: SyncPass,
    *,
    device: Device,
    owned_rows: int,
    unknown: Iterable[Row],
    failed: bool,
    unfinished: bool,
    braked: bool,
) -> None:
    """A complete reading was compared. Changes that failed are tried again soon, as often as
    needed; what only the brake holds is looked at again later, for it waits for a person."""
    router, now = lease.router, lease.present()
    failures = router.failures + 1 if failed else 0
    retry = pause(failures, seed=router.pk) if failed else timedelta(seconds=LONGEST_S)
    values: dict[str, Any] = {
        "verified_at": now,
        "failing_since": None,
        "failures": failures,
        "last_error": "",
        "retry_at": now + retry if unfinished or braked else None,
        "owned_rows": owned_rows,
        "facts": router.facts
        | {
            "foreign_addresses": foreign_addresses(unknown),
            "noticed": _with_its_life(router.facts.get("noticed", {}), device),
        },
    }
    seen = router.dirty_since
    _set(router, values)
    if not unfinished and not braked and row.outcome != Outcome.DRY_RUN:
        results.note_dirt_cleaned(router, seen)


def _with_its_life(noticed: dict[str, str], device: Device) -> dict[str, str]:
    """What was noticed at the first contact, and the life that holds what was written since."""
    life = device.facts.get(LIFE)
    return {**noticed, LIFE: life} if life else noticed


def note_failure(
    lease: Lease, row: SyncPass, code: str, detail: str = "", permanent: bool = False
) -> None:
    """Nothing is believed of this pass. Tried again after 5 s, doubling up to 5 minutes; at once
    so late where a person has to do something first."""
    router, now = lease.router, lease.present()
    error = error_text(code, detail)
    failures = router.failures + 1
    wait = timedelta(seconds=LONGEST_S) if permanent else pause(failures, seed=router.pk)
    Router.objects.filter(pk=router.pk).update(
        failures=F("failures") + 1,
        failing_since=Coalesce("failing_since", Value(now)),
        last_error=error,
        retry_at=now + wait,
    )
    router.refresh_from_db()
    results.note_waiting(router, error, now)
    outcome = Outcome.UNREACHABLE if code in NOT_ANSWERING else Outcome.FAILED
    finish(lease, row, outcome, error)


def _set(router: Router, values: dict[str, Any]) -> None:
    """Only these columns: people and other acts change the rest of the row meanwhile."""
    for name, value in values.items():
        setattr(router, name, value)
    Router.objects.filter(pk=router.pk).update(**values)
