"""Positions are read from what people paste."""

from decimal import Decimal

import pytest

from caudal.core.positions import Position, read_position

ZOCALO = Position(Decimal("19.432600"), Decimal("-99.133200"))


@pytest.mark.parametrize(
    "pasted",
    [
        "19.4326, -99.1332",
        " (19.4326 -99.1332) ",
        "19.4326;−99.1332",
        "19,4326; -99,1332",
        "https://www.google.com/maps/@19.4326,-99.1332,17z",
        "https://www.google.com/maps/place/X/@19.5,-99.5,17z/data=!3m1!4b1!3d19.4326!4d-99.1332",
        "https://maps.google.com/?q=19.4326,-99.1332",
        "https://maps.google.com/?q=19.4326%2C-99.1332",
        "https://www.google.com/maps/search/?api=1&query=19.4326,-99.1332",
        "https://www.google.com/maps/search/19.4326,-99.1332",
        "https://www.openstreetmap.org/?mlat=19.4326&mlon=-99.1332#map=17/19.1/-99.1",
        "https://www.openstreetmap.org/#map=17/19.4326/-99.1332",
        "geo:19.4326,-99.1332?z=17",
    ],
)
def test_coordinates_and_map_links_point_to_one_place(pasted: str) -> None:
    assert read_position(pasted) == ZOCALO


def test_degrees_minutes_and_seconds_are_read_in_spanish_too() -> None:
    expected = Position(Decimal("19.432611"), Decimal("-99.133194"))
    assert read_position("19°25'57.4\"N 99°07'59.5\"W") == expected
    assert read_position("99º 7′ 59.5″ O, 19º 25′ 57.4″ N") == expected
    assert read_position("34°S 58°W") == Position(Decimal("-34.000000"), Decimal("-58.000000"))


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "aquí nomás",
        "19.4326",
        "91.0, 0.0",
        "0.0, 181.0",
        "19°25'57.4\"N",
        "19°N 20°N",
        "https://maps.app.goo.gl/AbCdEf",
        "https://example.com/",
        "1" * 5000,
    ],
)
def test_what_points_nowhere_gives_nothing(pasted: str) -> None:
    assert read_position(pasted) is None
