"""When a device that answers answers badly for so long that somebody should know, and when not."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from caudal.core.watching import WatchRule


@dataclass(frozen=True, slots=True)
class Quality:
    """What is remembered between two checks: checks in a row that were bad, and that were fair."""

    bad: int = 0
    bad_since: datetime | None = None
    fair: int = 0
    is_poor: bool = False


@dataclass(frozen=True, slots=True)
class Graded:
    """The quality afterwards; `fell` and `rose` where it has just become poor, or fair again."""

    quality: Quality
    fell: bool = False
    rose: bool = False


def grade(before: Quality, is_bad: bool, rule: WatchRule, now: datetime) -> Graded:
    """One more answer: it is poor after as many bad checks and minutes as would be an alarm, and
    fair again after as many fair checks as end one: a single slow answer is nothing."""
    if is_bad:
        since = before.bad_since or now
        found = replace(before, bad=before.bad + 1, bad_since=since, fair=0)
        long_enough = now - since >= timedelta(minutes=rule.fail_minutes)
        if before.is_poor or found.bad < rule.fail_checks or not long_enough:
            return Graded(found)
        return Graded(replace(found, is_poor=True), fell=True)
    fair = before.fair + 1
    if not before.is_poor:
        return Graded(Quality(fair=fair))
    if fair < rule.recover_checks:
        return Graded(replace(before, fair=fair))
    return Graded(Quality(fair=fair), rose=True)
