"""What a form asks of the outside world: where is this address?"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from caudal.core.positions import Position


class GeocoderFault(StrEnum):
    """Why nothing could be asked; screens hold one sentence for each."""

    NO_ANSWER = "no-answer"
    REFUSED = "refused"  # it answers and says no: a key, a limit
    NOT_UNDERSTOOD = "not-understood"


class GeocoderError(Exception):
    def __init__(self, fault: GeocoderFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Place:
    """What the geocoder calls it, and where it is."""

    name: str
    position: Position


class Geocoder(Protocol):
    def find(self, address: str, country: str) -> Sequence[Place]:
        """The likeliest places first, none where it knows none; `country` is ISO 3166.

        Raises GeocoderError.
        """
        ...
