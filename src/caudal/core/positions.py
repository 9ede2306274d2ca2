"""Where on Earth a pasted text points: coordinates as people and map pages write them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import unquote

LONGEST = 2000
PLACES = Decimal("0.000001")
_NUMBER = r"([+-]?\d{1,3}(?:\.\d+)?)"

# Tried in this order: a Google link holds the pin (!3d!4d) and also the centre of the view (@).
_LINKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"!3d{_NUMBER}!4d{_NUMBER}",
        rf"[?&]mlat={_NUMBER}&mlon={_NUMBER}",
        rf"[?&](?:q|query|ll|center|daddr|destination)=(?:loc:)?{_NUMBER},\s*{_NUMBER}",
        rf"@{_NUMBER},{_NUMBER}",
        rf"#map=\d+(?:\.\d+)?/{_NUMBER}/{_NUMBER}",
        rf"/{_NUMBER},\s*{_NUMBER}",
        rf"^geo:{_NUMBER},{_NUMBER}",
    )
)
_PLAIN = re.compile(rf"\(?{_NUMBER}\s*[,;\s]\s*{_NUMBER}\)?")
_COMMAS = re.compile(r"([+-]?\d{1,3}),(\d+)\s*[;\s]\s*([+-]?\d{1,3}),(\d+)")
_DEGREES = re.compile(
    r"(\d{1,3})\s*[°º]\s*(?:(\d{1,2})\s*['′’]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|'')\s*)?([NSEWO])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees, six decimals (a hand's breadth)."""

    latitude: Decimal
    longitude: Decimal


def read_position(text: str) -> Position | None:
    """The position in pasted coordinates or in a link to Google Maps or OpenStreetMap, or None.

    Short links hold no coordinates, so they give None.
    """
    text = unquote(text[:LONGEST]).replace("\u2212", "-").strip()
    if "://" in text or text.startswith("geo:"):
        found = next((hit for hit in (link.search(text) for link in _LINKS) if hit), None)
        return _position(found.group(1), found.group(2)) if found else None
    if degrees := _DEGREES.findall(text):
        return _from_degrees(degrees)
    if commas := _COMMAS.fullmatch(text):
        whole, part, other, rest = commas.groups()
        return _position(f"{whole}.{part}", f"{other}.{rest}")
    plain = _PLAIN.fullmatch(text)
    return _position(plain.group(1), plain.group(2)) if plain else None


def _from_degrees(parts: list[tuple[str, str, str, str]]) -> Position | None:
    """Degrees, minutes and seconds with their letter; O is the Spanish west (oeste)."""
    values = {}
    for whole, minutes, seconds, letter in parts:
        size = Decimal(whole) + Decimal(minutes or 0) / 60 + Decimal(seconds or 0) / 3600
        axis = "latitude" if letter.upper() in "NS" else "longitude"
        values[axis] = -size if letter.upper() in "SWO" else size
    if len(parts) != 2 or len(values) != 2:
        return None
    return _position(values["latitude"], values["longitude"])


def _position(latitude: str | Decimal, longitude: str | Decimal) -> Position | None:
    point = Position(Decimal(latitude).quantize(PLACES), Decimal(longitude).quantize(PLACES))
    on_earth = abs(point.latitude) <= 90 and abs(point.longitude) <= 180
    return point if on_earth else None
