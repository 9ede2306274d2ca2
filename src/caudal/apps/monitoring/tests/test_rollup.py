"""Measures become hours and hours days, each once, and only then do they go."""

from datetime import UTC, datetime, timedelta

from caudal.apps.billing.tests.world import CLERK
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.models import Device, Rules, Sample, Summary
from caudal.apps.monitoring.rollup import forget_old, roll_up
from caudal.apps.monitoring.tests.conftest import Tower

START = datetime(2026, 7, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def measure(device: Device, first: datetime, values: list[float], metric: str = "latency") -> None:
    Sample.objects.bulk_create(
        Sample(device=device, metric=metric, at=first + n * timedelta(minutes=10), value=value)
        for n, value in enumerate(values)
    )


def rows(grain: str) -> list[tuple[datetime, int, float, float, float]]:
    found = Summary.objects.filter(grain=grain, metric="latency").order_by("at")
    return list(found.values_list("at", "count", "low", "mean", "high"))


def test_an_hour_is_rolled_up_when_it_is_over_and_twice_is_the_same(tower: Tower) -> None:
    measure(tower.radio, START, [10, 20, 60])
    measure(tower.radio, START + HOUR, [4])
    measure(tower.router, START, [1], "loss")
    assert roll_up(START + HOUR) == 0, "somebody may still be writing"
    assert roll_up(START + HOUR + timedelta(minutes=6)) == 2
    assert rows("hour") == [(START, 3, 10.0, 30.0, 60.0)]
    assert roll_up(START + HOUR + timedelta(minutes=7)) == 0
    roll_up(START + 3 * HOUR)
    assert rows("hour") == [(START, 3, 10.0, 30.0, 60.0), (START + HOUR, 1, 4.0, 4.0, 4.0)]


def test_a_day_weighs_each_hour_by_its_readings(tower: Tower) -> None:
    measure(tower.radio, START, [10, 20, 30])
    measure(tower.radio, START + 5 * HOUR, [100])
    roll_up(START + DAY + 2 * HOUR)
    assert rows("day") == [(START, 4, 10.0, 40.0, 100.0)]


def test_a_worker_that_was_off_for_days_catches_up(tower: Tower) -> None:
    for number in range(3):
        measure(tower.radio, START + number * DAY, [number + 1.0])
    roll_up(START + 9 * DAY)
    assert [row[3] for row in rows("day")] == [1.0, 2.0, 3.0]
    assert len(rows("hour")) == 3


def test_samples_go_only_when_they_are_rolled_up_and_old(tower: Tower) -> None:
    now = START + 10 * DAY
    measure(tower.radio, START, [1, 2])
    measure(tower.radio, now - HOUR, [3])
    assert forget_old(now) == 0, "nothing is rolled up"
    roll_up(now + HOUR)
    assert forget_old(now) == 2
    assert Sample.objects.get().value == 3
    assert len(rows("hour")) == 2


def test_hours_and_days_go_as_the_rules_say(tower: Tower) -> None:
    rules = Rules(sample_days=1, hour_days=2, day_days=30)
    actions.save_rules(actor=CLERK, now=START, rules=rules)
    measure(tower.radio, START, [1])
    roll_up(START + 3 * DAY)
    forget_old(START + 3 * DAY)
    assert (rows("hour"), len(rows("day"))) == ([], 1)
    forget_old(START + 40 * DAY)
    assert rows("day") == []
