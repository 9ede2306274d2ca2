"""Plus Codes and geohashes: what is one, where it is, and what a short one means nearby."""

from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.plus_codes import ALPHABET, complete, decode, find_code, is_short, read_geohash

# The first digits keep the place away from the poles and from where degrees begin anew.
wholes = st.tuples(
    st.sampled_from(ALPHABET[1:8]),
    st.sampled_from(ALPHABET[2:16]),
    st.text(ALPHABET, min_size=6, max_size=6),
    st.text(ALPHABET, min_size=2, max_size=2),
).map(lambda parts: f"{parts[0]}{parts[1]}{parts[2]}+{parts[3]}")
steps = st.decimals("-0.45", "0.45", places=3)


@settings(max_examples=40)
@given(wholes, steps, steps)
def test_a_short_code_means_the_nearest_place_that_it_fits(whole: str, north: D, east: D) -> None:
    place = decode(whole)
    assert place is not None
    near = (place[0] + north, place[1] + east)
    assert is_short(whole[4:])
    assert complete(whole[4:], near) == place


def test_a_short_code_across_a_border_is_still_the_nearest() -> None:
    place = decode("8FVC9222+22")  # just north and east of a whole degree
    assert place is not None
    assert complete("9222+22", (place[0] - D("0.3"), place[1] - D("0.3"))) == place
    other = decode("8FVCXXXX+XX")
    assert other is not None
    assert complete("XXXX+XX", (other[0] + D("0.3"), other[1] + D("0.3"))) == other


@pytest.mark.parametrize(
    "text", ["8F0C0000+", "8FVC0000+22", "FVC0000+", "8FVC9G8+6X", "8FVC9G8F+6"]
)
def test_what_only_looks_like_a_code_is_none(text: str) -> None:
    assert find_code(text) == ""


@pytest.mark.parametrize("text", ["8FVC9G8F+6X", "8FVC0000+", "8F000000+"])
def test_a_code_is_found_as_it_stands(text: str) -> None:
    assert find_code(f"Casa: {text.lower()}.") == text


def test_no_place_is_beyond_the_poles() -> None:
    assert decode("XFVC9G8F+6X") is None
    assert complete("9G8F+6X", (D(120), D(8))) is None


@pytest.mark.parametrize("text", ["", "9g3qa", "9g3 q"])
def test_a_word_with_other_signs_is_no_geohash(text: str) -> None:
    assert read_geohash(text) is None


def test_a_geohash_is_the_middle_of_its_cell() -> None:
    found = read_geohash("ezs42")
    assert found is not None
    assert (round(found[0], 3), round(found[1], 3)) == (D("42.605"), D("-5.603"))
