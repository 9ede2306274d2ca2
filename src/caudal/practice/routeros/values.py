"""Values as RouterOS takes and prints them: rates, times, addresses, switches."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address, ip_interface, ip_network

from caudal.practice.routeros.traps import Trap

_RATE = re.compile(r"(\d+)([kKmMgG]?)")
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
_UNITS = {"w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_TIME = re.compile(r"(\d+)(ms|[wdhms])")
_CLOCK = re.compile(r"(\d+):(\d\d)(?::(\d\d))?")
_MAC = re.compile(r"([0-9A-F]{2}:){5}[0-9A-F]{2}")

Type = Callable[[str, str], str]
Number = tuple[int, int]
"""Of an address: its version and its value."""


def bad(name: str) -> Trap:
    return Trap(f"invalid value for argument {name}", 1)


def text(value: str, name: str) -> str:
    return value


def name(value: str, name: str) -> str:
    if not value:
        raise bad(name)
    return value


def switch(value: str, name: str) -> str:
    if value in ("yes", "true"):
        return "true"
    if value in ("no", "false", ""):
        return "false"
    raise bad(name)


def number(value: str, name: str) -> str:
    if not value.isdigit():
        raise bad(name)
    return str(int(value))


def bits(value: str, name: str) -> int:
    """`10M` -> 10000000; a thousand is 1000 here, never 1024."""
    found = _RATE.fullmatch(value)
    if not found:
        raise bad(name)
    return int(found[1]) * _SCALE[found[2].lower()]


def rates(value: str, name: str) -> str:
    """`upload/download`; one value stands for both. Printed as plain bits."""
    up, slash, down = value.partition("/")
    return f"{bits(up, name)}/{bits(down if slash else up, name)}"


def rate(value: str, name: str) -> str:
    return str(bits(value, name))


def both(value: str, name: str) -> str:
    """`upload/download` of anything; one value stands for both."""
    up, slash, down = value.partition("/")
    return f"{up}/{down if slash else up}"


def rate_limit(value: str, name: str) -> str:
    """`rx/tx burst threshold time priority minimum`: checked, kept as it was written."""
    for word, kind in zip(value.split(), _RATE_LIMIT, strict=False):
        kind(word, name)
    return value


def milliseconds(value: str, name: str) -> int:
    if value.isdigit():
        return int(value) * 1_000
    if found := _CLOCK.fullmatch(value):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * 1_000
    if not value or _TIME.sub("", value):
        raise Trap(f"invalid time value for argument {name}", 1)
    return sum(int(amount) * _UNITS[unit] for amount, unit in _TIME.findall(value))


def duration(value: int) -> str:
    """Milliseconds as `1w2d3h4m5s`."""
    parts = []
    for unit, size in _UNITS.items():
        amount, value = divmod(value, size)
        if amount:
            parts.append(f"{amount}{unit}")
    return "".join(parts) or "0s"


def time(value: str, name: str) -> str:
    return value if value in ("never", "none") else duration(milliseconds(value, name))


def times(value: str, name: str) -> str:
    up, slash, down = value.partition("/")
    return f"{time(up, name)}/{time(down if slash else up, name)}"


def priorities(value: str, name: str) -> str:
    up, slash, down = value.partition("/")
    pair = (up, down if slash else up)
    if not all(part.isdigit() and 1 <= int(part) <= 8 for part in pair):
        raise Trap(f"value of {name} out of range (1..8)", 1)
    return "/".join(pair)


_RATE_LIMIT: tuple[Type, ...] = (rates, rates, rates, times, priorities, rates)


def priority(value: str, name: str) -> str:
    return priorities(value, name).partition("/")[0]


def address(value: str, name: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise bad(name) from None


def interface_address(value: str, name: str) -> str:
    try:
        return str(ip_interface(value))
    except ValueError:
        raise bad(name) from None


def network(value: str, name: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError:
        raise bad(name) from None


def prefix(value: str, name: str) -> str:
    """An IPv6 network, always printed with its length."""
    if ":" not in value:
        raise bad(name)
    return network(value, name)


def listed6(value: str, name: str) -> str:
    """As in the IPv4 lists, but a single address is printed with its /128."""
    return network(value, name) if ":" in value else listed(value, name)


def targets(value: str, name: str) -> str:
    """Networks, always printed with their prefix, or names of interfaces."""
    return ",".join(_target(part.strip(), name) for part in value.split(",")) if value else ""


def _target(value: str, name: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError:
        if not value or value[0].isdigit():
            raise bad(name) from None
        return value


def listed(value: str, name: str) -> str:
    """An address list takes addresses, networks, ranges and host names; /32 is not printed."""
    first, dash, last = value.partition("-")
    if dash and first[:1].isdigit():
        return f"{address(first, name)}-{address(last, name)}"
    try:
        found = ip_network(value)
    except ValueError:
        if not value or value[0].isdigit():
            raise bad(name) from None
        return value
    whole = found.prefixlen == found.max_prefixlen
    return str(found.network_address) if whole else str(found)


def mac(value: str, name: str) -> str:
    value = value.upper().replace("-", ":")
    if value and not _MAC.fullmatch(value):
        raise bad(name)
    return value


def ranges(value: str, name: str) -> str:
    for part in value.split(","):
        first, dash, last = part.partition("-")
        if dash:
            address(first, name), address(last, name)
        else:
            targets(part, name)
    return value


def one_of(*choices: str) -> Type:
    def check(value: str, name: str) -> str:
        if value not in choices:
            raise Trap(f"input does not match any value of {name}", 1)
        return value

    return check


def date_time(moment: datetime, *, iso: bool) -> str:
    return f"{date(moment, iso=iso)} {moment:%H:%M:%S}"


def date(moment: datetime, *, iso: bool) -> str:
    """ISO in current versions; before that English month names whatever the language."""
    if iso:
        return f"{moment:%Y-%m-%d}"
    months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    return f"{months[moment.month - 1]}/{moment:%d/%Y}"


def in_listed(value: str, entry: str) -> bool:
    """Does an address-list entry (address, network or range) hold this address?"""
    span, address = _span(entry), _number(value)
    return span is not None and address is not None and span[0] <= address <= span[1]


@lru_cache(maxsize=65_536)
def _span(entry: str) -> tuple[Number, Number] | None:
    """The first and last address of an entry; None for a name. Asked for each packet."""
    first, dash, last = entry.partition("-")
    try:
        if dash:
            return _numbered(first), _numbered(last)
        found = ip_network(entry)
    except ValueError:
        return None
    return (
        (found.version, int(found.network_address)),
        (found.version, int(found.broadcast_address)),
    )


@lru_cache(maxsize=65_536)
def _number(value: str) -> Number | None:
    try:
        return _numbered(value)
    except ValueError:
        return None


def _numbered(text: str) -> Number:
    found = ip_address(text)
    return found.version, int(found)
