"""Customers and sites as GeoJSON, KML and KMZ: written while they are read."""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO
from xml.sax.saxutils import escape

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COLOURS = {"cut": "ff2e10c8", "held": "ff0059b3", "active": "ff3c7d0a", "pending": "ffb0620b",
           "none": "ff7a6b5f", "site": "ff857210"}  # fmt: skip
"""As KML writes them: opacity, blue, green, red."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What is written of a customer or a site; `state` is a code, `facts` are (name, words)."""

    kind: str
    name: str
    code: str
    state: str
    latitude: str
    longitude: str
    facts: tuple[tuple[str, str], ...] = ()


def geojson(spots: Iterable[Spot]) -> Iterator[str]:
    """A FeatureCollection, a feature a line; RFC 7946 puts the longitude first."""
    before = '{"type":"FeatureCollection","features":[\n'
    for spot in spots:
        feature = {
            "type": "Feature",
            "geometry": {
                "type": "Point",
                "coordinates": [float(spot.longitude), float(spot.latitude)],
            },
            "properties": {
                "kind": spot.kind, "code": spot.code, "name": spot.name, "state": spot.state,
                **dict(spot.facts),
            },
        }  # fmt: skip
        yield before + json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        before = ",\n"
    yield before + "]}\n" if before.startswith("{") else "\n]}\n"


def kml(spots: Iterable[Spot], title: str) -> Iterator[str]:
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
        f"<name>{_text(title)}</name>\n"
    )
    for state, colour in COLOURS.items():
        yield f'<Style id="{state}"><IconStyle><color>{colour}</color></IconStyle></Style>\n'
    for spot in spots:
        yield _placemark(spot)
    yield "</Document></kml>\n"


def kmz(spots: Iterable[Spot], title: str) -> IO[bytes]:
    """The same packed, in a file that goes away when it is closed."""
    file = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("doc.kml", "w", force_zip64=True) as part,
    ):
        for text in kml(spots, title):
            part.write(text.encode())
    file.seek(0)
    return file


def _placemark(spot: Spot) -> str:
    facts = (("kind", spot.kind), ("code", spot.code), ("state", spot.state), *spot.facts)
    data = "".join(
        f'<Data name="{_text(name)}"><value>{_text(value)}</value></Data>'
        for name, value in facts
        if value
    )
    style = spot.state if spot.state in COLOURS else "site"
    return (
        f"<Placemark><name>{_text(spot.name)}</name><styleUrl>#{style}</styleUrl>"
        f"<ExtendedData>{data}</ExtendedData>"
        f"<Point><coordinates>{spot.longitude},{spot.latitude}</coordinates></Point></Placemark>\n"
    )


def _text(text: str) -> str:
    """Without what no XML may hold."""
    return escape(_NOT_XML.sub("", text), {'"': "&quot;"})
