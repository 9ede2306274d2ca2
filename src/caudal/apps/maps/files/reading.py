"""Placemarks out of KML, KMZ and GeoJSON files, which anybody may have made: nothing is trusted."""

import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import ParseError, iterparse  # type: ignore[import-untyped]

from caudal.core.errors import RuleError
from caudal.core.positions import PLACES, Position
from caudal.core.text import fold

LARGEST = 20 * 1024 * 1024
"""Bytes of a file as it is sent."""
LARGEST_UNPACKED = 60 * 1024 * 1024
"""Bytes of the KML in a KMZ: a few packed kilobytes may unfold to any size."""
MOST_PARTS = 2_000
MOST_MARKS = 100_000
CODE_NAMES = ("code", "codigo", "clave", "cliente", "customer", "abonado")
NAMES = ("name", "nombre", "title", "titulo")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a file with what it is called; `kind` is "site" where the file says so."""

    name: str
    code: str
    kind: str
    position: Position


@dataclass(slots=True)
class Reading:
    """What a file holds, and how many of it could not be used: "shape" (a line, an area) or
    "position" (none on Earth, or 0, 0)."""

    marks: list[Mark] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def require_map(content: bytes) -> None:
    """Refuse at a glance what is too large or no map at all. Raises RuleError."""
    if len(content) > LARGEST:
        raise RuleError("map-file-too-large", megabytes=LARGEST // 1024 // 1024)
    head = content[:4000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith((b"PK", b"{", b"[", b"<", b"\xff\xfe", b"\xfe\xff")):
        raise RuleError("map-file-not-read")


def read_marks(content: bytes) -> Reading:
    """By what it is, whatever its name. Raises RuleError with a code of `errors`."""
    require_map(content)
    found = Reading()
    for mark in _marks_in(content.removeprefix(b"\xef\xbb\xbf").lstrip(), found.skipped):
        if len(found.marks) >= MOST_MARKS:
            raise RuleError("map-file-too-long", most=MOST_MARKS)
        found.marks.append(mark)
    return found


def _marks_in(content: bytes, skipped: Counter[str]) -> Iterator[Mark]:
    if content.startswith(b"PK"):
        return _from_kml(_unpacked(content), skipped)
    if content.startswith((b"{", b"[")):
        return _from_geojson(content, skipped)
    return _from_kml(content, skipped)


def _unpacked(content: bytes) -> bytes:
    """The KML of a KMZ: doc.kml, else its first one."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = packed.namelist()
            inside = [name for name in names if name.lower().endswith(".kml")]
            if not inside or len(names) > MOST_PARTS:
                raise RuleError("map-file-not-read")
            wanted = "doc.kml" if "doc.kml" in inside else inside[0]
            with packed.open(wanted) as part:
                text = part.read(LARGEST_UNPACKED + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise RuleError("map-file-not-read") from error
    if len(text) > LARGEST_UNPACKED:
        raise RuleError("map-file-too-large", megabytes=LARGEST_UNPACKED // 1024 // 1024)
    return text


# -- KML


def _from_kml(content: bytes, skipped: Counter[str]) -> Iterator[Mark]:
    try:
        # Entities and document types are refused: they only serve to harm here.
        for _event, element in iterparse(BytesIO(content), events=("end",), forbid_dtd=True):
            if _local(element.tag) == "Placemark":
                mark = _mark_of(element, skipped)
                element.clear()
                if mark is not None:
                    yield mark
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        if isinstance(error, RuleError):
            raise
        raise RuleError("map-file-not-read") from error


def _mark_of(element: Any, skipped: Counter[str]) -> Mark | None:
    texts: dict[str, str] = {}
    spot: str | None = None
    for child in element.iter():
        name = _local(child.tag)
        if name in ("Data", "SimpleData"):
            inner = next((each.text for each in child if _local(each.tag) == "value"), child.text)
            texts.setdefault(fold(child.get("name", "")), (inner or "").strip())
        elif name == "Point" and spot is None:
            spot = next((each.text for each in child if _local(each.tag) == "coordinates"), "")
    own = next((each.text for each in element if _local(each.tag) == "name"), "")
    if spot is None:
        skipped["shape"] += 1
        return None
    parts = (spot or "").split(",")
    return _mark({"name": own, **texts}, parts[:2], skipped)


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


# -- GeoJSON


def _from_geojson(content: bytes, skipped: Counter[str]) -> Iterator[Mark]:
    try:
        data = json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise RuleError("map-file-not-read") from error
    for feature in _features(data):
        geometry = feature.get("geometry")
        spot = _point(geometry) if isinstance(geometry, dict) else None
        if spot is None:
            skipped["shape"] += 1
            continue
        given = feature.get("properties")
        texts = given if isinstance(given, dict) else {}
        mark = _mark({fold(str(name)): value for name, value in texts.items()}, spot, skipped)
        if mark is not None:
            yield mark


def _features(data: Any) -> Iterable[dict[str, Any]]:
    if isinstance(data, dict) and data.get("type") == "Feature":
        return [data]
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise RuleError("map-file-not-read")
    return [each for each in features if isinstance(each, dict)]


def _point(geometry: dict[str, Any]) -> list[Any] | None:
    spot = geometry.get("coordinates")
    if geometry.get("type") == "MultiPoint" and isinstance(spot, list) and len(spot) == 1:
        spot = spot[0]
    elif geometry.get("type") != "Point":
        return None
    return spot[:2] if isinstance(spot, list) else []


def _refuse(constant: str) -> None:
    raise ValueError(constant)


# -- both


def _mark(texts: Mapping[str, Any], spot: list[Any], skipped: Counter[str]) -> Mark | None:
    position = _position(spot)
    if position is None:
        skipped["position"] += 1
        return None
    return Mark(
        name=_first(texts, NAMES),
        code=_first(texts, CODE_NAMES),
        kind="site" if _first(texts, ("kind",)) == "site" else "",
        position=position,
    )


def _first(texts: Mapping[str, Any], names: Iterable[str]) -> str:
    for name in names:
        value = texts.get(name)
        if isinstance(value, str | int) and str(value).strip():
            return " ".join(str(value).replace("\0", "").split())[:LONGEST]
    return ""


def _position(spot: list[Any]) -> Position | None:
    """Longitude first, as both formats have it."""
    if len(spot) != 2 or any(isinstance(each, bool) for each in spot):
        return None
    try:
        longitude, latitude = (Decimal(str(each).strip()).quantize(PLACES) for each in spot)
    except InvalidOperation:
        return None
    if abs(latitude) > 90 or abs(longitude) > 180 or (not latitude and not longitude):
        return None
    return Position(latitude, longitude)
