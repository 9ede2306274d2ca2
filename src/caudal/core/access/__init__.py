"""Network access, pure: wanted rows from services, diff against a reading, brakes before acting."""

from caudal.core.access.brakes import (
    Brake,
    BrakeCode,
    Remembered,
    brakes,
    cut_ceiling,
    owned_rows,
)
from caudal.core.access.compare import diff
from caudal.core.access.marks import SHARED, Mark, parse_mark, plain
from caudal.core.access.plan import (
    CONFLICTS,
    REFUSALS,
    Code,
    Diff,
    Effect,
    Finding,
    Op,
    Verb,
    service_of,
)
from caudal.core.access.rows import (
    Access,
    Device,
    Kind,
    Row,
    Session,
    Snapshot,
    Speed,
    Technology,
    pair,
)
from caudal.core.access.wanted import Wanted, wanted

__all__ = [
    "CONFLICTS",
    "REFUSALS",
    "SHARED",
    "Access",
    "Brake",
    "BrakeCode",
    "Code",
    "Device",
    "Diff",
    "Effect",
    "Finding",
    "Kind",
    "Mark",
    "Op",
    "Remembered",
    "Row",
    "Session",
    "Snapshot",
    "Speed",
    "Technology",
    "Verb",
    "Wanted",
    "brakes",
    "cut_ceiling",
    "diff",
    "owned_rows",
    "pair",
    "parse_mark",
    "plain",
    "service_of",
    "wanted",
]
