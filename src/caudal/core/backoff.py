"""How long to wait before trying again something that keeps failing."""

from datetime import timedelta
from random import Random

FIRST_S = 5
LONGEST_S = 300
SPREAD = 0.2


def pause(
    failures: int, *, seed: object, first_s: float = FIRST_S, longest_s: float = LONGEST_S
) -> timedelta:
    """Doubles with each failure (1, 2, ...) up to the longest, give or take a fifth.

    The same seed always waits the same; different ones do not come back all at once.
    """
    usual = min(longest_s, first_s * 2 ** min(max(failures, 1) - 1, 30))
    share = Random(f"{seed}/{failures}").uniform(1 - SPREAD, 1 + SPREAD)
    return timedelta(seconds=usual * share)
