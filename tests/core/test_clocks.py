"""A device's clock beside ours."""

from datetime import UTC, datetime

import pytest

from caudal.core.clocks import is_wrong, skew_s

NOON = datetime(2026, 7, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "ahead"),
    [
        ("2026-07-05T12:00:00+00:00", 0),
        ("2026-07-05T07:03:20-05:00", 200),
        ("2026-07-05T11:00:00+00:00", -3600),
        ("1970-01-02T00:00:10+00:00", -1783166390),
        ("2026-07-05T12:00:00", None),
        ("", None),
        ("mediodía", None),
    ],
)
def test_clock_is_compared_in_its_own_zone(shown: str, ahead: int | None) -> None:
    assert skew_s(shown, NOON) == ahead


def test_a_minute_is_no_trouble_and_an_hour_is() -> None:
    assert not is_wrong(None) and not is_wrong(-119)
    assert is_wrong(3600) and is_wrong(-3600)
