"""What the Linux driver writes down and reads back, without a router."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.core.access import Speed
from caudal.integrations.access.linux.shaping import (
    UNLIMITED_BPS,
    class_words,
    parse_classes,
    parse_sent,
    shapes,
)
from caudal.integrations.access.linux.state import DOWN, UP, Shape
from caudal.integrations.access.linux.texts import LONGEST, packed, quoted, unpacked, unquoted

RATES = st.integers(0, 10_000_000_000)
SHOWN = """\
class htb cada:10 root leaf 8001: prio 0 rate 10Mbit ceil 20500Kbit burst 15Kb cburst 1600b
 Sent 3956506 bytes 3123 pkt (dropped 0, overlimits 420 requeues 0)
class htb cada:ff root prio 0 rate 1234Kbit ceil 100Gbit burst 4999999b cburst 0b
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0)
class htb 1:10 root prio 0 rate 5Mbit ceil 5Mbit burst 15Kb cburst 1600b
"""


@given(st.text(max_size=LONGEST // 12))
def test_any_text_survives_as_a_comment(text: str) -> None:
    written = quoted(text)
    assert written.isascii() and written.count('"') == 2 and "\n" not in written
    assert unquoted(written[1:-1]) == text


@pytest.mark.parametrize("text", ["a mano", "100 %", "50%FF", "\udcf1"])
def test_a_comment_typed_by_hand_does_not_break_the_reading(text: str) -> None:
    assert isinstance(unquoted(text), str)


@given(st.builds(Speed, RATES, RATES, RATES, RATES, RATES, RATES, st.integers(0, 600), RATES, RATES,
                 st.integers(1, 8)))  # fmt: skip
def test_every_speed_fits_in_a_comment_and_comes_back(speed: Speed) -> None:
    text = packed(speed.attrs())
    assert len(text) <= LONGEST
    assert unpacked(text) == speed.attrs()


@pytest.mark.parametrize("text", ["a mano", "m", "mx/1", "z1"])
def test_the_words_of_others_are_no_speeds(text: str) -> None:
    assert unpacked(text) is None


def test_a_burst_lets_as_many_bytes_pass_as_routeros_counts() -> None:
    speed = Speed(2_000_000, 10_000_000, 4_000_000, 20_000_000, 1_000_000, 8_000_000, 8)
    down = shapes(speed.attrs())[DOWN]
    assert (down.rate_bps, down.ceil_bps) == (10_000_000, 20_000_000)
    lasting_s = 8_000_000 * 8 / 20_000_000
    assert down.burst_bytes == pytest.approx(10_000_000 * lasting_s / 8, rel=0.01)


def test_who_has_no_limit_has_a_class_all_the_same() -> None:
    assert {shape.rate_bps for shape in shapes({}).values()} == {UNLIMITED_BPS}
    one_way = shapes(Speed(up_bps=1_000_000).attrs())
    assert (one_way[UP].rate_bps, one_way[DOWN].rate_bps) == (1_000_000, UNLIMITED_BPS)


def test_classes_are_read_as_tc_prints_them_and_those_of_others_are_not() -> None:
    assert parse_classes(SHOWN) == {
        0x10: Shape(10_000_000, 20_500_000, 15_360),
        0xFF: Shape(1_234_000, 100_000_000_000, 4_999_999),
    }
    assert parse_sent(SHOWN) == {0x10: 3_956_506, 0xFF: 0}


def test_rounding_of_what_is_printed_is_no_difference_and_a_real_one_is() -> None:
    wanted = Shape(1_234_567, 1_234_567, 3_200)
    assert wanted.is_like(Shape(1_234_000, 1_234_000, 3_199))
    assert not wanted.is_like(Shape(1_300_000, 1_234_567, 3_200))


def test_a_class_is_written_in_plain_bits() -> None:
    words = class_words("add", DOWN, 0x1F, Shape(10_000_000, 10_000_000, 6_250))
    assert "classid cada:1f htb rate 10000000bit ceil 10000000bit burst 6250b" in words
