"""Pauses grow, end growing, and do not meet."""

from datetime import timedelta

from caudal.core.backoff import LONGEST_S, SPREAD, pause


def test_each_failure_doubles_the_pause_give_or_take_a_fifth() -> None:
    for failures, usual in ((1, 5), (2, 10), (3, 20), (4, 40)):
        seconds = pause(failures, seed="RB Centro").total_seconds()
        assert usual * (1 - SPREAD) <= seconds <= usual * (1 + SPREAD)


def test_a_pause_stops_growing_however_often_it_failed() -> None:
    for failures in (20, 1_000):
        assert pause(failures, seed=1) <= timedelta(seconds=LONGEST_S * (1 + SPREAD))


def test_the_same_seed_waits_the_same_and_others_do_not() -> None:
    assert pause(5, seed="a") == pause(5, seed="a")
    assert len({pause(5, seed=seed) for seed in range(50)}) == 50
