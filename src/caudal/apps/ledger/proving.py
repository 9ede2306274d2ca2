"""Proving the books on request or every night, and keeping what came out."""

from datetime import datetime
from typing import Any

from django.utils import translation

from caudal.apps.clock.jobs import Run, wake
from caudal.apps.ledger.models import Verification
from caudal.apps.ledger.verify import Check, checks
from caudal.apps.staff.actor import Actor
from caudal.store.moment import one_moment

OPEN = [Verification.Status.WAITING, Verification.Status.RUNNING]


def request_verification(*, actor: Actor, now: datetime) -> Verification:
    """Ask for a proof; while one waits or runs, it is that one."""
    found = Verification.objects.filter(status__in=OPEN).first()
    if found is not None:
        return found
    row = Verification.objects.create(requested_by=actor.name, requested_at=now)
    wake()
    return row


def prove_requested(run: Run, now: datetime) -> int:
    """Do the proofs that wait, or that a dead worker left half done; how many were done."""
    waiting = Verification.objects.filter(status__in=OPEN).order_by("id")
    for row in list(waiting):
        _prove(row, run, now)
    return len(waiting)


def _prove(row: Verification, run: Run, now: datetime) -> None:
    with translation.override("en"):
        named = checks()  # as the texts are written: who reads the result has a language of his own
    run.plan(len(named))
    Verification.objects.filter(pk=row.pk).update(status=Verification.Status.RUNNING)
    results = []
    for name, check in named.items():
        results.append(_result(name, check))
        run.advance()
    good = all(result["ok"] for result in results)
    row.status = Verification.Status.AGREES if good else Verification.Status.DISAGREES
    row.results, row.finished_at = results, now
    row.save(update_fields=["status", "results", "finished_at"])


def _result(name: str, check: Check) -> dict[str, Any]:
    with one_moment():
        finding = next(iter(check()), None)
    if finding is None:
        return {"check": name, "ok": True}
    return {
        "check": name,
        "ok": False,
        "row": finding.row,
        "expected": finding.expected,
        "found": finding.found,
        "history": list(finding.history),
    }
