"""Speeds as people say them: "10M" typed is 10,000 kbit/s, and shown as 10 Mbps."""

import re

from caudal.core.errors import RuleError

SPEED_NOT_READ = "speed-not-read"
_SPEED = re.compile(
    r"(\d{1,7})(?:[.,](\d{1,3}))?\s*(k|m|g)?(?:b(?:it/s|ps|/s)?|bits)?", re.IGNORECASE
)
_KBPS = {"": 1, "k": 1, "m": 1_000, "g": 1_000_000}


def parse_kbps(text: str) -> int:
    """kbit/s of "512k", "10M", "1.5 Mbps" or a plain number, which is kbit/s already.

    Decimal multiples as routers use them: 10M is 10,000 kbit/s.
    """
    found = _SPEED.fullmatch(text.strip())
    if found is None:
        raise RuleError(SPEED_NOT_READ, text=text)
    whole, part, unit = found[1], found[2] or "", (found[3] or "").lower()
    thousandths = int(whole) * 1_000 + int(part.ljust(3, "0"))
    bits = thousandths * _KBPS[unit]
    if bits % 1_000:
        raise RuleError(SPEED_NOT_READ, text=text)
    return bits // 1_000


def format_kbps(speed: int | None) -> str:
    """10000 is "10 Mbps", 1500 is "1.5 Mbps", 512 is "512 kbps"."""
    if speed is None:
        return "–"
    for unit, size in (("Gbps", 1_000_000), ("Mbps", 1_000)):
        if speed >= size:
            return f"{speed / size:.3f}".rstrip("0").rstrip(".") + f" {unit}"
    return f"{speed} kbps"
