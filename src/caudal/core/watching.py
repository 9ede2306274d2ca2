"""When a device is down, when it only hangs behind one that is, and when it has come back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Health(StrEnum):
    UNKNOWN = "unknown"
    UP = "up"
    FAILING = "failing"
    """It does not answer, but not for long enough to say so."""
    DOWN = "down"
    UNREACHABLE = "unreachable"
    """It does not answer because something before it is down."""


@dataclass(frozen=True, slots=True)
class WatchRule:
    """How many failed checks, over how many minutes, are an alarm, and what damps it.

    Both must be reached. Who went down `flaps` times within `flap_minutes` has come back only when
    he has answered for `settle_minutes` without a miss: one alarm for all of it.
    """

    fail_checks: int = 3
    fail_minutes: int = 2
    recover_checks: int = 2
    flaps: int = 3
    flap_minutes: int = 60
    settle_minutes: int = 15
    silence_minutes: int = 15
    """After so long without any check (the worker was off) the count begins anew."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What is remembered of a device between two checks."""

    health: Health = Health.UNKNOWN
    failures: int = 0
    failing_since: datetime | None = None
    answers: int = 0
    answering_since: datetime | None = None
    checked_at: datetime | None = None
    falls: tuple[datetime, ...] = ()
    """When it went down, as far back as flapping looks."""

    @property
    def is_silent(self) -> bool:
        """Its last check was not answered."""
        return self.failures > 0

    def is_flapping(self, rule: WatchRule, now: datetime) -> bool:
        since = now - timedelta(minutes=rule.flap_minutes)
        return sum(fall > since for fall in self.falls) >= rule.flaps


@dataclass(frozen=True, slots=True)
class Node:
    """A device in the tree; `checked` is the answer of this round, None where it was not asked."""

    key: int
    parent: int | None
    watch: Watch
    rule: WatchRule = field(default_factory=WatchRule)
    answered: bool | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The device afterwards; `blamed` is the device that fails before it, where one does."""

    watch: Watch
    blamed: int | None = None
    fell: bool = False
    rose: bool = False


def judge_all(nodes: Mapping[int, Node], now: datetime) -> dict[int, Judged]:
    """One round over a tree of devices, parents before children; those not asked stay as they are
    unless what is before them has fallen or come back.

    A parent that is its own descendant counts as none.
    """
    done: dict[int, Judged] = {}
    for key in nodes:
        _judge(key, nodes, now, done, frozenset())
    return done


def _judge(
    key: int,
    nodes: Mapping[int, Node],
    now: datetime,
    done: dict[int, Judged],
    path: frozenset[int],
) -> Judged:
    if key in done:
        return done[key]
    node = nodes[key]
    parent = node.parent if node.parent in nodes and node.parent not in path else None
    above = None
    if parent is not None and parent != key:
        above = _judge(parent, nodes, now, done, path | {key})
    done[key] = _one(node, parent, above, now)
    return done[key]


def _one(node: Node, parent: int | None, above: Judged | None, now: datetime) -> Judged:
    if node.answered is None:
        return Judged(node.watch, _blamed(node.watch, parent, above))
    watch = _counted(_after_silence(node.watch, node.rule, now), node.answered, now)
    if node.answered:
        return _answering(watch, node.rule, now)
    if watch.health is Health.DOWN:
        return Judged(watch)
    if above is not None and above.watch.is_silent:
        return _behind(watch, parent, above)
    return _alone(watch, node.rule, now)


def _after_silence(watch: Watch, rule: WatchRule, now: datetime) -> Watch:
    last = watch.checked_at
    if last is None or now - last <= timedelta(minutes=rule.silence_minutes):
        return watch
    if watch.health is Health.DOWN:
        return replace(watch, answers=0, answering_since=None)
    return replace(watch, failures=0, failing_since=None, answers=0, answering_since=None)


def _counted(watch: Watch, answered: bool, now: datetime) -> Watch:
    if answered:
        return replace(
            watch,
            checked_at=now,
            failures=0,
            failing_since=None,
            answers=watch.answers + 1,
            answering_since=watch.answering_since or now,
        )
    return replace(
        watch,
        checked_at=now,
        failures=watch.failures + 1,
        failing_since=watch.failing_since or now,
        answers=0,
        answering_since=None,
    )


def _answering(watch: Watch, rule: WatchRule, now: datetime) -> Judged:
    if watch.health is not Health.DOWN:
        return Judged(replace(watch, health=Health.UP))
    settled = watch.answering_since or now
    needed = timedelta(minutes=rule.settle_minutes if watch.is_flapping(rule, now) else 0)
    if watch.answers < rule.recover_checks or now - settled < needed:
        return Judged(watch)
    return Judged(replace(watch, health=Health.UP), rose=True)


def _behind(watch: Watch, parent: int | None, above: Judged) -> Judged:
    """While the parent only fails, nobody can say whose fault it is: the count waits with it."""
    if above.watch.health in (Health.DOWN, Health.UNREACHABLE):
        blamed = above.blamed if above.watch.health is Health.UNREACHABLE else parent
        return Judged(replace(watch, health=Health.UNREACHABLE), blamed)
    return Judged(replace(watch, health=Health.FAILING))


def _alone(watch: Watch, rule: WatchRule, now: datetime) -> Judged:
    """Nothing before it is to blame. What was behind a dead parent begins to count anew."""
    if watch.health is Health.UNREACHABLE:
        watch = replace(watch, failures=1, failing_since=now)
    since = watch.failing_since or now
    long_enough = now - since >= timedelta(minutes=rule.fail_minutes)
    if watch.failures < rule.fail_checks or not long_enough:
        return Judged(replace(watch, health=Health.FAILING))
    kept = tuple(fall for fall in watch.falls if fall > now - timedelta(minutes=rule.flap_minutes))
    return Judged(replace(watch, health=Health.DOWN, falls=(*kept, now)), fell=True)


def _blamed(watch: Watch, parent: int | None, above: Judged | None) -> int | None:
    if watch.health is not Health.UNREACHABLE or above is None:
        return None
    return above.blamed if above.watch.health is Health.UNREACHABLE else parent
