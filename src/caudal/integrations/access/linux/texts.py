"""Comments of nft elements: ours carry the mark, a name, or what tc cannot tell of a speed."""

import re
from collections.abc import Mapping

from caudal.core.access import Speed

LONGEST = 127
"""Bytes of a comment that the kernel keeps."""
_UNSAFE = re.compile(r'[%"\\\x00-\x1f\x7f-\U0010ffff]')
_LETTERS = {
    "max": "m",
    "guaranteed": "g",
    "priority": "p",
    "burst": "b",
    "threshold": "t",
    "burst_time": "s",
}
_NAMES = {letter: name for name, letter in _LETTERS.items()}


def quoted(text: str) -> str:
    """A comment as nft reads it; what would end the text early is written as %XX."""
    safe = _UNSAFE.sub(_percent, text)
    return f'"{safe[:LONGEST]}"'


def unquoted(text: str) -> str:
    """The text that was quoted; a comment typed by hand stays as it is."""
    if not re.search(r"%[0-9A-F]{2}", text):
        return text
    data = text.encode("utf-8", "surrogateescape")
    data = re.sub(rb"%([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), data)
    return data.decode("utf-8", "surrogateescape")


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogateescape"))


def packed(attrs: Mapping[str, str]) -> str:
    """The speeds of a queue in one short text: `m2000000/10000000 p3`."""
    return " ".join(f"{_LETTERS[name]}{attrs[name]}" for name in _LETTERS if name in attrs)


def unpacked(text: str) -> dict[str, str] | None:
    """The speeds that were packed, None where the text is somebody else's."""
    found: dict[str, str] = {}
    for word in text.split():
        name = _NAMES.get(word[0])
        if name is None or not re.fullmatch(r"\d+(/\d+)?", word[1:]):
            return None
        found[name] = word[1:]
    return found


def speed_of(attrs: Mapping[str, str]) -> Speed:
    """The numbers of a queue's attributes."""
    up, down = _both(attrs, "max")
    burst_up, burst_down = _both(attrs, "burst")
    threshold_up, threshold_down = _both(attrs, "threshold")
    return Speed(
        up_bps=up,
        down_bps=down,
        burst_up_bps=burst_up,
        burst_down_bps=burst_down,
        threshold_up_bps=threshold_up,
        threshold_down_bps=threshold_down,
        burst_seconds=_both(attrs, "burst_time")[0],
    )


def _both(attrs: Mapping[str, str], name: str) -> tuple[int, int]:
    up, _slash, down = attrs.get(name, "0/0").partition("/")
    return int(up), int(down or up)
