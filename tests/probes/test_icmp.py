"""Real pings: loopback answers, an address that nobody has does not."""

import pytest

from caudal.core.ports.probe import Echo, PingTarget, ProbeError, ProbeFault
from caudal.integrations.probes.icmp import Config, connect

NOBODY = "240.0.0.1"
"""Reserved: no network carries it."""


@pytest.fixture(scope="module", autouse=True)
def allowed() -> None:
    """Pings need root or net.ipv4.ping_group_range."""
    try:
        connect(Config()).ping([PingTarget(1, "127.0.0.1", 1)])
    except ProbeError as error:
        assert error.fault == ProbeFault.NOT_PERMITTED
        pytest.skip("this machine may not send pings")


def ping(*hosts: str) -> list[Echo]:
    targets = [PingTarget(n, host, count=2, timeout_s=3) for n, host in enumerate(hosts)]
    return connect(Config()).ping(targets)


def test_loopback_answers_and_nobody_does_not() -> None:
    up, down, unknown = ping("127.0.0.1", NOBODY, "device.invalid")
    assert (up.key, up.received, up.loss, up.fault) == (0, 2, 0.0, None)
    assert up.latency_ms is not None
    assert 0 <= up.latency_ms < 3000
    assert (down.key, down.received, down.loss, down.latency_ms) == (1, 0, 100.0, None)
    assert down.fault in (ProbeFault.NO_ANSWER, ProbeFault.FAILED)
    assert (unknown.key, unknown.fault) == (2, ProbeFault.UNKNOWN_NAME)


def test_hundreds_are_asked_in_one_round() -> None:
    hosts = [f"127.0.{n // 200}.{n % 200 + 1}" for n in range(300)]
    echoes = ping(*hosts)
    assert [echo.key for echo in echoes] == list(range(300))
    assert all(echo.received for echo in echoes)


def test_nothing_asked_is_nothing_answered() -> None:
    assert connect(Config()).ping([]) == []
