"""The only socket of this driver: Disconnect and CoA requests (RFC 5176), many at a time."""

import select
import socket
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyrad.dictionary import Dictionary
from pyrad.packet import (
    CoAACK,
    CoAPacket,
    CoARequest,
    DisconnectACK,
    DisconnectRequest,
    PacketError,
)

from caudal.core.ports.access import AccessError, AccessFault

AT_ONCE = 64
"""Requests under way: a router throttles, and an id has only 256 values."""
AGAIN_S = 1.0
"""A request without answer is repeated after this, for ever the same bytes (RFC 5176, 2.3)."""
NO_SESSION = 503
_DICTIONARY = Dictionary(str(Path(__file__).with_name("dictionary")))


@dataclass(frozen=True, slots=True)
class Answer:
    """`ok` is an ACK; `cause` is the Error-Cause of a NAK, None where it told none."""

    ok: bool
    cause: int | None = None


class Wire:
    """Talks to one router; opened at the first request."""

    def __init__(self, host: str, port: int, secret: bytes, timeout_s: float) -> None:
        self.host = host
        self.port = port
        self._secret = secret
        self._timeout_s = timeout_s
        self._socket: socket.socket | None = None
        self._last = 0

    def close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None

    def disconnect(self, asked: Sequence[Mapping[str, str]]) -> list[Answer | None]:
        """Close sessions. One answer each in the same order, None where none came in time."""
        return self._all(DisconnectRequest, asked)

    def change(self, asked: Sequence[Mapping[str, str]]) -> list[Answer | None]:
        """Change live sessions (CoA)."""
        return self._all(CoARequest, asked)

    def _all(self, code: int, asked: Sequence[Mapping[str, str]]) -> list[Answer | None]:
        found: list[Answer | None] = []
        for at in range(0, len(asked), AT_ONCE):
            found += self._some(code, asked[at : at + AT_ONCE])
        return found

    def _some(self, code: int, asked: Sequence[Mapping[str, str]]) -> list[Answer | None]:
        packets = {each.id: each for each in (self._packet(code, values) for values in asked)}
        requests = {number: packet.RequestPacket() for number, packet in packets.items()}
        answers: dict[int, Answer] = {}
        ends = time.monotonic() + self._timeout_s
        while len(answers) < len(packets) and time.monotonic() < ends:
            waiting = (data for number, data in requests.items() if number not in answers)
            self._send(waiting)
            for number, answer in self._heard(packets, min(ends, time.monotonic() + AGAIN_S)):
                answers[number] = answer
                if len(answers) == len(packets):
                    break
        return [answers.get(number) for number in packets]

    def _packet(self, code: int, values: Mapping[str, str]) -> Any:
        self._last = (self._last + 1) % 256
        packet = CoAPacket(code=code, id=self._last, secret=self._secret, dict=_DICTIONARY)
        for name, value in values.items():
            packet[name] = value
        return packet

    def _send(self, requests: Iterable[bytes]) -> None:
        opened = self._opened()
        for data in requests:
            try:
                opened.send(data)
            except ConnectionRefusedError:
                continue  # told of an earlier one: nobody listens there, and time will tell
            except OSError as error:
                raise AccessError(AccessFault.UNREACHABLE, detail=str(error)) from None

    def _heard(self, packets: Mapping[int, Any], until: float) -> Iterator[tuple[int, Answer]]:
        opened = self._opened()
        while (left := until - time.monotonic()) > 0:
            if not select.select([opened], [], [], left)[0]:
                return
            try:
                data = opened.recv(4096)
            except ConnectionRefusedError:
                continue
            packet = packets.get(data[1]) if len(data) >= 20 else None
            if packet is not None and (answer := _read(packet, data)):
                yield packet.id, answer

    def _opened(self) -> socket.socket:
        if self._socket is None:
            try:
                kind, _, _, _, address = socket.getaddrinfo(
                    self.host, self.port, type=socket.SOCK_DGRAM
                )[0]
                self._socket = socket.socket(kind, socket.SOCK_DGRAM)
                self._socket.connect(address)
            except OSError as error:
                raise AccessError(AccessFault.UNREACHABLE, detail=str(error)) from None
        return self._socket


def _read(packet: Any, data: bytes) -> Answer | None:
    """None for what is not signed with our secret, or is no answer to this request."""
    try:
        reply = packet.CreateReply(packet=data)
        if not packet.VerifyReply(reply, data):
            return None
    except (PacketError, ValueError, KeyError, IndexError):
        return None
    causes = reply.get("Error-Cause") or [None]
    return Answer(reply.code in (DisconnectACK, CoAACK), causes[0])
