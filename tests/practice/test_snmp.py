"""Practice devices over SNMP, asked by the reader of monitoring."""

from socket import AF_INET, SOCK_DGRAM, socket

import pytest

from caudal.core.metrics import Metric, measured, target
from caudal.core.ports.probe import ProbeFault
from caudal.integrations.probes.snmp import Config, connect
from caudal.practice.snmp import MAKES, Agent, Box

ROUTER, RADIO = "127.0.4.1", "127.0.4.2"


@pytest.fixture
def port() -> int:
    with socket(AF_INET, SOCK_DGRAM) as found:
        found.bind((RADIO, 0))
        return int(found.getsockname()[1])


def asked(agent: Agent, address: str, make: str, *, timeout_s: float = 20, **more: str):
    about = {"community": "practica", "port": agent.port, "timeout_s": timeout_s, **more}
    return connect(Config()).read([target(1, address, profile=make, **about)])[0]


@pytest.mark.parametrize("version", ["1", "2c"])
def test_each_box_tells_what_monitoring_asks_of_its_make(version: str, port: int) -> None:
    with Agent([Box(ROUTER, "routeros"), Box(RADIO, "ubnt")], port) as agent:
        box = measured(asked(agent, ROUTER, "routeros", version=version), "routeros")
        radio = measured(asked(agent, RADIO, "ubnt", version=version), "ubnt")
    assert {Metric.CPU, Metric.VOLTAGE, Metric.TEMPERATURE, Metric.UPTIME} <= box.keys()
    assert 0 <= box[Metric.CPU] <= 40 and 23 < box[Metric.VOLTAGE] < 25
    assert -66 <= radio[Metric.SIGNAL] <= -56 and 80 <= radio[Metric.QUALITY] <= 100
    assert Metric.SIGNAL not in box, "it has no radio"


@pytest.mark.parametrize("seconds", [0, 2**31 / 100, 2**32 / 100 - 1, 2e9])
def test_the_time_since_a_box_started_is_never_negative(seconds: float, port: int) -> None:
    with Agent([Box(RADIO, "ubnt")], port, clock=lambda: seconds) as agent:
        assert 0 <= measured(asked(agent, RADIO, "ubnt"), "ubnt")[Metric.UPTIME] <= 2**32 / 100


def test_numbers_move_with_the_clock_and_differ_between_boxes() -> None:
    one, two = Box(RADIO, "ubnt"), Box("127.0.4.3", "ubnt")
    assert one.values(0) == one.values(0) != two.values(0)
    signals = {tuple(one.values(hour * 3600).items()) for hour in range(6)}
    assert len(signals) == 6


def test_who_does_not_know_the_community_hears_nothing(port: int) -> None:
    with Agent([Box(RADIO, "ubnt")], port) as agent:
        heard = asked(agent, RADIO, "ubnt", community="otra", timeout_s=0.3)
    assert heard.fault is ProbeFault.NO_ANSWER


def test_noise_is_no_question(port: int) -> None:
    with Agent([Box(RADIO, "ubnt")], port) as agent:
        assert agent._answer(b"\x30\x03\x02\x01", Box(RADIO, "ubnt")) == b""
        assert agent._answer(b"hola", Box(RADIO, "ubnt")) == b""
    assert set(MAKES) == {"routeros", "ubnt"}
