"""What a geocoder that gives no answer leaves behind."""

import pytest

from caudal.core.ports.geocoder import Geocoder, GeocoderError, GeocoderFault, Place
from caudal.core.positions import Position


def test_a_fault_tells_its_kind_and_what_was_answered() -> None:
    error = GeocoderError(GeocoderFault.REFUSED, "429")
    assert (error.fault, error.detail, str(error)) == (GeocoderFault.REFUSED, "429", "refused: 429")
    assert str(GeocoderError(GeocoderFault.NO_ANSWER)) == "no-answer"


def test_places_come_by_any_object_that_finds_them() -> None:
    class One:
        def find(self, address: str, country: str) -> list[Place]:
            return [Place(f"{address}, {country}", Position(19, -99))]  # type: ignore[arg-type]

    asked: Geocoder = One()
    assert [place.name for place in asked.find("Juárez 1", "MX")] == ["Juárez 1, MX"]


def test_faults_are_known_by_their_code() -> None:
    with pytest.raises(ValueError):
        GeocoderFault("lost")
