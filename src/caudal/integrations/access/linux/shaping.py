"""Speeds as htb classes, and htb classes as tc prints them."""

import re
from collections.abc import Iterator, Mapping

from caudal.core.access import pair
from caudal.integrations.access.linux.state import DOWN, MAJOR, UP, Shape
from caudal.integrations.access.linux.texts import speed_of

UNLIMITED_BPS = 100_000_000_000
"""The rate of who has no limit: a class all the same, for it counts his bytes."""
_AT_ONCE_MS = 5
_LEAST_BURST = 3_200
_CLASS = re.compile(
    rf"^class htb {MAJOR}:([0-9a-f]+) .*?rate (\S+) ceil (\S+) burst (\S+) cburst", re.M
)
_SENT = re.compile(rf"^class htb {MAJOR}:([0-9a-f]+) .*\n Sent (\d+) bytes", re.M)
_UNITS = {"bit": 1, "Kbit": 10**3, "Mbit": 10**6, "Gbit": 10**9, "Tbit": 10**12}
_SIZES = {"b": 1, "Kb": 1024, "Mb": 1024**2, "Gb": 1024**3}


def shapes(attrs: Mapping[str, str]) -> dict[str, Shape]:
    """The class of a queue's attributes on each of our devices."""
    s = speed_of(attrs)
    down = _shape(s.down_bps, s.burst_down_bps, s.threshold_down_bps, s.burst_seconds)
    up = _shape(s.up_bps, s.burst_up_bps, s.threshold_up_bps, s.burst_seconds)
    return {DOWN: down, UP: up}


def _shape(max_bps: int, burst_bps: int, threshold_bps: int, seconds: int) -> Shape:
    """A burst lasts threshold * time / burst after a rest, as RouterOS counts it (manual of
    queues, "burst"); the same bytes are what htb lets pass at `ceil` before it falls to `rate`."""
    rate = max_bps or UNLIMITED_BPS
    usual = max(_LEAST_BURST, rate * _AT_ONCE_MS // 8_000)
    if burst_bps <= rate:
        return Shape(rate, rate, usual)
    lasting_ms = min((threshold_bps or rate) * seconds * 1_000 // burst_bps, seconds * 1_000)
    return Shape(rate, burst_bps, usual + (burst_bps - rate) * lasting_ms // 8_000)


def max_of(down: Shape | None, up: Shape | None) -> str:
    """The `max` pair that classes give, for a queue that is not as its comment says."""
    return pair(_limit(up), _limit(down))


def _limit(shape: Shape | None) -> int:
    return 0 if shape is None or shape.rate_bps >= UNLIMITED_BPS else shape.rate_bps


def parse_classes(text: str) -> dict[int, Shape]:
    """`tc class show` of one of our devices, by class number."""
    return {
        int(minor, 16): Shape(bits(rate), bits(ceil), _bytes(burst))
        for minor, rate, ceil, burst in _CLASS.findall(text)
    }


def parse_sent(text: str) -> dict[int, int]:
    """Bytes sent by each class, of `tc -s class show`."""
    return {int(minor, 16): int(sent) for minor, sent in _SENT.findall(text)}


def class_words(verb: str, device: str, minor: int, shape: Shape) -> str:
    """A line for `tc -batch` that adds or changes a class."""
    # A quantum by rate would be refused as too small or too big at the ends of the scale.
    return (
        f"class {verb} dev {device} parent {MAJOR}: classid {MAJOR}:{minor:x} htb"
        f" rate {shape.rate_bps}bit ceil {shape.ceil_bps}bit burst {shape.burst_bytes}b"
        f" cburst {max(_LEAST_BURST, shape.ceil_bps * _AT_ONCE_MS // 8_000)}b quantum 3028"
    )


def leaf_words(device: str, minor: int) -> Iterator[str]:
    """The queue under a new class; short, so that a full line does not become a slow one."""
    yield f"qdisc add dev {device} parent {MAJOR}:{minor:x} pfifo limit 100"


def bits(text: str) -> int:
    """`10Mbit` as tc prints it."""
    number, unit = _split(text)
    return int(number * _UNITS[unit])


def _bytes(text: str) -> int:
    number, unit = _split(text)
    return int(number * _SIZES[unit])


def _split(text: str) -> tuple[float, str]:
    found = re.fullmatch(r"([0-9.]+)([A-Za-z]+)", text.partition("/")[0])
    if found is None:
        raise ValueError(text)
    return float(found[1]), found[2]
