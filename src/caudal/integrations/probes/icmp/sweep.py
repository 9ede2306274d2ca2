"""Echo requests to many hosts through one socket, each answer told apart by what it carries."""

import secrets
import select
import socket
import struct
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

REQUEST = {socket.AF_INET: 8, socket.AF_INET6: 128}
REPLY = {socket.AF_INET: 0, socket.AF_INET6: 129}
PROTOCOL = {socket.AF_INET: socket.IPPROTO_ICMP, socket.AF_INET6: socket.IPPROTO_ICMPV6}
PADDING = bytes(44)
"""A request carries 56 bytes, as `ping` sends them."""
BUFFER = 1 << 20
AT_A_STRETCH = 32
"""Requests sent before answers are looked for."""
_STAMPS = 35
"""SO_TIMESTAMPNS of asm-generic/socket.h: the kernel tells when a packet came in, so that what
waits to be read is not taken for slow."""
_SOL_RAW, _ICMP_FILTER = 255, 1
_ONLY_REPLIES = struct.pack("=I", 0xFFFFFFFF ^ (1 << REPLY[socket.AF_INET]))
"""For raw sockets, which would see every ICMP packet of the machine (icmp(7), ICMP_FILTER)."""


@dataclass(slots=True)
class Call:
    """One host to be asked so many times. `took_ms` grows by each answer that comes in time."""

    family: socket.AddressFamily
    address: str
    count: int
    timeout_s: float
    took_ms: list[float] = field(default_factory=list)
    sent: int = 0

    @property
    def was_never_sent(self) -> bool:
        """This machine has no way there."""
        return self.sent == 0


class Line:
    """One socket of one family of addresses. Raises PermissionError where it is not allowed."""

    def __init__(self, family: socket.AddressFamily, *, raw: bool) -> None:
        kind = socket.SOCK_RAW if raw else socket.SOCK_DGRAM
        self._family, self._token = family, secrets.token_bytes(8)
        self._id = int.from_bytes(self._token[:2])
        self._has_header = raw and family is socket.AF_INET
        self.socket = socket.socket(family, kind, PROTOCOL[family])
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.socket.setsockopt(socket.SOL_SOCKET, _STAMPS, 1)
        if self._has_header:
            self.socket.setsockopt(_SOL_RAW, _ICMP_FILTER, _ONLY_REPLIES)

    def send(self, number: int, address: str) -> int:
        """Ask once; when, in nanoseconds. Raises OSError where it cannot be sent."""
        body = self._token + struct.pack("!I", number) + PADDING
        packet = self._packet(0, number, body)
        if self._family is socket.AF_INET:  # of IPv6 the kernel does it
            packet = self._packet(checksum(packet), number, body)
        at = time.time_ns()
        self.socket.sendto(packet, (address, 0))
        return at

    def _packet(self, check: int, number: int, body: bytes) -> bytes:
        kind = REQUEST[self._family]
        return struct.pack("!BBHHH", kind, 0, check, self._id, number & 0xFFFF) + body

    def close(self) -> None:
        self.socket.close()

    def answers(self) -> Iterator[tuple[int, int]]:
        """Number and moment of each answer that has come in."""
        while True:
            try:
                packet, told, _flags, _whom = self.socket.recvmsg(2048, 64)
            except OSError:  # none is left, or one of an error that some router sent
                return
            start = (packet[0] & 0x0F) * 4 if self._has_header else 0
            found = packet[start : start + 20]
            if len(found) == 20 and found[0] == REPLY[self._family] and found[8:16] == self._token:
                yield struct.unpack("!I", found[16:20])[0], _moment(told)


def _moment(told: Sequence[tuple[int, int, bytes]]) -> int:
    for level, kind, data in told:
        if level == socket.SOL_SOCKET and kind == _STAMPS and len(data) == 16:
            seconds, nanoseconds = struct.unpack("=qq", data)
            return int(seconds * 1_000_000_000 + nanoseconds)
    return time.time_ns()


def checksum(data: bytes) -> int:
    """Of RFC 1071."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


class Sweep:
    """Asks all of them side by side, at most `at_once` unanswered at a time."""

    def __init__(self, lines: Mapping[socket.AddressFamily, Line], at_once: int) -> None:
        self._lines, self._at_once = lines, at_once
        self._poll = select.poll()
        for line in lines.values():
            self._poll.register(line.socket, select.POLLIN)
        self._waiting: dict[int, tuple[Call, int, float]] = {}
        """By number: whom, when he was asked, until when he may answer."""

    def run(self, calls: Sequence[Call], interval_s: float) -> None:
        """Ask each as often as he is to be, `interval_s` between two requests to the same one."""
        number = 0
        for turn in range(max((call.count for call in calls), default=0)):
            if turn:
                self._rest(time.monotonic() + interval_s)
            for call in calls:
                if call.count > turn:
                    number += 1
                    self._ask(number, call)
        while self._waiting:
            self._listen(self._next_end())

    def _ask(self, number: int, call: Call) -> None:
        while len(self._waiting) >= self._at_once:
            self._listen(self._next_end())
        try:
            at = self._lines[call.family].send(number, call.address)
        except OSError:
            return
        call.sent += 1
        self._waiting[number] = (call, at, time.monotonic() + call.timeout_s)
        if number % AT_A_STRETCH == 0:
            self._take()

    def _rest(self, end: float) -> None:
        while (left := end - time.monotonic()) > 0:
            if self._waiting:
                self._listen(end)
            else:
                time.sleep(left)

    def _listen(self, end: float) -> None:
        """Wait until then, or until somebody answers; whose time is over is awaited no more."""
        left = end - time.monotonic()
        if self._poll.poll(max(0.0, left) * 1000):
            self._take()
        now = time.monotonic()
        for number in [n for n, (_call, _at, last) in self._waiting.items() if last <= now]:
            del self._waiting[number]

    def _next_end(self) -> float:
        return min(last for _call, _at, last in self._waiting.values())

    def _take(self) -> None:
        for line in self._lines.values():
            for number, at in line.answers():
                call, since, _last = self._waiting.pop(number, (None, 0, 0.0))
                if call is not None and at - since <= call.timeout_s * 1e9:
                    call.took_ms.append(max(0, at - since) / 1e6)
