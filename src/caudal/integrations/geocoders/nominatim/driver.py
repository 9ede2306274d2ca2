"""One question over HTTP, and its answer in our words."""

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx

from caudal.core.ports.geocoder import GeocoderError, GeocoderFault, Place
from caudal.core.positions import PLACES, Position

MOST = 5


class Nominatim:
    """GET /search with format=jsonv2: the search API of Nominatim's manual."""

    def __init__(self, url: str, email: str, language: str, timeout_s: float) -> None:
        self.url = httpx.URL(url)
        if not self.url.path.rstrip("/").endswith("/search"):
            self.url = self.url.copy_with(path=self.url.path.rstrip("/") + "/search")
        self.email, self.language, self.timeout_s = email, language, timeout_s

    def find(self, address: str, country: str) -> Sequence[Place]:
        """Raises GeocoderError."""
        asked = {"q": address, "format": "jsonv2", "limit": str(MOST)}
        asked |= {"accept-language": self.language}
        asked |= {"countrycodes": country.lower()} if country else {}
        asked |= {"email": self.email} if self.email else {}
        return _places(self._answer(self.url.copy_merge_params(asked)))

    def _answer(self, url: httpx.URL) -> Any:
        agent = f"Caudal ({self.email})" if self.email else "Caudal"
        try:
            answer = httpx.get(url, timeout=self.timeout_s, headers={"User-Agent": agent})
        except httpx.HTTPError as error:
            raise GeocoderError(GeocoderFault.NO_ANSWER, type(error).__name__) from error
        if answer.status_code != httpx.codes.OK:
            raise GeocoderError(GeocoderFault.REFUSED, str(answer.status_code))
        try:
            return answer.json()
        except ValueError as error:
            raise GeocoderError(GeocoderFault.NOT_UNDERSTOOD) from error


def _places(answer: Any) -> list[Place]:
    if not isinstance(answer, list):
        raise GeocoderError(GeocoderFault.NOT_UNDERSTOOD)
    found = [_place(row) for row in answer if isinstance(row, dict)]
    return [place for place in found if place][:MOST]


def _place(row: dict[str, Any]) -> Place | None:
    with suppress(InvalidOperation, KeyError):
        latitude = Decimal(str(row["lat"])).quantize(PLACES)
        longitude = Decimal(str(row["lon"])).quantize(PLACES)
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return Place(str(row.get("display_name", ""))[:300], Position(latitude, longitude))
    return None
