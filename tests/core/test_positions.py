"""Positions are read from what people paste."""

from decimal import Decimal

import pytest

from caudal.core.positions import Position, Unread, read_position, why_unread

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
        "geo:0,0?q=19.4326,-99.1332(Mi casa)",
        "Mi casa: https://maps.google.com/?q=19.4326,-99.1332",
        "maps.google.com/?q=19.4326,-99.1332",
        "https://waze.com/ul?ll=19.4326,-99.1332&navigate=yes",
        "https://www.waze.com/es/live-map/directions?to=ll.19.4326%2C-99.1332",
        "https://maps.apple.com/?ll=19.4326,-99.1332&q=Casa",
        "https://maps.apple.com/place?coordinate=19.4326,-99.1332",
        "https://www.bing.com/maps?cp=19.4326~-99.1332&lvl=15",
        "https://www.google.com/maps/embed?pb=!1m14!1m12!2d-99.1332!3d19.4326!2m3",
        "https://www.google.com/maps/dir/19.5,-99.5/data=!3d19.5!4d-99.5!3d19.4326!4d-99.1332",
        "https://www.google.com/maps/place/19.4326%C2%B0N+99.1332%C2%B0W/",
        "Lat: 19.4326 Long: -99.1332",
        "latitud 19,4326; longitud -99,1332",
        "lng=-99.1332, lat=19.4326",
        "19.4326 / -99.1332",
        "19.4326° N, 99.1332° W",
        "N 19.4326 W 99.1332",
        "19.4326N 99.1332O",
        "19.4326°, -99.1332°",
    ],
)
def test_coordinates_and_map_links_point_to_one_place(pasted: str) -> None:
    assert read_position(pasted) == ZOCALO


def test_degrees_minutes_and_seconds_are_read_in_spanish_too() -> None:
    expected = Position(Decimal("19.432611"), Decimal("-99.133194"))
    assert read_position("19°25'57.4\"N 99°07'59.5\"W") == expected
    assert read_position("99º 7′ 59.5″ O, 19º 25′ 57.4″ N") == expected
    assert read_position("N19°25'57.4\" W99°7'59.5\"") == expected
    assert read_position("19 25 57.4 N, 99 07 59.5 W") == expected
    assert read_position("19° 25' 57,4'' N  99° 7' 59,5'' O") == expected
    assert read_position("19°25'57.4\", -99°07'59.5\"") == expected
    assert (
        read_position("https://www.google.com/maps/place/19%C2%B025'57.4%22N+99%C2%B007'59.5%22W")
        == expected
    )
    minutes = Position(Decimal("19.432600"), Decimal("-99.133200"))
    assert read_position("19°25.956' N 99°7.992' W") == minutes
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
        "19°75'N 99°W",
        "19.5°30'N 99°W",
        "-19°N 99°W",
        "sur 19 este 20",
        "76F2CWC+R9",
        "CWC8+R9 Ciudad de México",
        "waze.com/ul/hola",
        "https://maps.app.goo.gl/AbCdEf",
        "https://example.com/",
        "1" * 5000,
    ],
)
def test_what_points_nowhere_gives_nothing(pasted: str) -> None:
    assert read_position(pasted) is None


@pytest.mark.parametrize(
    ("code", "latitude", "longitude"),
    [
        # Of the specification's own table of tests.
        ("7FG49Q00+", "20.375000", "2.775000"),
        ("7FG49QCJ+2V", "20.370062", "2.782188"),
        ("7FG49QCJ+2VX", "20.370113", "2.782234"),
        ("8FVC2222+22", "47.000062", "8.000062"),
        ("4VCPPQGP+Q9", "-41.273062", "174.785938"),
        ("62G20000+", "0.500000", "-179.500000"),
        ("cfx30000+", "89.500000", "1.500000"),
    ],
)
def test_a_plus_code_is_the_middle_of_its_cell(code: str, latitude: str, longitude: str) -> None:
    point = read_position(code)
    assert point is not None
    assert abs(point.latitude - Decimal(latitude)) < Decimal("0.0001")
    assert abs(point.longitude - Decimal(longitude)) < Decimal("0.0001")


@pytest.mark.parametrize(
    ("short", "near", "whole"),
    [
        # Of the specification's own table of tests.
        ("9QCJ+2VX", ("51.3701125", "-1.217765625"), "9C3W9QCJ+2VX"),
        ("CJ+2VX", ("51.3708675", "-1.217765625"), "9C3W9QCJ+2VX"),
    ],
)
def test_a_short_code_is_found_around_a_known_place(
    short: str, near: tuple[str, str], whole: str
) -> None:
    around = Position(Decimal(near[0]), Decimal(near[1]))
    assert read_position(f"{short} Reading", around) == read_position(whole)


def test_a_geohash_of_waze_is_read() -> None:
    point = read_position("https://waze.com/ul/h9g3qrx9u1z")
    assert point is not None
    assert (round(point.latitude), round(point.longitude)) == (19, -99)


def test_what_cannot_be_read_says_why() -> None:
    assert why_unread("https://maps.app.goo.gl/AbCdEf") is Unread.SHORT_LINK
    assert why_unread("goo.gl/maps/AbC") is Unread.SHORT_LINK
    assert why_unread("CWC8+R9 Ciudad de México") is Unread.SHORT_CODE
    assert why_unread("aquí nomás") is Unread.NOTHING
