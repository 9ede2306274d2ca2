"""Nominatim, OpenStreetMap's geocoder, and what speaks like it (LocationIQ, one's own server)."""

from dataclasses import dataclass

from caudal.integrations import Manifest
from caudal.integrations.geocoders.nominatim.driver import Nominatim


@dataclass(frozen=True, slots=True)
class Config:
    """`url` is the server, or its /search with what it asks for, such as `?key=...`."""

    url: str
    email: str = ""
    """Whom the server may write to, as the public one demands of who asks it often."""
    language: str = "es"
    timeout_s: float = 5.0


def connect(config: Config) -> Nominatim:
    return Nominatim(config.url, config.email, config.language, config.timeout_s)


MANIFEST = Manifest("nominatim", "Nominatim (OpenStreetMap)", Config, connect)
