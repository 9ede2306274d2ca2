"""Real pings: loopback answers, an address that nobody has does not."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from caudal.core.ports.probe import Echo, PingTarget, ProbeError, ProbeFault
from caudal.integrations.probes.icmp import Config, connect
from caudal.integrations.probes.icmp.sweep import Call, Line, Sweep, checksum

NOBODY = "240.0.0.1"
"""Reserved: no network carries it."""
WITHIN_S = 10
"""How long an answer of this very machine may take while it is busy."""


@pytest.fixture(scope="module", autouse=True)
def allowed() -> None:
    """Pings need root or net.ipv4.ping_group_range."""
    try:
        connect(Config()).ping([PingTarget(1, "127.0.0.1", 1)])
    except ProbeError as error:
        assert error.fault == ProbeFault.NOT_PERMITTED
        pytest.skip("this machine may not send pings")


def ping(*hosts: str) -> list[Echo]:
    waits = {NOBODY: 0.5}
    targets = [
        PingTarget(n, host, count=2, timeout_s=waits.get(host, WITHIN_S))
        for n, host in enumerate(hosts)
    ]
    return connect(Config()).ping(targets)


def test_loopback_answers_and_nobody_does_not() -> None:
    up, down, unknown = ping("127.0.0.1", NOBODY, "device.invalid")
    assert (up.key, up.received, up.loss, up.fault) == (0, 2, 0.0, None)
    assert up.latency_ms is not None
    assert 0 <= up.latency_ms < WITHIN_S * 1000
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


def test_more_than_may_wait_at_once_are_asked_one_after_the_other() -> None:
    targets = [
        PingTarget(n, NOBODY, 1, 0.2) if n % 2 else PingTarget(n, "127.0.0.1", 1, WITHIN_S)
        for n in range(40)
    ]
    echoes = connect(Config(at_once=4)).ping(targets)
    assert [bool(echo.received) for echo in echoes] == [n % 2 == 0 for n in range(40)]


def test_who_is_named_twice_is_told_apart() -> None:
    one, two = ping("127.0.0.1", "localhost")
    assert (one.received, two.received) == (2, 2)


def test_ipv6_is_asked_through_a_socket_of_its_own() -> None:
    if not socket.has_ipv6 or not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    (echo,) = connect(Config()).ping([PingTarget(1, "::1", count=2, timeout_s=WITHIN_S)])
    assert (echo.received, echo.fault) == (2, None)


def test_an_answer_of_another_and_one_that_comes_too_late_are_none() -> None:
    call = Call(socket.AF_INET, "127.0.0.1", 1, 0.05)
    with closing(FalseLine()) as line:
        Sweep({socket.AF_INET: line}, 8).run([call], 0.2)
    assert (call.sent, call.took_ms) == (1, [])


class FalseLine(Line):
    """Whoever is asked answers with another number, and rightly only when his time is over."""

    def __init__(self) -> None:
        self.socket, self._far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._far.send(b"x")

    def send(self, number: int, address: str) -> int:
        return 1_000

    def answers(self) -> Iterator[tuple[int, int]]:
        self.socket.recv(9)
        return iter([(99, 2_000), (1, 90_001_000)])

    def close(self) -> None:
        self.socket.close()
        self._far.close()


def test_checksums_are_those_of_the_rfc() -> None:
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0x220D
