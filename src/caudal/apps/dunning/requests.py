"""Runs that were asked for: done by the worker, seen as they go."""

from collections import Counter
from datetime import datetime
from typing import Any

from caudal.apps.billing.actions import create_invoices
from caudal.apps.billing.calendars import time_zones
from caudal.apps.billing.models import RequestedRun
from caudal.apps.clock.jobs import Run
from caudal.apps.dunning.cuts import cut_overdue
from caudal.apps.staff.actor import Actor


def do_requested(run: Run, now: datetime) -> dict[str, Any]:
    """Do every request that waits, or that a dead worker left half done."""
    waiting = RequestedRun.objects.exclude(status=RequestedRun.Status.DONE).order_by("id")
    done = 0
    for row in waiting:
        _do(row, run, now)
        done += 1
    return {"runs": done} if done else {}


class _Shown(Run):
    """Counts that are shown on the request's row, and keep the worker's own lease alive."""

    def __init__(self, row: RequestedRun, outer: Run) -> None:
        super().__init__()
        self._shown = RequestedRun.objects.filter(pk=row.pk)
        self._outer = outer

    def keep_alive(self) -> None:
        super().keep_alive()
        self._outer.keep_alive()
        self._shown.update(**self.counts())


def _do(row: RequestedRun, outer: Run, now: datetime) -> None:
    RequestedRun.objects.filter(pk=row.pk).update(status=RequestedRun.Status.RUNNING)
    shown = _Shown(row, outer)
    actor = Actor.system(row.requested_by)
    totals: Counter[str] = Counter()
    for zone in time_zones():
        if row.kind == RequestedRun.Kind.CREATE:
            result = create_invoices(row.on, now, zone=zone, run=shown, actor=actor)
        else:
            result = cut_overdue(row.on, now, zone=zone, run=shown, actor=actor)
        totals.update({name: n for name, n in result.items() if isinstance(n, int)})
    RequestedRun.objects.filter(pk=row.pk).update(
        status=RequestedRun.Status.DONE, finished_at=now, summary=dict(totals), **shown.counts()
    )
