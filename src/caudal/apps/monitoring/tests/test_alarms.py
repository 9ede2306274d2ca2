"""Devices that fail: who is asked, who is blamed, who is told, and which outage opens."""

from datetime import timedelta

import pytest

from caudal.apps.billing.tests.world import CLERK
from caudal.apps.messaging.models import Delivery, Template
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.collect import check_due
from caudal.apps.monitoring.errors import MonitoringCode
from caudal.apps.monitoring.models import Alarm, CheckTemplate, Device, Rules, Sample
from caudal.apps.monitoring.tests.conftest import NOON, Tower
from caudal.apps.outages.models import Outage
from caudal.apps.staff.models import JournalEntry
from caudal.core.errors import RuleError


def told() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(occasion__startswith="device_").order_by("id")
    return list(rows.values_list("occasion", "to"))


def test_a_dead_device_is_an_alarm_that_staff_learn_of_once(tower: Tower) -> None:
    tower.rounds(1)
    tower.rounds(2, tower.radio)
    assert (tower.health(tower.radio), told()) == ("failing", [])
    tower.rounds(4, tower.radio)
    assert told() == [("device_down", "red@example.com")]
    alarm = Alarm.objects.get()
    assert (alarm.device, alarm.began_at) == (tower.radio, NOON + timedelta(minutes=2))
    tower.rounds(3)
    alarm.refresh_from_db()
    assert alarm.ended_at == NOON + timedelta(minutes=8)
    assert told() == [("device_down", "red@example.com"), ("device_up", "red@example.com")]
    message = Delivery.objects.get(occasion="device_up")
    assert "Sector 1" in message.subject
    assert "6 minutos" in message.body


def test_children_of_a_dead_router_are_unreachable_because_of_it(tower: Tower) -> None:
    tower.rounds(1)
    tower.rounds(5, tower.router, tower.radio)
    radio = Device.objects.get(pk=tower.radio.pk)
    assert (radio.health, radio.blamed) == ("unreachable", tower.router)
    assert list(Alarm.objects.values_list("device", flat=True)) == [tower.router.pk]
    tower.rounds(3)
    radio.refresh_from_db()
    assert (radio.health, radio.blamed) == ("up", None)
    assert len(told()) == 2


def test_the_parent_is_asked_out_of_turn_before_the_child_is_blamed(tower: Tower) -> None:
    """The router is checked every ten minutes, the radio every minute; the router is dead."""
    slow = CheckTemplate.objects.create(name="Lenta", interval_s=600)
    tower.router.template = slow
    actions.save_device(actor=CLERK, now=NOON, device=tower.router)
    tower.rounds(1)
    tower.rounds(6, tower.router, tower.radio)
    assert list(Alarm.objects.values_list("device", flat=True)) == [tower.router.pk]


def test_a_device_that_nobody_checks_stands_in_nobodys_way(tower: Tower) -> None:
    switch = tower.device("Switch", template=None, parent=tower.router)
    camera = tower.device("Radio 2", parent=switch)
    tower.rounds(5, tower.router, camera)
    assert Device.objects.get(pk=camera.pk).blamed == tower.router


def test_each_is_checked_at_its_own_interval(tower: Tower) -> None:
    tower.rounds(1)
    check_due(tower.now + timedelta(seconds=30), via=tower.pings)
    assert len(tower.pings.asked) == 1
    check_due(tower.now + timedelta(seconds=60), via=tower.pings)
    assert len(tower.pings.asked) == 2
    assert Sample.objects.filter(device=tower.radio, metric="latency").count() == 2


def test_a_worker_that_dies_with_its_devices_costs_one_check(tower: Tower) -> None:
    assert len(actions.claim_due(NOON)) == 2
    assert actions.claim_due(NOON) == []
    assert check_due(NOON + timedelta(seconds=60), via=tower.pings) == {
        "checked": 2, "fell": 0, "rose": 0,
    }  # fmt: skip


def test_days_of_downtime_of_the_worker_are_no_alarm(tower: Tower) -> None:
    tower.rounds(1, tower.radio)
    tower.now += timedelta(days=4)
    tower.rounds(1, tower.radio)
    assert Alarm.objects.count() == 0


def test_an_alarm_opens_an_outage_of_who_is_behind_and_ends_it(tower: Tower) -> None:
    on_router, on_radio, elsewhere = (tower.customer() for _ in range(3))
    tower.on_router(on_router)
    tower.on_radio(on_radio)
    other = tower.device("Otro sector")
    tower.on_radio(elsewhere, other)
    tower.rounds(1)
    tower.rounds(3, tower.router, tower.radio)
    outage = Outage.objects.get()
    assert (outage.title, outage.state, outage.is_automatic) == (
        "Router Cerro", Outage.State.OPEN, True,
    )  # fmt: skip
    assert outage.started_at == NOON + timedelta(minutes=2)
    through = dict(outage.affected.values_list("customer", "through"))
    assert through == {on_router.pk: "RB Cerro", on_radio.pk: "Sector 1"}
    tower.rounds(2)
    outage.refresh_from_db()
    assert outage.ended_at == NOON + timedelta(minutes=5)
    assert outage.held_until is not None


def test_where_nobody_is_behind_or_the_template_says_no_there_is_only_an_alarm(
    tower: Tower,
) -> None:
    quiet = CheckTemplate.objects.create(name="CPE", opens_outage=False, raises_alarm=False)
    cpe = tower.device("CPE de Ana", kind="cpe", template=quiet)
    tower.on_radio(tower.customer(), cpe)
    tower.rounds(4, tower.radio, cpe)
    assert Alarm.objects.count() == 2
    assert Outage.objects.count() == 0
    assert told() == [("device_down", "red@example.com")], "of the radio alone"


def test_alarms_go_to_whom_the_rules_say_and_texts_are_the_owners(tower: Tower) -> None:
    rules = Rules.current()
    rules.alarm_emails = "noc@example.com\n\n guardia@example.com "
    actions.save_rules(actor=CLERK, now=NOON, rules=rules)
    Template.objects.filter(occasion="device_down", language="es").update(
        subject="CAÍDA {{ device.name }} ({{ device.customers }})"
    )
    tower.on_radio(tower.customer())
    tower.rounds(4, tower.radio)
    assert [to for _, to in told()] == ["noc@example.com", "guardia@example.com"]
    assert Delivery.objects.first().subject == "CAÍDA Sector 1 (1)"  # type: ignore[union-attr]


def test_a_device_taken_out_of_use_has_no_alarm_left(tower: Tower) -> None:
    tower.rounds(4, tower.radio)
    tower.radio.refresh_from_db()
    tower.radio.is_active = False
    actions.save_device(actor=CLERK, now=tower.now, device=tower.radio)
    assert not Alarm.objects.open().exists()
    tower.rounds(4, tower.radio)
    assert Alarm.objects.count() == 1


def test_a_device_cannot_hang_from_what_hangs_from_it(tower: Tower) -> None:
    leaf = tower.device("CPE", parent=tower.radio)
    tower.router.parent = leaf
    with pytest.raises(RuleError) as refused:
        actions.save_device(actor=CLERK, now=NOON, device=tower.router)
    assert refused.value.code == MonitoringCode.PARENT_BELOW


def test_the_community_is_encrypted_kept_and_not_in_the_journal(tower: Tower) -> None:
    device = tower.device("OLT", community="s3creta")
    device.community = ""
    device.notes = "rack 2"
    actions.save_device(actor=CLERK, now=NOON, device=device)
    assert Device.objects.get(pk=device.pk).community == "s3creta"
    written = " ".join(str(row) for row in JournalEntry.objects.values_list("after", "before"))
    assert "s3creta" not in written


def limit(tower: Tower, **limits: int) -> None:
    CheckTemplate.objects.filter(pk=tower.template.pk).update(**limits)


def slow_rounds(tower: Tower, count: int, *slow: Device) -> None:
    tower.pings.slow = {device.address for device in slow}
    tower.rounds(count)


def test_a_device_that_is_slow_for_long_is_an_alarm_of_its_own_and_opens_no_outage(
    tower: Tower,
) -> None:
    limit(tower, max_latency_ms=200)
    tower.on_radio(tower.customer())
    slow_rounds(tower, 2, tower.radio)
    assert told() == []
    slow_rounds(tower, 4, tower.radio)
    assert told() == [("device_poor", "red@example.com")]
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.began_at) == ("poor", NOON + timedelta(minutes=1))
    assert not Outage.objects.exists()
    slow_rounds(tower, 3)
    alarm.refresh_from_db()
    assert alarm.ended_at == NOON + timedelta(minutes=8)
    assert [occasion for occasion, _ in told()] == ["device_poor", "device_fair"]
    message = Delivery.objects.get(occasion="device_poor")
    assert "900 ms" in message.body and "Clientes detrás: 1" in message.body


def test_a_slow_device_that_goes_down_has_one_alarm_the_worse_one(tower: Tower) -> None:
    limit(tower, max_latency_ms=200)
    slow_rounds(tower, 4, tower.radio)
    tower.pings.slow = set()
    tower.rounds(5, tower.radio)
    assert list(Alarm.objects.open().values_list("kind", flat=True)) == ["down"]
    assert [occasion for occasion, _ in told()] == ["device_poor", "device_down"]
    tower.rounds(4)
    assert not Alarm.objects.open().exists()
    assert [occasion for occasion, _ in told()][2:] == ["device_up"]


def test_without_a_limit_nothing_is_slow(tower: Tower) -> None:
    slow_rounds(tower, 6, tower.radio)
    assert not Alarm.objects.exists()
