"""What a pass found and planned, as plain values for its row and for screens."""

from collections.abc import Collection, Iterable
from typing import Any

from caudal.apps.network.rowtext import fingerprint
from caudal.apps.network.sync.wanted import Line
from caudal.core.access import (
    CONFLICTS,
    REFUSALS,
    SESSION_OF,
    Brake,
    Diff,
    Finding,
    Kind,
    Op,
    Row,
    Session,
    Snapshot,
    address_of,
)
from caudal.core.addressing import AddressError, canonical

MOST = 500
"""Rows of each list that are kept with a pass; the counts are always whole."""
LEFT = {"code": "left"}
"""What is told of a row that a person wants left as it is, whatever the difference."""
NEEDS_A_PERSON = CONFLICTS | REFUSALS


def describe(
    plan: Diff, found: Snapshot, lines: Iterable[Line], brakes: Iterable[Brake] = ()
) -> dict[str, Any]:
    """Lists of plain dicts: conflicts and refusals, drift of services that had been in sync,
    the planned operations, unknown rows and sessions, brakes and the services they hold."""
    lines = list(lines)
    settled = {str(line.service_id) for line in lines if line.was_in_sync}
    drift = [f for f in plan.findings if f.code not in NEEDS_A_PERSON and settled & {*f.services}]
    people = [*plan.conflicts, *plan.refusals]
    strangers = _strangers(found.sessions, lines)
    return {
        "people": [finding_dict(each) for each in people[:MOST]],
        "people_count": len(people),
        "drift": [finding_dict(each) for each in drift[:MOST]],
        "drift_count": len(drift),
        "plan": [op_dict(op) for op in plan.ops[:MOST]],
        "plan_count": len(plan.ops),
        "unknown": [row_dict(row) for row in plan.unknown[:MOST]],
        "unknown_count": len(plan.unknown),
        "strangers": [session_dict(each) for each in strangers[:MOST]],
        "strangers_count": len(strangers),
        "brakes": brake_dicts(brakes),
        "cut": sorted(plan.cut),
        "problems": list(found.problems),
    }


def leftovers(left: Diff, alone: Collection[tuple[Kind, str]]) -> dict[str, Any]:
    """What still differs after the pass, in both directions; `alone` are rows left as they are."""
    told = [
        finding_dict(each) | (LEFT if (each.kind, each.key) in alone else {})
        for each in left.findings[:MOST]
    ]
    return {"left": told, "left_count": len(left.findings)}


def brake_dicts(brakes: Iterable[Brake]) -> list[dict[str, Any]]:
    return [{"code": str(brake.code), "count": brake.count} for brake in brakes]


def finding_dict(finding: Finding) -> dict[str, Any]:
    return {
        "code": str(finding.code),
        "kind": str(finding.kind or ""),
        "key": finding.key,
        "services": list(finding.services[:MOST]),
        "changes": {name: list(change) for name, change in finding.changes.items()},
    }


def op_dict(op: Op) -> dict[str, Any]:
    return {
        "verb": str(op.verb),
        "kind": str(op.row.kind),
        "key": op.row.key,
        "service": op.service_id,
        "code": str(op.why),
        "effect": str(op.effect),
        "reason": op.reason,
        "changes": {name: list(change) for name, change in op.changes.items()},
    }


def row_dict(row: Row) -> dict[str, Any]:
    return {
        "kind": str(row.kind),
        "key": row.key,
        "address": address_of(row),
        "profile": row.attrs.get("profile", ""),
        "comment": row.comment,
        "enabled": row.enabled,
        "print": fingerprint(row),
    }


def session_dict(session: Session) -> dict[str, Any]:
    return {
        "name": session.name,
        "address": session.address,
        "mac": session.mac,
        "age_s": session.age_s,
        "radius": session.radius,
    }


def foreign_addresses(unknown: Iterable[Row]) -> list[str]:
    """Single addresses that rows of others serve: the picker does not offer them."""
    texts = (address_of(row) for row in unknown)
    return sorted({plain for text in texts if (plain := _single(text))})


def _single(text: str) -> str:
    try:
        plain = canonical(text)
    except AddressError:
        return ""
    return "" if "/" in plain else plain


def _strangers(sessions: Iterable[Session], lines: Iterable[Line]) -> list[Session]:
    keys = (line.key for line in lines if line.access)
    ours = {(SESSION_OF[kind], name) for kind, name in keys if kind in SESSION_OF}
    return [session for session in sessions if (session.kind, session.name) not in ours]
