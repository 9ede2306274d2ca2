"""Rectangles of the map and the cells they are cut into."""

import math

import pytest

from caudal.core.areas import Area, cell_of, read_area


def test_an_area_is_read_as_it_is_written() -> None:
    area = Area(-99.25, 19.1, -99.0, 19.5)
    assert read_area(area.text) == area
    assert str(area) == "19.1000, -99.2500 – 19.5000, -99.0000"


def test_whoever_looks_at_more_than_the_world_sees_the_world() -> None:
    assert read_area("-400,-95,400,95") == Area(-180, -90, 180, 90)


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,0,1,1", "0,0,inf,1", "5,0,1,1", "0,5,1,1"]
)
def test_what_is_no_rectangle_is_none(text: str) -> None:
    assert read_area(text) is None


def test_cells_halve_with_each_step_and_keep_their_height_in_a_band() -> None:
    assert cell_of(5, 0)[0] == 2 * cell_of(6, 0)[0]
    assert cell_of(10, 18) == cell_of(10, 22)
    width, height = cell_of(10, 60)
    assert math.isclose(height, width / 2)


@pytest.mark.parametrize(("asked", "drawn"), [(-3, 0), (25, 19)])
def test_no_zoom_is_beyond_the_map(asked: int, drawn: int) -> None:
    assert cell_of(asked, 0) == cell_of(drawn, 0)


def test_near_the_poles_cells_do_not_vanish() -> None:
    assert cell_of(3, 90) == cell_of(3, -80)
