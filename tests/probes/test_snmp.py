"""What a real agent on a real socket tells, and what becomes of one that does not answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from caudal.core.metrics import Metric, measured, target
from caudal.core.ports.probe import ProbeFault, Reading, SnmpTarget
from caudal.integrations import manifest
from caudal.integrations.probes.snmp import Config, connect
from tests.probes.agent import agent

WITHIN_S = 20.0
"""How long an answer of this very machine may take while it is busy."""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with agent(Path(tmp_path_factory.mktemp("agent"))) as found:
        yield found


def ask(port: int, community: str, profile: str, **more: object) -> dict[Metric, float]:
    asked = target(1, "127.0.0.1", community, profile, port=port, timeout_s=WITHIN_S, **more)
    (reading,) = connect(Config()).read([asked])
    assert reading.fault is None
    return {metric: round(value, 2) for metric, value in measured(reading, profile).items()}


@pytest.mark.parametrize("version", ["1", "2c"])
def test_a_ubiquiti_radio_tells_its_link(port: int, version: str) -> None:
    assert ask(port, "airos8", "ubnt", version=version) == {
        Metric.UPTIME: 86400.0,
        Metric.SIGNAL: -70.0,
        Metric.QUALITY: 26.0,
        Metric.NOISE: -91.0,
        Metric.STATIONS: 4.0,
    }


def test_a_mikrotik_tells_its_worst_station(port: int) -> None:
    assert ask(port, "routeros", "routeros") == {
        Metric.UPTIME: 123.45,
        Metric.CPU: 20.5,
        Metric.SIGNAL: -78.0,
        Metric.STATIONS: 2.0,
        Metric.VOLTAGE: 24.3,
        Metric.TEMPERATURE: 38.1,
    }


def test_an_ont_that_is_off_is_no_power_of_21_million_dbm(port: int) -> None:
    assert ask(port, "olt", "huawei-olt") == {
        Metric.UPTIME: 1.0,
        Metric.SIGNAL: -24.17,
        Metric.STATIONS: 2.0,
    }


def test_what_a_device_does_not_know_is_left_out(port: int) -> None:
    assert ask(port, "airos8", "routeros") == {Metric.UPTIME: 86400.0, Metric.STATIONS: 0.0}


def test_a_wrong_community_a_dead_port_and_an_unknown_name_spoil_nothing_else(port: int) -> None:
    asked = [
        target(1, "127.0.0.1", "airos8", "ubnt", port=port, timeout_s=WITHIN_S),
        target(2, "127.0.0.1", "nobody", "ubnt", port=port, timeout_s=0.2),
        target(3, "127.0.0.1", "airos8", "ubnt", port=9, timeout_s=0.2),
        target(4, "device.invalid", "airos8", "ubnt", timeout_s=0.2),
    ]
    readings = connect(Config(at_once=2)).read(asked)
    assert [(each.key, each.fault) for each in readings] == [
        (1, None),
        (2, ProbeFault.NO_ANSWER),
        (3, ProbeFault.NO_ANSWER),
        (4, ProbeFault.UNKNOWN_NAME),
    ]


def test_the_community_is_not_shown() -> None:
    assert "s3cret" not in repr(SnmpTarget(1, "192.0.2.1", "s3cret"))


def test_a_table_of_nobody_has_no_signal() -> None:
    reading = Reading(1, columns={"1.3.6.1.4.1.2011.6.128.1.1.2.51.1.4": (2147483647,)})
    assert measured(reading, "huawei-olt") == {Metric.STATIONS: 0.0}


def test_probes_are_found_by_their_folder() -> None:
    assert {manifest("probes", slug).slug for slug in ("icmp", "snmp")} == {"icmp", "snmp"}
