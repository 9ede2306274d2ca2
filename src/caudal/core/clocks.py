"""How far the clock of a device is from ours."""

from datetime import datetime

TOLERATED_S = 120
"""Less than this is no trouble: a minute shown without seconds, a slow answer."""


def skew_s(shown: str, at: datetime) -> int | None:
    """Seconds that a device is ahead of `at`; negative: behind. None where it tells no zone.

    `shown` is ISO 8601.
    """
    try:
        told = datetime.fromisoformat(shown)
    except ValueError:
        return None
    return None if told.tzinfo is None else round((told - at).total_seconds())


def is_wrong(skew: int | None) -> bool:
    return skew is not None and abs(skew) > TOLERATED_S
