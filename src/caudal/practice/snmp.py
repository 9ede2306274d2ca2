"""`python -m caudal.practice.snmp`: devices that answer SNMP, each at an address of its own.

Reads only: GET and GETNEXT of versions 1 and 2c, with numbers that move as those of real ones do.
"""

import argparse
import math
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from pyasn1.codec.ber import decoder, encoder
from pyasn1.error import PyAsn1Error
from pysnmp.error import PySnmpError
from pysnmp.proto import api

Name = tuple[int, ...]
HOUR = 3600
_UPTIME = "1.3.6.1.2.1.1.3.0"
_CORE = "1.3.6.1.2.1.25.3.3.1.2"
_UBNT = "1.3.6.1.4.1.41112.1.4.5.1"
_MIKROTIK = "1.3.6.1.4.1.14988.1.1"


@dataclass(frozen=True, slots=True)
class Wave:
    """A number that goes up and down by `swing` around `middle`, once in `hours`."""

    middle: float
    swing: float = 0
    hours: float = 6

    def at(self, now: float, phase: float) -> int:
        turn = 2 * math.pi * (now / HOUR / self.hours + phase)
        return round(self.middle + self.swing * math.sin(turn))


MAKES: Mapping[str, Mapping[str, Wave]] = {
    "routeros": {
        f"{_CORE}.1": Wave(18, 12, 24),
        f"{_CORE}.2": Wave(14, 9, 24),
        f"{_MIKROTIK}.3.8.0": Wave(241, 3, 24),
        f"{_MIKROTIK}.3.10.0": Wave(410, 60, 24),
    },
    "ubnt": {
        f"{_UBNT}.5.1": Wave(-61, 4),
        f"{_UBNT}.6.1": Wave(91, 6),
        f"{_UBNT}.8.1": Wave(-92, 1, 24),
        f"{_UBNT}.15.1": Wave(11, 2, 24),
    },
}
"""What each make tells, as core.metrics reads it."""


@dataclass(frozen=True, slots=True)
class Box:
    """One device: where it is, and of which make."""

    address: str
    make: str

    def values(self, now: float) -> dict[Name, int]:
        """Two boxes of one make are not at the same point of their ways."""
        phase = crc32(self.address.encode()) / 2**32
        told = {name: wave.at(now, phase) for name, wave in MAKES[self.make].items()}
        uptime = (int(now * 100) + crc32(self.address.encode())) % 2**32
        return {_numbers(name): value for name, value in {_UPTIME: uptime, **told}.items()}


class Agent:
    """The sockets of some boxes, at one port of their addresses. Use as a context manager."""

    def __init__(
        self,
        boxes: Sequence[Box],
        port: int,
        *,
        community: str = "practica",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._community, self._clock = community.encode(), clock
        self._boxes = {_bound(box.address, port): box for box in boxes}
        self.port = int(next(iter(self._boxes)).getsockname()[1])
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Agent":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5)
        for each in self._boxes:
            each.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            readable, _writable, _broken = select.select(list(self._boxes), [], [], 0.2)
            for each in readable:
                asked, whom = each.recvfrom(65_535)
                if answer := self._answer(asked, self._boxes[each]):
                    each.sendto(answer, whom)

    def _answer(self, asked: bytes, box: Box) -> bytes:
        """Nothing for who does not know the community, or is not understood."""
        try:
            module: Any = api.PROTOCOL_MODULES[api.decodeMessageVersion(asked)]
            request, _rest = decoder.decode(asked, asn1Spec=module.Message())
        except (PyAsn1Error, PySnmpError, KeyError, TypeError):  # as the decoder meets noise
            return b""
        if bytes(module.apiMessage.get_community(request)) != self._community:
            return b""
        response = module.apiMessage.get_response(request)
        pdu = module.apiMessage.get_pdu(request)
        self._fill(module, pdu, module.apiMessage.get_pdu(response), box.values(self._clock()))
        return bytes(encoder.encode(response))

    def _fill(self, module: Any, asked: Any, answer: Any, values: Mapping[Name, int]) -> None:
        is_next = asked.isSameTypeWith(module.GetNextRequestPDU())
        found = []
        for place, (name, _empty) in enumerate(module.apiPDU.get_varbinds(asked), 1):
            held = _after(tuple(name), values) if is_next else tuple(name)
            if held in values:
                ticks = held == _numbers(_UPTIME)
                found.append((held, (module.TimeTicks if ticks else module.Integer)(values[held])))
            elif module is api.PROTOCOL_MODULES[api.SNMP_VERSION_1]:
                module.apiPDU.set_error_status(answer, 2)  # noSuchName
                module.apiPDU.set_error_index(answer, place)
                found = module.apiPDU.get_varbinds(asked)
                break
            else:
                end = module.EndOfMibView() if is_next else module.NoSuchObject()
                found.append((name, end))
        module.apiPDU.set_varbinds(answer, found)


def _after(name: Name, values: Mapping[Name, int]) -> Name:
    return min((each for each in values if each > name), default=())


def _numbers(name: str) -> Name:
    return tuple(int(part) for part in name.split("."))


def _bound(address: str, port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found.bind((address, port))
    return found


def main(words: list[str]) -> None:
    """Runs until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m caudal.practice.snmp", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--box", action="append", required=True, help="address=make")
    asked = parser.parse_args(words)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    pairs = (each.partition("=") for each in asked.box)
    boxes = [Box(address, make) for address, _sign, make in pairs]
    try:
        with Agent(boxes, asked.port):
            stop.wait()
    except OSError as error:  # the rest of a demo goes on without
        print(f"Nobody answers SNMP here: {error}", flush=True)
        stop.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
