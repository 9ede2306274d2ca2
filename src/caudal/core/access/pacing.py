"""How fast cuts may go: a few are proved before the rest, and only so many in one hour."""

from collections.abc import Collection

from caudal.core.access.plan import Diff, Verb

FIRST = 5
FEWEST_PER_HOUR = 100
PERCENT_PER_HOUR = 10


def hourly_ceiling(active: int, chosen: int | None) -> int:
    """Cuts in one hour over all routers: as chosen, else 100 or a tenth of the active services."""
    if chosen is not None:
        return chosen
    return max(FEWEST_PER_HOUR, active * PERCENT_PER_HOUR // 100)


def first_cuts(plan: Diff) -> frozenset[str]:
    """The services to be cut and proved before the rest; empty where there are no more than these.

    Always the same for one plan.
    """
    if len(plan.cut) <= FIRST:
        return frozenset()
    return frozenset(sorted(plan.cut)[:FIRST])


def is_proved(before: Diff, after: Diff, first: Collection[str]) -> bool:
    """Did the first cuts, and nothing else, happen? `after` compares a new reading.

    All of them are down, and nobody else who worked before has stopped working, but for those
    whose rows were to go.
    """
    gone = {op.service_id for op in before.ops if op.verb is Verb.REMOVE}
    lost = before.active - after.active - gone
    return not (after.active & set(first)) and lost <= set(first)
