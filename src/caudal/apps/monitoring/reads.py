"""What screens and the API ask of monitoring: states of sites, series of measures, troubles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from caudal.apps.monitoring.models import Alarm, Device, Sample, Summary
from caudal.apps.network.models import Site
from caudal.apps.outages.models import Affected, Outage
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible

Point = tuple[datetime, float]
RANGES = {
    "day": (timedelta(days=1), None),
    "week": (timedelta(days=7), Summary.Grain.HOUR),
    "month": (timedelta(days=31), Summary.Grain.HOUR),
    "year": (timedelta(days=366), Summary.Grain.DAY),
}
"""Range -> (how far back, which summaries; None: every measure)."""
MOST_POINTS = 1_500
WORST_FIRST = ("down", "unreachable", "failing", "poor", "up", "unknown")


@dataclass(frozen=True)
class SiteState:
    """A site with how its devices are: its state is the worst of theirs."""

    site: Site
    state: str
    devices: int
    down: int
    outages: int


def series(device: Device, metric: str, span: str, now: datetime) -> list[Point]:
    """The measures of a range, oldest first: of a day all, beyond it means of hours or days."""
    back, grain = RANGES[span]
    if grain is None:
        samples = Sample.objects.filter(device=device, metric=metric, at__gte=now - back)
        return list(samples.order_by("-at").values_list("at", "value")[:MOST_POINTS])[::-1]
    rows = Summary.objects.filter(device=device, metric=metric, grain=grain, at__gte=now - back)
    return list(rows.order_by("-at").values_list("at", "mean")[:MOST_POINTS])[::-1]


def metrics_of(device: Device) -> list[str]:
    """What has been measured of it."""
    recent = Summary.objects.filter(device=device).order_by().values_list("metric", flat=True)
    now = Sample.objects.filter(device=device).order_by().values_list("metric", flat=True)
    return sorted({*recent.distinct(), *now.distinct()})


def site_states(sites: QuerySet[Site]) -> list[SiteState]:
    """Every site with its state, in three queries."""
    rows = list(sites)
    devices: dict[int, list[str]] = {}
    watched = Device.objects.watched().filter(site__in=[row.pk for row in rows])
    for device in watched.select_related("template"):
        devices.setdefault(device.site_id or 0, []).append(state_of(device))
    open_ones = Outage.objects.open().filter(covers__site__in=rows).order_by()
    outages = dict(open_ones.values_list("covers__site").annotate(n=Count("pk", distinct=True)))
    return [
        SiteState(
            site=row,
            state=worst(devices.get(row.pk, [])),
            devices=len(devices.get(row.pk, [])),
            down=sum(state in ("down", "unreachable") for state in devices.get(row.pk, [])),
            outages=outages.get(row.pk, 0),
        )
        for row in rows
    ]


def state_of(device: Device) -> str:
    """One of WORST_FIRST; what answers badly is `poor`."""
    return "poor" if device.is_poor else str(device.health)


def counts_by_state(user: User) -> dict[str, int]:
    """How many watched devices that he sees are in each state, for the first page."""
    rows = visible(user, Device.objects.watched().select_related("template"))
    found = Counter(map(state_of, rows))
    return {state: found.get(state, 0) for state in WORST_FIRST}


def outages_of(customer: int) -> QuerySet[Outage]:
    """Those that left a service of his without internet, newest first."""
    mine = Affected.objects.filter(customer=customer).values("outage")
    return Outage.objects.real().filter(pk__in=mine).prefetch_related("covers")


def troubles(user: User, limit: int) -> Sequence[Device]:
    """What is down by its own fault first, then what is about to be; of devices that he sees."""
    rows = visible(user, Device.objects.watched()).filter(
        Q(health=Device.Health.DOWN) | Q(health=Device.Health.FAILING)
    )
    return list(rows.select_related("site").order_by("health", "failing_since")[:limit])


def alarms_of(device: Device, limit: int) -> Sequence[Alarm]:
    return list(device.alarms.select_related("outage")[:limit])


def worst(states: Sequence[str]) -> str:
    return min(states, key=WORST_FIRST.index, default="unknown")
