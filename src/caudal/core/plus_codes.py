"""Plus Codes (Open Location Code) and geohashes: places written as letters and digits."""

import re
from decimal import Decimal

ALPHABET = "23456789CFGHJMPQRVWX"
GEOHASH = "0123456789bcdefghjkmnpqrstuvwxyz"
_CODE = re.compile(
    rf"(?<![\w+])([{ALPHABET}0]{{2,8}})\+([{ALPHABET}]{{0,7}})(?![\w+])", re.IGNORECASE
)
_PAIRS = (Decimal(20), Decimal(1), Decimal("0.05"), Decimal("0.0025"), Decimal("0.000125"))
"""Degrees that one step of each pair of digits is worth, in both directions."""
_ROWS, _COLUMNS = 5, 4
"""Each digit after the tenth divides its cell so."""

Degrees = tuple[Decimal, Decimal]


def find_code(text: str) -> str:
    """The first Plus Code in the text, "CWC8+R9" of "CWC8+R9 Ciudad de México"; "" without one."""
    found = _CODE.search(text)
    if not found or len(found[1]) % 2 or len(found[2]) == 1:
        return ""
    whole = len(found[1]) == 8
    padded = "0" in found[1]
    if padded and not (whole and not found[2] and re.fullmatch(r"(?:[^0]{2})+0+", found[1])):
        return ""
    return found[0].upper()


def is_short(code: str) -> bool:
    """Whether the code leaves out the digits that tell the region."""
    return code.index("+") < 8


def decode(code: str) -> Degrees | None:
    """Latitude and longitude of the middle of a whole code's cell; None beyond the poles.

    Source: the specification of Open Location Code, "decoding".
    """
    digits = code.replace("+", "").rstrip("0")
    latitude, longitude = Decimal(-90), Decimal(-180)
    size = _PAIRS[0], _PAIRS[0]
    for place, step in enumerate(_PAIRS):
        pair = digits[place * 2 : place * 2 + 2]
        if not pair:
            break
        latitude += ALPHABET.index(pair[0]) * step
        longitude += ALPHABET.index(pair[1]) * step
        size = step, step
    for digit in digits[10:]:
        size = size[0] / _ROWS, size[1] / _COLUMNS
        row, column = divmod(ALPHABET.index(digit), _COLUMNS)
        latitude, longitude = latitude + row * size[0], longitude + column * size[1]
    latitude, longitude = latitude + size[0] / 2, longitude + size[1] / 2
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def complete(code: str, near: Degrees) -> Degrees | None:
    """The place that a short code means around another one: the nearest of all that it fits."""
    missing = 8 - code.index("+")
    prefix = _prefix(near, missing)
    found = decode(prefix + code)
    if found is None:
        return None
    step = _PAIRS[missing // 2 - 1]
    return _nearest(found[0], near[0], step), _nearest(found[1], near[1], step)


def read_geohash(text: str) -> Degrees | None:
    """The middle of a geohash's cell, as links of Waze carry it; None for what is none."""
    if not text or any(sign not in GEOHASH for sign in text):
        return None
    low, high = [Decimal(-90), Decimal(-180)], [Decimal(90), Decimal(180)]
    axis = 1
    for sign in text:
        for bit in (16, 8, 4, 2, 1):
            middle = (low[axis] + high[axis]) / 2
            if GEOHASH.index(sign) & bit:
                low[axis] = middle
            else:
                high[axis] = middle
            axis = 1 - axis
    return (low[0] + high[0]) / 2, (low[1] + high[1]) / 2


def _prefix(near: Degrees, digits: int) -> str:
    """The first digits of the code of a place."""
    latitude, longitude = near[0] + 90, near[1] + 180
    code = ""
    for step in _PAIRS[: digits // 2]:
        code += ALPHABET[min(int(latitude // step), 19)] + ALPHABET[min(int(longitude // step), 19)]
        latitude, longitude = latitude % step, longitude % step
    return code


def _nearest(found: Decimal, near: Decimal, step: Decimal) -> Decimal:
    if found - near > step / 2:
        return found - step
    if near - found > step / 2:
        return found + step
    return found
