"""RouterOS values to canonical ones and back: rates, times, dates."""

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from caudal.core.access import pair

_RATE = re.compile(r"(\d+(?:\.\d+)?)([kKmMgG]?)")
_OFFSET = re.compile(r"([+-])([01]\d):([0-5]\d)")
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
_TIME = re.compile(r"(\d+)(ms|us|[wdhms])")
_CLOCK = re.compile(r"\d+(?::\d+)+")
_SECONDS = {"w": 604_800.0, "d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENGLISH = re.compile(rf"({'|'.join(_MONTHS)})/(\d\d?)/(\d{{4}})")


def bits(text: str) -> int:
    """`10M` is 10000000, `1.5M` 1500000. Raises ValueError."""
    found = _RATE.fullmatch(text)
    if not found:
        raise ValueError(text)
    return int(Decimal(found[1]) * _SCALE[found[2].lower()])


def rates(text: str) -> str:
    """`2M/10M` or `10M` as `up/down` in bits, nothing for 0/0; other text comes back as it is."""
    up, slash, down = text.partition("/")
    try:
        return pair(bits(up), bits(down if slash else up)) if text else ""
    except ValueError:
        return text


def short_rates(canonical: str) -> str:
    """`2000000/10000000` as people write it: `2M/10M`; what is no number stays as it is."""
    parts = (canonical or "0/0").split("/")
    return "/".join(_short(int(part)) if part.isdecimal() else part for part in parts)


def _short(value: int) -> str:
    for unit, scale in (("M", 1_000_000), ("k", 1_000)):
        if value and value % scale == 0:
            return f"{value // scale}{unit}"
    return str(value)


def seconds(text: str) -> int:
    """`1w2d3h4m5s`, `1w2d03:04:05`, `00:00:10` or `8`, whole seconds; 0 for anything else."""
    if text.isdecimal():
        return int(text)
    clock = _CLOCK.search(text)
    parts = clock[0].split(":") if clock else []
    shown: int = sum(int(part) * 60**power for power, part in enumerate(reversed(parts)))
    return shown + int(sum(int(n) * _SECONDS.get(unit, 0.0) for n, unit in _TIME.findall(text)))


def times(text: str) -> str:
    """`8s/8s` as `8/8`, nothing for 0s/0s."""
    up, slash, down = text.partition("/")
    return pair(seconds(up), seconds(down if slash else up))


def priority(text: str) -> str:
    """`5/5` as `5`, nothing for the default 8."""
    up, _, down = text.partition("/")
    same = up if down in ("", up) else text
    return "" if same == "8" else same


def moment(text: str) -> datetime | None:
    """`sep/29/2022 07:09:24` (v6, early v7) or `2022-09-29 07:09:24`, without time zone."""
    date, _, clock = text.partition(" ")
    if found := _ENGLISH.fullmatch(date.lower()):
        date = f"{found[3]}-{_MONTHS.index(found[1]) + 1:02}-{int(found[2]):02}"
    try:
        return datetime.fromisoformat(f"{date} {clock}".strip()).replace(tzinfo=None)
    except ValueError:
        return None


def offset(text: str) -> timezone | None:
    """`-05:00` as a time zone, None for anything else."""
    found = _OFFSET.fullmatch(text)
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def both_bytes(text: str) -> tuple[int, int]:
    """`bytes=up/down` of a queue."""
    up, _, down = text.partition("/")
    return count(up), count(down)


def count(text: str) -> int:
    """A whole number, 0 for anything else."""
    return int(text) if text.isdecimal() else 0


def is_yes(text: str) -> bool:
    return text in ("true", "yes")


def milliseconds(text: str) -> float | None:
    """`3ms` or `1ms500us` as milliseconds, None for an empty text."""
    scale = {"s": 1000.0, "ms": 1.0, "us": 0.001}
    parts = _TIME.findall(text)
    return sum(int(n) * scale.get(unit, 0.0) for n, unit in parts) if parts else None
