"""The only file of the room that meets integrations: tables out of files, places of addresses."""

from collections.abc import Iterable, Sequence

from django.conf import settings

from caudal.core.ports.geocoder import Geocoder, Place
from caudal.core.ports.importer import Sheet
from caudal.integrations import manifest
from caudal.integrations.sheet import read_sheet


def read_table(content: bytes, known: Iterable[str]) -> Sheet:
    """The rows of a CSV file or workbook; `known` are column keys that tell the header row.

    Raises core.ports.importer.FileError.
    """
    return read_sheet(content, known)


def can_geocode() -> bool:
    return bool(settings.GEOCODER_URL)


def find_places(parts: Sequence[str], country: str) -> Sequence[Place]:
    """Where the address is; its parts from the street up. What knows less is asked again.

    Raises core.ports.geocoder.GeocoderError.
    """
    known = [part.strip() for part in parts if part.strip()]
    geocoder = _geocoder()
    found = geocoder.find(", ".join(known), country)
    if not found and len(known) > 2:
        # Neighbourhoods are what maps know least: street and city alone often are enough.
        found = geocoder.find(", ".join([known[0], *known[2:]]), country)
    return found


def _geocoder() -> Geocoder:
    made = manifest("geocoders", "nominatim")
    config = made.config(url=settings.GEOCODER_URL, email=settings.GEOCODER_EMAIL)
    geocoder: Geocoder = made.connect(config)
    return geocoder
