"""Pings through icmplib: without privileges where the system allows it, else as root."""

import asyncio
import socket
from collections.abc import Sequence

from icmplib import ICMPLibError, NameLookupError, SocketPermissionError, async_ping

from caudal.core.ports.probe import Echo, PingTarget, ProbeError, ProbeFault
from caudal.integrations.loops import run

INTERVAL_S = 0.2
"""Between two pings to the same host."""


class IcmpPinger:
    """Linux lets a group send pings (net.ipv4.ping_group_range), or whoever may use raw sockets."""

    def __init__(self, at_once: int = 256) -> None:
        self._at_once = at_once
        self._privileged = not _may_without_privileges()

    def ping(self, targets: Sequence[PingTarget]) -> list[Echo]:
        if not targets:
            return []
        try:
            return run(self._all(targets))
        except SocketPermissionError as error:
            raise ProbeError(ProbeFault.NOT_PERMITTED) from error

    async def _all(self, targets: Sequence[PingTarget]) -> list[Echo]:
        gate = asyncio.Semaphore(self._at_once)

        async def one(target: PingTarget) -> Echo:
            async with gate:
                return await self._one(target)

        return await asyncio.gather(*(one(target) for target in targets))

    async def _one(self, target: PingTarget) -> Echo:
        try:
            host = await async_ping(
                target.host,
                count=target.count,
                interval=INTERVAL_S,
                timeout=target.timeout_s,
                privileged=self._privileged,
            )
        except SocketPermissionError:
            raise
        except NameLookupError:
            return Echo(target.key, target.count, 0, fault=ProbeFault.UNKNOWN_NAME)
        except (ICMPLibError, OSError):
            return Echo(target.key, target.count, 0, fault=ProbeFault.FAILED)
        if not host.packets_received:
            return Echo(target.key, target.count, 0, fault=ProbeFault.NO_ANSWER)
        # A host may answer twice; more than were asked for is not less than no loss.
        received = min(host.packets_received, target.count)
        return Echo(target.key, target.count, received, latency_ms=host.avg_rtt)


def _may_without_privileges() -> bool:
    """Asked once, with a socket that sends nothing: a thousand refused pings cost a second."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).close()
    except OSError:
        return False
    return True
