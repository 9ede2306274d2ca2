"""When each job is due next, and whether anybody is there to do it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.functional import Promise

from caudal.apps.clock.models import JobRun
from caudal.apps.clock.schedule import Frequent, daily_jobs, frequent_jobs, zones
from caudal.core.civil import local_date, zone_named

SILENCE = timedelta(minutes=5)
"""A worker looks each minute; after so long without a trace there is none."""


@dataclass(frozen=True)
class Due:
    job: str
    label: str | Promise
    zone: str
    """IANA name for a daily job, empty for a frequent one."""
    at: datetime
    """UTC; already past where the job waits for a worker."""


def upcoming(now: datetime) -> list[Due]:
    """The next time of every job, soonest first."""
    found = [_next_frequent(now, job) for job in frequent_jobs()]
    for zone in zones():
        today = local_date(now, zone_named(zone))
        for job in daily_jobs():
            at = job.due_at(today, zone)
            if at <= now:
                at = job.due_at(today + timedelta(days=1), zone)
            found.append(Due(job.name, job.label, zone, at))
    return sorted(found, key=lambda due: (due.at, due.job, due.zone))


def has_worker(now: datetime) -> bool:
    """Whether some worker left a trace lately."""
    if not frequent_jobs():
        return True
    seen = JobRun.objects.aggregate(seen=Max("started_at"))["seen"]
    return seen is not None and now - seen <= SILENCE


def _next_frequent(now: datetime, job: Frequent) -> Due:
    last = JobRun.objects.filter(job=job.name).aggregate(last=Max("slot"))["last"]
    return Due(job.name, job.label, "", job.after(last) if last else now)
