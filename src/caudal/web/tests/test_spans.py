"""How long ago, and for how long, as screens say it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from caudal.web.templatetags.caudal import ago, lasting, taking

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, ("just now", "since just now", "less than a minute")),
        (59, ("just now", "since just now", "less than a minute")),
        (60, ("1\xa0minute ago", "for 1\xa0minute", "1\xa0minute")),
        (7200, ("2\xa0hours ago", "for 2\xa0hours", "2\xa0hours")),
        (-30, ("just now", "since just now", "less than a minute")),
    ],
)
def test_a_span_is_never_told_as_zero_minutes(seconds: int, words: tuple[str, str, str]) -> None:
    then = NOW - timedelta(seconds=seconds)
    with translation.override("en"):
        assert (ago(then, NOW), lasting(then, NOW), taking(then, NOW)) == words
