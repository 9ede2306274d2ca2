"""Pings: without privileges where the system allows it, else as root."""

import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_address

from caudal.core.ports.probe import Echo, PingTarget, ProbeError, ProbeFault
from caudal.integrations.probes.icmp.sweep import Call, Line, Sweep

INTERVAL_S = 0.2
"""Between two pings to the same host."""
RESOLVERS = 32
"""Names that are looked up at the same time."""
Place = tuple[socket.AddressFamily, str]


class IcmpPinger:
    """Linux lets a group send pings (net.ipv4.ping_group_range), or whoever may use raw sockets."""

    def __init__(self, at_once: int = 256) -> None:
        self._at_once = at_once
        self._raw = not _may_without_privileges()

    def ping(self, targets: Sequence[PingTarget]) -> list[Echo]:
        calls = [
            None if place is None else Call(*place, target.count, target.timeout_s)
            for target, place in zip(targets, _places(targets), strict=True)
        ]
        asked = [call for call in calls if call is not None]
        with _lines({call.family for call in asked}, raw=self._raw) as lines:
            Sweep(lines, self._at_once).run(
                [call for call in asked if call.family in lines], INTERVAL_S
            )
        return [_echo(target, call) for target, call in zip(targets, calls, strict=True)]


@contextmanager
def _lines(
    families: set[socket.AddressFamily], *, raw: bool
) -> Iterator[dict[socket.AddressFamily, Line]]:
    """Raises ProbeError where this machine may not ask; a family that it lacks is left out."""
    lines: dict[socket.AddressFamily, Line] = {}
    try:
        for family in families:
            try:
                lines[family] = Line(family, raw=raw)
            except PermissionError as error:
                raise ProbeError(ProbeFault.NOT_PERMITTED) from error
            except OSError:
                continue
        yield lines
    finally:
        for line in lines.values():
            line.close()


def _echo(target: PingTarget, call: Call | None) -> Echo:
    if call is None:
        return Echo(target.key, target.count, 0, fault=ProbeFault.UNKNOWN_NAME)
    if call.took_ms:
        latency = sum(call.took_ms) / len(call.took_ms)
        return Echo(target.key, target.count, len(call.took_ms), latency_ms=round(latency, 3))
    fault = ProbeFault.FAILED if call.was_never_sent else ProbeFault.NO_ANSWER
    return Echo(target.key, target.count, 0, fault=fault)


def _places(targets: Sequence[PingTarget]) -> list[Place | None]:
    """Where each is, None for a name that nobody knows. Names are looked up side by side."""
    found = {target.host: _literal(target.host) for target in targets}
    names = [host for host, place in found.items() if place is None]
    if names:
        with ThreadPoolExecutor(min(RESOLVERS, len(names))) as pool:
            found |= dict(zip(names, pool.map(_resolved, names), strict=True))
    return [found[target.host] for target in targets]


def _literal(host: str) -> Place | None:
    try:
        version = ip_address(host).version
    except ValueError:
        return None
    return (socket.AF_INET6 if version == 6 else socket.AF_INET), host


def _resolved(name: str) -> Place | None:
    """Its first IPv4 address, else its first one of IPv6."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return None
    places = [(family, str(where[0])) for family, _kind, _protocol, _name, where in found]
    return min(places, key=lambda place: place[0] is not socket.AF_INET, default=None)


def _may_without_privileges() -> bool:
    """Asked once, with a socket that sends nothing: a thousand refused pings cost a second."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).close()
    except OSError:
        return False
    return True
