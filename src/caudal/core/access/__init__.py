"""Network access, pure: wanted rows from services, diff against a reading, brakes before acting."""

from caudal.core.access.brakes import (
    ONLY_CUTS,
    Brake,
    BrakeCode,
    Remembered,
    brakes,
    cut_ceiling,
    owned_rows,
)
from caudal.core.access.compare import diff
from caudal.core.access.marks import SHARED, Mark, parse_mark, plain
from caudal.core.access.pacing import first_cuts, hourly_ceiling, is_proved
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
    LISTED,
    SESSION_OF,
    Access,
    Device,
    Kind,
    Row,
    Session,
    Snapshot,
    Speed,
    Technology,
    address_of,
    member_key,
    pair,
)
from caudal.core.access.sessions import LineKey
from caudal.core.access.technologies import NOTICE_LIST, adoptable, own_key
from caudal.core.access.wanted import Wanted, wanted

__all__ = [
    "CONFLICTS",
    "LISTED",
    "NOTICE_LIST",
    "ONLY_CUTS",
    "REFUSALS",
    "SESSION_OF",
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
    "LineKey",
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
    "address_of",
    "adoptable",
    "brakes",
    "cut_ceiling",
    "diff",
    "first_cuts",
    "hourly_ceiling",
    "is_proved",
    "member_key",
    "own_key",
    "owned_rows",
    "pair",
    "parse_mark",
    "plain",
    "service_of",
    "wanted",
]
