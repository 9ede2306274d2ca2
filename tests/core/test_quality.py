"""Slow or lossy devices: an alarm after a while, one for all of it, and its end."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from caudal.core.quality import Quality, grade
from caudal.core.watching import WatchRule

NOON = datetime(2026, 7, 5, 18, tzinfo=UTC)
RULE = WatchRule(fail_checks=3, fail_minutes=2, recover_checks=2)


def told(answers: str) -> str:
    """A letter a minute: "b" for a bad answer; "F" and "R" stand where it fell and rose."""
    quality, said = Quality(), ""
    for minute, answer in enumerate(answers):
        found = grade(quality, answer == "b", RULE, NOON + timedelta(minutes=minute))
        said += "F" if found.fell else "R" if found.rose else "."
        quality = found.quality
    return said


def test_three_bad_checks_over_two_minutes_are_an_alarm_and_two_fair_ones_end_it() -> None:
    assert told("bbbbbgggg") == "..F...R.."


def test_single_slow_answers_are_nothing() -> None:
    assert told("bbgbbgbg") == "........"


def test_a_fair_answer_between_bad_ones_does_not_end_it() -> None:
    assert told("bbbgbgbgg") == "..F.....R"


def test_bad_checks_in_a_hurry_wait_for_the_minutes() -> None:
    quality = Quality()
    for second in range(0, 60, 20):
        found = grade(quality, True, RULE, NOON + timedelta(seconds=second))
        quality = found.quality
    assert not quality.is_poor


@given(st.text("bg", max_size=40))
def test_it_falls_and_rises_by_turns(answers: str) -> None:
    turns = told(answers).replace(".", "")
    assert "FF" not in turns and "RR" not in turns and not turns.startswith("R")
