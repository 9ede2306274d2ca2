"""Where on Earth a pasted text points: coordinates as people and map pages write them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from urllib.parse import unquote

from caudal.core import plus_codes

LONGEST = 2000
PLACES = Decimal("0.000001")
_NUMBER = r"([+-]?\d{1,3}(?:\.\d+)?)"
_ASKED = "q|query|ll|sll|center|daddr|destination|coordinate|cbll|to"

# Tried in this order: a Google link holds the pin (!3d!4d) and also the centre of the view (@).
_LINKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf".*!3d{_NUMBER}!4d{_NUMBER}",
        rf"[?&]mlat={_NUMBER}&mlon={_NUMBER}",
        rf"[?&](?:{_ASKED})=(?:loc:|ll\.)?\s*{_NUMBER},\s*{_NUMBER}",
        rf"[?&]cp={_NUMBER}~{_NUMBER}",
        rf"@{_NUMBER},{_NUMBER}",
        rf"#map=\d+(?:\.\d+)?/{_NUMBER}/{_NUMBER}",
        rf"/{_NUMBER},\s*{_NUMBER}",
        rf"^geo:{_NUMBER},{_NUMBER}",
    )
)
_EAST_FIRST = tuple(
    re.compile(pattern)
    for pattern in (rf"!2d{_NUMBER}!3d{_NUMBER}", rf".*!1d{_NUMBER}!2d{_NUMBER}")
)
"""Google's maps on other pages, and its directions."""
_PARTS = re.compile(rf"[?&](?:{_ASKED})=([^&#]+)|/(?:place|search|dir)/([^/?#]+)")
_WAZE = re.compile(r"waze\.com/ul/h([0-9a-z]{4,12})(?![0-9a-z])")
_SHORT = re.compile(
    r"(?:^|//|\s)(?:www\.)?(?:maps\.app\.goo\.gl|goo\.gl|g\.co|bit\.ly|tinyurl\.com|t\.co"
    r"|(?:www\.)?osm\.org/go|openstreetmap\.org/go|cutt\.ly|is\.gd|shorturl\.at)/",
    re.IGNORECASE,
)
_LINK = re.compile(r"://|^geo:|^(?:[\w-]+\.)+[a-z]{2,}/", re.IGNORECASE)
_PLAIN = re.compile(rf"\(?{_NUMBER}\s*[,;/|\s]\s*{_NUMBER}\)?")
_COMMAS = re.compile(r"([+-]?\d{1,3}),(\d+)\s*[;,/|\s]\s*([+-]?\d{1,3}),(\d+)")
_LABELS = re.compile(r"\b(lat|lon|lng|long)(?:itude|itud)?\b\.?\s*[:=]?", re.IGNORECASE)
_SIGNS = re.compile(r"[\d\s.,;+\-°º˚'′’´\"″”“NSEWO()|]+", re.IGNORECASE)
_WINDS = "NSEWO"
_ANGLE = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


class Unread(StrEnum):
    """Why a text points nowhere; screens hold one sentence for each."""

    SHORT_LINK = "short-link"
    SHORT_CODE = "short-code"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees, six decimals (a hand's breadth)."""

    latitude: Decimal
    longitude: Decimal


def read_position(text: str, near: Position | None = None) -> Position | None:
    """The position in pasted coordinates, in a Plus Code or in a link to a map, or None.

    `near` is where short Plus Codes are looked for. Short links hold no coordinates: None.
    """
    text = unquote(text[:LONGEST]).replace("\u2212", "-").strip()
    if _LINK.search(text):
        return _from_link(text, near)
    return _from_text(text, near)


def why_unread(text: str) -> Unread:
    """What to tell whoever pasted a text that `read_position` made nothing of."""
    if _SHORT.search(text[:LONGEST]):
        return Unread.SHORT_LINK
    code = plus_codes.find_code(unquote(text[:LONGEST]))
    return Unread.SHORT_CODE if code and plus_codes.is_short(code) else Unread.NOTHING


def _from_link(text: str, near: Position | None) -> Position | None:
    for link in _LINKS:
        if found := link.search(text):
            return _position(found[1], found[2])
    for link in _EAST_FIRST:
        if found := link.search(text):
            return _position(found[2], found[1])
    if found := _WAZE.search(text):
        return _maybe(plus_codes.read_geohash(found[1]))
    parts = (part.replace("+", " ") for pair in _PARTS.findall(text) for part in pair if part)
    read = (_from_text(part, near) for part in parts)
    return next((point for point in read if point), None) or _from_code(text, near)


def _from_text(text: str, near: Position | None) -> Position | None:
    if point := _from_code(text, near):
        return point
    labels = _LABELS.findall(text)
    bare = _LABELS.sub(" ", text).strip()
    numbers = _ANGLE.findall(bare)
    if labels and labels[0].lower() != "lat" and len(numbers) == 2:
        return _from_numbers(f"{numbers[1]}; {numbers[0]}")
    return _from_numbers(bare)


def _from_numbers(text: str) -> Position | None:
    if commas := _COMMAS.fullmatch(text):
        whole, part, other, rest = commas.groups()
        return _position(f"{whole}.{part}", f"{other}.{rest}")
    if plain := _PLAIN.fullmatch(text):
        return _position(plain.group(1), plain.group(2))
    return _from_angles(text.upper()) if _SIGNS.fullmatch(text) else None


def _from_code(text: str, near: Position | None) -> Position | None:
    code = plus_codes.find_code(text)
    if not code:
        return None
    if not plus_codes.is_short(code):
        return _maybe(plus_codes.decode(code))
    return _maybe(plus_codes.complete(code, (near.latitude, near.longitude))) if near else None


def _from_angles(text: str) -> Position | None:
    """Degrees, minutes and seconds, with letters or signs; O is the Spanish west (oeste)."""
    halves = _halves(text)
    values: dict[str, Decimal] = {}
    for axis, half in zip(("latitude", "longitude"), halves, strict=False):
        letter = next((sign for sign in half if sign in _WINDS), "")
        size = _angle(half)
        if size is None or (letter and size < 0):
            return None
        if letter:
            axis = "latitude" if letter in "NS" else "longitude"
        values[axis] = -size if letter in ("S", "W", "O") else size
    return _position(values["latitude"], values["longitude"]) if len(values) == 2 else None


def _halves(text: str) -> list[str]:
    """The text of each of the two angles; none where it is not two."""
    letters = [place for place, sign in enumerate(text) if sign in _WINDS]
    if len(letters) == 2:
        first = re.search(r"[\dA-Z]", text)
        cut = letters[1] if first and first[0] in _WINDS else letters[0] + 1
        return [text[:cut], text[cut:]]
    numbers = list(_ANGLE.finditer(text))
    if letters or "°" not in text.replace("º", "°").replace("˚", "°") or len(numbers) % 2:
        return []
    cut = numbers[len(numbers) // 2].start()
    return [text[:cut], text[cut:]]


def _angle(text: str) -> Decimal | None:
    """Up to three numbers: degrees, minutes, seconds; only the last one has decimals."""
    numbers = [number.replace(",", ".") for number in _ANGLE.findall(text)]
    if not 1 <= len(numbers) <= 3 or any("." in number for number in numbers[:-1]):
        return None
    sizes = [abs(Decimal(number)) for number in numbers]
    if any(size >= 60 for size in sizes[1:]):
        return None
    total = sum((size / 60**place for place, size in enumerate(sizes)), Decimal(0))
    return -total if numbers[0].startswith("-") else total


def _maybe(degrees: plus_codes.Degrees | None) -> Position | None:
    return _position(*degrees) if degrees else None


def _position(latitude: str | Decimal, longitude: str | Decimal) -> Position | None:
    point = Position(Decimal(latitude).quantize(PLACES), Decimal(longitude).quantize(PLACES))
    on_earth = abs(point.latitude) <= 90 and abs(point.longitude) <= 180
    return point if on_earth else None
