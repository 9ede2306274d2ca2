"""diff: from wanted rows and a reading to an ordered plan, every difference explained."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from caudal.core.access.marks import SHARED
from caudal.core.access.match import ADDRESS_ATTR, Key, Matches, match
from caudal.core.access.plan import Code, Diff, Effect, Finding, Op, Verb, row_changes, service_of
from caudal.core.access.rows import Kind, Row, Snapshot
from caudal.core.access.sessions import NOT_YET, Line, stale
from caudal.core.access.wanted import Wanted


def diff(
    wanted: Wanted,
    found: Snapshot,
    *,
    adopt: Collection[Key] = (),
    spare_sessions: Collection[str] = (),
) -> Diff:
    """What to do on the router, in order. Pure: no clock, no I/O, no dependence on row order.

    `adopt` names unmarked rows (kind, key) that a person allowed us to take over.
    `spare_sessions` are services whose session was closed recently (see sessions.stale).
    An incomplete reading yields no operation at all.
    """
    if not found.complete:
        return Diff(findings=(Finding(Code.INCOMPLETE_READ),))
    matches = _leave_refused(match(wanted, found.rows, adopt), wanted)
    taken = _taken(matches)
    ops = [*_writes(matches, taken), *_removals(matches, found)]
    ops += _kicks(_lines(matches, taken), found, spare_sessions)
    findings = [
        *wanted.refusals,
        *(_of_op(op, wanted) for op in ops if op.reason != "before-removal"),
        *_conflicts(wanted, matches, taken),
    ]
    return Diff(
        tuple(sorted(ops, key=Op.sort_key)),
        tuple(sorted(findings, key=_finding_order)),
        _unknown(matches),
        _active(matches),
    )


def _finding_order(finding: Finding) -> tuple[tuple[str, ...], str, str, str, str]:
    changes = repr(sorted(finding.changes.items()))
    return (finding.services, finding.code, finding.kind or "", finding.key, changes)


def _leave_refused(matches: Matches, wanted: Wanted) -> Matches:
    matches.extra = [row for row in matches.extra if service_of(row) not in wanted.refused]
    return matches


def _same(row: Row, found: Row) -> bool:
    """Does somebody else's row already do what ours would?"""
    return row.kind in (Kind.PROFILE, Kind.BLOCK) and dict(row.attrs) == dict(found.attrs)


def _taken(matches: Matches) -> dict[int, Row]:
    """Wanted rows to be added whose address an unmarked, enabled row already serves."""
    served = {
        (row.kind, address): row
        for row in matches.foreign
        if row.enabled and (address := row.attrs.get(ADDRESS_ATTR.get(row.kind, ""), ""))
    }
    found: dict[int, Row] = {}
    for row in matches.missing:
        address = row.attrs.get(ADDRESS_ATTR.get(row.kind, ""), "")
        if (row.kind, address) in served:
            found[id(row)] = served[row.kind, address]
    return found


def _writes(matches: Matches, taken: dict[int, Row]) -> Iterator[Op]:
    for row in matches.missing:
        if id(row) not in taken:
            effect = Effect.CUT if row.kind is Kind.BLOCK else Effect.NONE
            yield Op(Verb.ADD, row, None, service_of(row), Code.MISSING, effect)
    for row, found in matches.pairs:
        changes = row_changes(found, row)
        if changes:
            yield Op(Verb.SET, row, found, service_of(row), _why(changes), _effect(row, found))
    for row, found in matches.adopted:
        yield Op(Verb.SET, row, found, service_of(row), Code.ADOPTED, _effect(row, found))


def _why(changes: Collection[str]) -> Code:
    if "key" in changes:
        return Code.RENAMED
    return Code.RELABELLED if set(changes) == {"comment"} else Code.CHANGED


def _effect(row: Row, found: Row) -> Effect:
    if row.enabled == found.enabled:
        return Effect.NONE
    # Enabling a list entry cuts, enabling an account restores.
    return Effect.CUT if row.enabled == (row.kind is Kind.BLOCK) else Effect.RESTORE


def _removals(matches: Matches, found: Snapshot) -> Iterator[Op]:
    """Ours and no longer wanted. A profile stays while an account of somebody else is on it."""
    held_profiles = {
        row.attrs.get("profile", "") for row in matches.foreign if row.kind is Kind.ACCOUNT
    }
    names = {session.name for session in found.sessions if not session.radius}
    for row in matches.extra:
        if row.kind is Kind.PROFILE and row.key in held_profiles:
            continue
        effect = {Kind.BLOCK: Effect.RESTORE, Kind.ACCOUNT: Effect.CUT}.get(row.kind, Effect.NONE)
        service = service_of(row)
        yield Op(Verb.REMOVE, row, row, service, Code.EXTRA, effect)
        if row.kind is Kind.ACCOUNT and row.key in names and row.enabled:
            # Removing an account leaves its session alive, and then nothing tells whose it was.
            # So: disable, kick, and only then remove; a fault in between is found again.
            down = Row(row.kind, row.key, {**row.attrs, "enabled": "no"}, row.comment, row.ref)
            yield Op(Verb.SET, down, row, service, Code.EXTRA, Effect.CUT, "before-removal")


def _kicks(lines: dict[str, Line], found: Snapshot, spared: Collection[str]) -> Iterator[Op]:
    for session, line, reason in stale(lines, found.sessions, spared):
        seen = {"address": session.address, "mac": session.mac, "speed": session.speed}
        row = Row(Kind.SESSION, session.name, seen, ref=session.ref)
        yield Op(Verb.KICK, row, row, line.service_id, Code.STALE_SESSION, Effect.NONE, reason)


def _lines(matches: Matches, taken: dict[int, Row]) -> dict[str, Line]:
    """By user name, what must hold for a session once the writes of this plan are done."""
    new: list[tuple[Row, Row | None]] = [(r, None) for r in matches.missing if id(r) not in taken]
    ours = [*new, *matches.pairs, *matches.adopted]
    profiles = [row for row, _ in ours if row.kind is Kind.PROFILE]
    profiles += [found for _, found in _held(matches, Kind.PROFILE)]
    speeds = {row.key: row.attrs.get("max", "0/0") for row in profiles}
    blocked = _block_ages(matches)
    lines = {row.key: Line(service_of(row), up=False) for row in matches.extra if _dials(row)}
    accounts = [(row, found) for row, found in ours if _dials(row)]
    for row, found in accounts:
        if found and found.key != row.key:
            lines[found.key] = Line(service_of(row), up=False)
    for row, found in accounts:
        lines[row.key] = Line(
            service_of(row),
            row.enabled,
            row.attrs.get("address", ""),
            row.attrs.get("mac", ""),
            speeds.get(row.attrs["profile"]),
            blocked.get(row.attrs.get("address", "")),
            found is not None and found.attrs.get("profile") != row.attrs["profile"],
        )
    return lines


def _dials(row: Row) -> bool:
    return row.kind is Kind.ACCOUNT


def _held(matches: Matches, kind: Kind) -> Iterator[tuple[Row, Row]]:
    return ((row, found) for row, found in matches.held if row.kind is kind)


def _block_ages(matches: Matches) -> dict[str, int | None]:
    """Age per blocked address."""
    ages: dict[str, int | None] = {row.key: NOT_YET for row in matches.missing if _blocks(row)}
    for row, found in [*matches.pairs, *matches.adopted]:
        if _blocks(row):
            moved = found.key != row.key or not found.enabled
            ages[row.key] = NOT_YET if moved else found.age_s
    ages |= {row.key: found.age_s for row, found in _held(matches, Kind.BLOCK)}
    return ages


def _blocks(row: Row) -> bool:
    return row.kind is Kind.BLOCK


def _of_op(op: Op, wanted: Wanted) -> Finding:
    services: tuple[str, ...] = (op.service_id,)
    if op.service_id == SHARED:
        services = wanted.users.get(op.row.key, ())
    changes = {"session": (op.reason, "")} if op.verb is Verb.KICK else op.changes
    return Finding(op.why, services, op.row.kind, op.row.key, changes)


def _conflicts(wanted: Wanted, matches: Matches, taken: dict[int, Row]) -> Iterator[Finding]:
    for row, found in matches.held:
        if not _same(row, found):
            op = Op(Verb.SET, row, found, service_of(row), Code.UNMARKED)
            yield _of_op(op, wanted)
    for row in matches.missing:
        if other := taken.get(id(row)):
            changes = {"holder": (other.key, "")}
            yield Finding(Code.ADDRESS_TAKEN, (service_of(row),), row.kind, row.key, changes)
    yield from _foreign_blocks(wanted, matches)


def _foreign_blocks(wanted: Wanted, matches: Matches) -> Iterator[Finding]:
    """Somebody listed by hand a customer who should browse."""
    blocked_on_purpose = {row.key for row in wanted.rows if _blocks(row)}
    by_hand = {row.key for row in matches.foreign if _blocks(row) and row.enabled}
    for row in wanted.rows:
        address = row.attrs.get(ADDRESS_ATTR.get(row.kind, ""), "")
        if address in by_hand - blocked_on_purpose:
            yield Finding(Code.FOREIGN_BLOCK, (service_of(row),), Kind.BLOCK, address)


def _unknown(matches: Matches) -> tuple[Row, ...]:
    """Rows of others worth showing; profiles of others are the router's own business."""
    rows = (row for row in matches.foreign if row.kind is not Kind.PROFILE)
    return tuple(sorted(rows, key=lambda row: (row.kind, row.key, row.ref)))


def _active(matches: Matches) -> frozenset[str]:
    """Services that were found working: an enabled row that is not blocked."""
    found_as: dict[str, list[Row]] = defaultdict(list)
    for row, found in [*matches.pairs, *matches.adopted, *matches.held]:
        found_as[service_of(row)].append(found)
    for row in matches.extra:
        found_as[service_of(row)].append(row)
    rows = [row for found in found_as.values() for row in found]
    blocked = {row.key for row in [*rows, *matches.foreign] if _blocks(row) and row.enabled}
    return frozenset(
        service
        for service, found in found_as.items()
        if any(
            row.enabled and row.attrs.get(ADDRESS_ATTR[row.kind], "") not in blocked
            for row in found
            if row.kind in ADDRESS_ATTR
        )
    )
