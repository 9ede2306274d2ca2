"""A router that is a device too: its trouble reaches each person as one mail."""

from datetime import timedelta

from caudal.apps.messaging.models import Delivery
from caudal.apps.monitoring.models import Rules
from caudal.apps.monitoring.tests.conftest import Tower
from caudal.apps.network.alarms import tell
from caudal.apps.network.models import Router


def told(name: str) -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(occasion__startswith=name).order_by("pk")
    return list(rows.values_list("occasion", "to"))


def silent_router(tower: Tower) -> None:
    Router.objects.update(failing_since=tower.now, last_error="unreachable", alarm_after_hours=1)


def test_a_router_and_the_device_that_is_the_same_box_are_one_mail(tower: Tower) -> None:
    silent_router(tower)
    tower.rounds(4, tower.router, tower.radio)
    assert told("device") == [("device_down", "red@example.com")]
    later = tower.now + timedelta(hours=2)
    for _ in range(2):
        assert tell(later) == {"alarms": 0, "recovered": 0}
    assert Router.objects.get().alarmed_at == later, "screens show the alarm all the same"
    tower.rounds(3)
    Router.objects.update(failing_since=None, last_error="")
    assert tell(later + timedelta(minutes=9)) == {"alarms": 0, "recovered": 0}
    assert not told("router") and len(told("device")) == 2


def test_who_was_told_only_of_the_device_hears_of_a_router_that_stays_silent(
    tower: Tower,
) -> None:
    silent_router(tower)
    tower.rounds(4, tower.router, tower.radio)
    later = tower.now + timedelta(hours=2)
    tell(later)
    tower.rounds(3)
    after = later + timedelta(minutes=9)
    assert tell(after) == {"alarms": 1, "recovered": 0}, "it answers pings, and not the API"
    assert tell(after) == {"alarms": 0, "recovered": 0}
    Router.objects.update(failing_since=None, last_error="")
    assert tell(after) == {"alarms": 0, "recovered": 1}
    assert [occasion for occasion, _to in told("router")] == ["router_alarm", "router_recovered"]


def test_whoever_was_not_told_of_the_device_is_told_of_the_router(tower: Tower) -> None:
    Rules.objects.create(alarm_emails="noc@example.com")
    silent_router(tower)
    tower.rounds(4, tower.router, tower.radio)
    assert tell(tower.now + timedelta(hours=2)) == {"alarms": 1, "recovered": 0}
    assert told("device") == [("device_down", "noc@example.com")]
    assert told("router") == [("router_alarm", "red@example.com")]
