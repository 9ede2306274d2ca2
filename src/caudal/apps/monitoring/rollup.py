"""Measures by hour and by day: each span is worked out when it is over, and then its parts go."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Avg, Count, F, Max, Min, Sum
from django.db.models.functions import TruncDay, TruncHour

from caudal.apps.clock.jobs import Run
from caudal.apps.monitoring.models import Rules, Sample, Summary

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Grain = Summary.Grain
LATE = timedelta(minutes=5)
"""A round that began before the hour ended may still be writing."""
KEYS = ["device", "metric", "grain", "at"]
BATCH = 2_000


def roll_up(now: datetime, run: Run | None = None) -> int:
    """Work out every hour and day that is over and not yet worked out. Returns how many rows.

    The first span that is missing is found from the rows themselves, so a worker that was off for
    days catches up, and twice is the same rows again.
    """
    job = run or Run()
    return _hours(now, job) + _days(now, job)


def forget_old(now: datetime, run: Run | None = None) -> int:
    """Delete what is older than the rules keep it, never what is not rolled up yet."""
    job, rules = run or Run(), Rules.current()
    rolled = _last(Grain.HOUR)
    gone = 0
    if rolled is not None:
        limit = min(now - timedelta(days=rules.sample_days), rolled + HOUR)
        first = Sample.objects.order_by("at").values_list("at", flat=True).first()
        for until in _steps(first, limit):
            gone += Sample.objects.filter(at__lt=until)._raw_delete("default")
            job.keep_alive()
    for grain, days in ((Grain.HOUR, rules.hour_days), (Grain.DAY, rules.day_days)):
        old = Summary.objects.filter(grain=grain, at__lt=now - timedelta(days=days))
        gone += old._raw_delete("default")
    return gone


def _hours(now: datetime, run: Run) -> int:
    """From the samples; hour by hour, so that one statement never reads more than that."""
    last = _last(Grain.HOUR)
    first = last + HOUR if last else _hour(_first_sample())
    count = 0
    while first is not None and first + HOUR + LATE <= now:
        count += _write(
            Grain.HOUR,
            Sample.objects.filter(at__gte=first, at__lt=first + HOUR)
            .annotate(span=TruncHour("at", tzinfo=UTC))
            .order_by()
            .values("device_id", "metric", "span")
            .annotate(n=Count("pk"), low=Min("value"), mean=Avg("value"), high=Max("value")),
        )
        run.advance()
        first = _next_sample(first + HOUR)
    return count


def _days(now: datetime, run: Run) -> int:
    """From the hours. The mean weighs each hour by its readings."""
    last = _last(Grain.DAY)
    hours = Summary.objects.filter(grain=Grain.HOUR)
    begun = hours.filter(at__gte=last + DAY) if last else hours
    first = begun.order_by("at").values_list("at", flat=True).first()
    count = 0
    while first is not None and _day(first) + DAY + HOUR + LATE <= now:
        start = _day(first)
        count += _write(
            Grain.DAY,
            hours.filter(at__gte=start, at__lt=start + DAY)
            .annotate(span=TruncDay("at", tzinfo=UTC))
            .order_by()
            .values("device_id", "metric", "span")
            .annotate(
                n=Sum("count"),
                low=Min("low"),
                mean=Sum(F("mean") * F("count")) / Sum("count") * 1.0,
                high=Max("high"),
            ),
        )
        run.advance()
        later = hours.filter(at__gte=start + DAY).order_by("at")
        first = later.values_list("at", flat=True).first()
    return count


@transaction.atomic
def _write(grain: str, found: object) -> int:
    rows = [
        Summary(
            device_id=each["device_id"],
            metric=each["metric"],
            grain=grain,
            at=each["span"],
            count=each["n"],
            low=each["low"],
            mean=each["mean"],
            high=each["high"],
        )
        for each in found  # type: ignore[attr-defined]
    ]
    Summary.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=KEYS,
        update_fields=["count", "low", "mean", "high"],
    )
    return len(rows)


def _last(grain: str) -> datetime | None:
    rows = Summary.objects.filter(grain=grain).order_by("-at")
    return rows.values_list("at", flat=True).first()


def _first_sample() -> datetime | None:
    return Sample.objects.order_by("at").values_list("at", flat=True).first()


def _next_sample(since: datetime) -> datetime | None:
    """The hour of the next sample: hours in which nothing was measured are skipped."""
    rows = Sample.objects.filter(at__gte=since).order_by("at")
    return _hour(rows.values_list("at", flat=True).first())


def _hour(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(minute=0, second=0, microsecond=0)


def _day(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _steps(first: datetime | None, limit: datetime) -> Iterator[datetime]:
    """Delete some hours at a time: a statement over months would hold its locks too long."""
    while first is not None and first < limit:
        first = min(first + 6 * HOUR, limit)
        yield first
