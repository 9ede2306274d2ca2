"""Which jobs there are, in which time zones, and which of their slots are due."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from caudal.apps.clock.run import Run
from caudal.core.civil import job_instant, local_date, zone_named

DailyWork = Callable[[Run, date, str, datetime], dict[str, Any]]
Text = str | Promise
FrequentWork = Callable[[Run, datetime], dict[str, Any]]


@dataclass(frozen=True)
class Daily:
    name: str
    hour: int
    order: int
    work: DailyWork
    label: Text

    def due_at(self, day: date, zone: str) -> datetime:
        """UTC instant at which the job of that civil date is due (CAL-5)."""
        return job_instant(day, time(self.hour), zone_named(zone))

    def due_days(self, since: date, now: datetime, zone: str) -> Iterator[date]:
        last = local_date(now, zone_named(zone))
        for number in range((last - since).days + 1):
            day = since + timedelta(days=number)
            if self.due_at(day, zone) <= now:
                yield day


@dataclass(frozen=True)
class Frequent:
    name: str
    seconds: int
    work: FrequentWork
    label: Text

    def slot(self, now: datetime) -> str:
        """The slot that `now` falls in, named by its first instant."""
        return instant_slot(self._first(now))

    def after(self, slot: str) -> datetime:
        """The instant at which the job is due that last ran for `slot`."""
        last = datetime.fromisoformat(slot).replace(tzinfo=UTC)
        return self._first(last) + timedelta(seconds=self.seconds)

    def _first(self, instant: datetime) -> datetime:
        stamp = int(instant.timestamp())
        return datetime.fromtimestamp(stamp - stamp % self.seconds, UTC)


def instant_slot(instant: datetime) -> str:
    """2026-07-05T14:03:00.000, which sorts as text as it does in time."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


_jobs: dict[str, Daily | Frequent] = {}
_zone_sources: list[Callable[[], Iterable[str]]] = []
_silences: dict[str, Callable[[], bool]] = {}


def daily(
    name: str, *, hour: int, order: int = 10, label: Text = ""
) -> Callable[[DailyWork], DailyWork]:
    """Register what is done once per civil date and time zone, from `hour` (0..23) on.

    Of one date the jobs run by hour, then `order`. `name` is "<room>.<verb>"; `label` is what
    the screen shows, a lazy translation.
    """

    def register(work: DailyWork) -> DailyWork:
        _add(Daily(name, hour, order, work, label or name))
        return work

    return register


def frequent(
    name: str, *, seconds: int, label: Text = ""
) -> Callable[[FrequentWork], FrequentWork]:
    """Register what is done every so many seconds (workers look every 20) and when woken."""

    def register(work: FrequentWork) -> FrequentWork:
        _add(Frequent(name, seconds, work, label or name))
        return work

    return register


def time_zones(source: Callable[[], Iterable[str]]) -> Callable[[], Iterable[str]]:
    """Register a function that names the IANA zones of daily jobs, beside the installation's."""
    if source not in _zone_sources:
        _zone_sources.append(source)
    return source


def silence(names: Iterable[str], when: Callable[[], bool]) -> None:
    """Jobs that do nothing while `when()` says so; the date of a daily one counts as done.

    For rooms above those whose jobs they are, which do not know of them.
    """
    _silences.update(dict.fromkeys(names, when))


def is_silent(name: str) -> bool:
    when = _silences.get(name)
    return when is not None and when()


def daily_jobs() -> list[Daily]:
    """In the order in which they run on one date."""
    found = [job for job in _all().values() if isinstance(job, Daily)]
    return sorted(found, key=lambda job: (job.hour, job.order, job.name))


def frequent_jobs() -> list[Frequent]:
    return [job for _, job in sorted(_all().items()) if isinstance(job, Frequent)]


def job_named(name: str) -> Daily | Frequent | None:
    return _all().get(name)


def zones() -> list[str]:
    autodiscover_modules("jobs")
    named = {zone for source in _zone_sources for zone in source() if zone}
    return sorted({settings.TIME_ZONE, *named})


def _all() -> dict[str, Daily | Frequent]:
    autodiscover_modules("jobs")
    return _jobs


def _add(job: Daily | Frequent) -> None:
    known = _jobs.get(job.name)
    if known is not None and known.work.__qualname__ != job.work.__qualname__:
        raise ValueError(f"two jobs are named {job.name}")
    _jobs[job.name] = job
