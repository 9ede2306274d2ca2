"""Brakes: reasons to stop a plan and ask a person before anything is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from caudal.core.access.match import ours
from caudal.core.access.plan import Diff
from caudal.core.access.rows import Snapshot
from caudal.core.access.wanted import Wanted

FREE_CUTS = 20
FREE_PERCENT = 10
MANY_ROWS = 20
FORGETS = "forgets"
"""A fact of a device that holds its rows in memory: after a restart it has none, and that is no
reason to wait for a person."""


class BrakeCode(StrEnum):
    """Why a plan waits for a person; translated on screens."""

    MASS_CUT = "mass-cut"
    INCOMPLETE_READ = "incomplete-read"
    EMPTY_READ = "empty-read"
    SERIAL_CHANGED = "serial-changed"
    FIRST_CUTS = "first-cuts"  # the first few were not found cut, or somebody else was
    HOURLY = "hourly"  # the installation has cut as many as it may in an hour
    CLOCK_BACK = "clock-back"  # our clock is behind what it was at the last pass


ONLY_CUTS = frozenset(
    {BrakeCode.MASS_CUT, BrakeCode.FIRST_CUTS, BrakeCode.HOURLY, BrakeCode.CLOCK_BACK}
)
"""Brakes that hold cuts alone; everything else of the plan goes on."""


@dataclass(frozen=True, slots=True)
class Brake:
    """`count` is what the person must type to go on; None when typing does not help."""

    code: BrakeCode
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the last good reading told: the pinned serial and how many rows were ours."""

    serial: str = ""
    owned_rows: int = 0


def cut_ceiling(active: int) -> int:
    """Cuts in one plan that need no person: 20, or a tenth of the active services."""
    return max(FREE_CUTS, active * FREE_PERCENT // 100)


def brakes(
    diff: Diff,
    found: Snapshot,
    wanted: Wanted,
    remembered: Remembered = Remembered(),
    *,
    typed_count: int | None = None,
    serial_accepted: bool = False,
) -> tuple[Brake, ...]:
    """Every reason to stop. Restorations are never braked: apply `diff.without(diff.cut)` at once
    when MASS_CUT is the only one, and the rest after somebody typed the count.
    """
    return tuple(
        brake
        for brake in _reasons(diff, found, wanted, remembered, serial_accepted)
        if brake.count is None or brake.count != typed_count
    )


def _reasons(
    diff: Diff, found: Snapshot, wanted: Wanted, remembered: Remembered, serial_accepted: bool
) -> Iterator[Brake]:
    if not found.complete:
        yield Brake(BrakeCode.INCOMPLETE_READ)
        return
    if remembered.serial and found.device.serial != remembered.serial and not serial_accepted:
        yield Brake(BrakeCode.SERIAL_CHANGED)
    emptied = remembered.owned_rows >= MANY_ROWS and not owned_rows(wanted, found)
    if emptied and FORGETS not in found.device.facts:
        yield Brake(BrakeCode.EMPTY_READ, remembered.owned_rows)
    if len(diff.cut) > cut_ceiling(len(diff.active)):
        yield Brake(BrakeCode.MASS_CUT, len(diff.cut))


def owned_rows(wanted: Wanted, found: Snapshot) -> int:
    """How many rows of a reading are ours; remember it for the next one."""
    return sum(1 for _ in ours(wanted, found.rows))
