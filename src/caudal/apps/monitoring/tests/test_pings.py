"""The job itself, with real pings and a real SNMP agent."""

from datetime import timedelta
from pathlib import Path

import pytest

from caudal.apps.billing.tests.world import CLERK
from caudal.apps.clock.jobs import Run
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.collect import read_due, try_device
from caudal.apps.monitoring.jobs import check_devices
from caudal.apps.monitoring.models import Alarm, CheckTemplate, Device, Sample
from caudal.apps.monitoring.tests.conftest import NOON, Tower
from caudal.core.ports.probe import ProbeError, ProbeFault
from tests.probes.agent import agent

NOBODY = "240.0.0.1"


@pytest.fixture
def real(tower: Tower) -> Tower:
    """The router is loopback; the radio has an address that nobody has."""
    try:
        try_device(Device(address="127.0.0.1"))
    except ProbeError as error:
        assert error.fault == ProbeFault.NOT_PERMITTED
        pytest.skip("this machine may not send pings")
    CheckTemplate.objects.update(ping_count=1, timeout_ms=1_000)
    for device, address in ((tower.router, "127.0.0.1"), (tower.radio, NOBODY)):
        device.address = address
        actions.save_device(actor=CLERK, now=NOON, device=device)
    return tower


def test_real_pings_find_who_answers_and_who_does_not(real: Tower) -> None:
    for minute in range(4):
        summary = check_devices(Run(), NOON + timedelta(minutes=minute))
        assert summary["checked"] == 2
    assert (real.health(real.router), real.health(real.radio)) == ("up", "down")
    assert Alarm.objects.get().device == real.radio
    up = Device.objects.get(pk=real.router.pk)
    assert up.latency_ms is not None
    assert up.loss == 0


def test_a_radio_is_read_over_snmp_and_a_wrong_community_is_told(
    real: Tower, tmp_path: Path
) -> None:
    template = CheckTemplate.objects.create(name="airMAX", profile="ubnt", ping_count=1)
    with agent(tmp_path) as port:
        for name, community in (("airos8", "airos8"), ("sorda", "nadie")):
            real.device(
                name, address="127.0.0.1", template=template, community=community, snmp_port=port
            )
        check_devices(Run(), NOON)
        assert read_due(NOON) == 1
        assert read_due(NOON) == 0, "not before its interval"
    radio, deaf = (Device.objects.get(name=name) for name in ("airos8", "sorda"))
    assert (radio.signal, radio.read_fault) == (-70.0, "")
    assert (deaf.signal, deaf.read_fault, deaf.health) == (None, "no-answer", "up")
    read = dict(
        radio.samples.exclude(metric__in=["loss", "latency"]).values_list("metric", "value")
    )
    assert read == {
        "uptime": 86400.0, "signal": -70.0, "quality": 26.0, "noise": -91.0, "stations": 4.0,
    }  # fmt: skip
    assert not Sample.objects.filter(device=deaf, metric="signal").exists()
