"""diff: from wanted rows and a reading to an ordered plan, every difference explained."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from caudal.core.access.dividing import in_the_way, leave_to_others
from caudal.core.access.listing import listed_by_hand
from caudal.core.access.logins import answer_of
from caudal.core.access.marks import SHARED
from caudal.core.access.match import Key, Matches, match
from caudal.core.access.moves import is_passing, kept_for_now, moves
from caudal.core.access.plan import Code, Diff, Effect, Finding, Op, Verb, row_changes, service_of
from caudal.core.access.rows import (
    ACCOUNTS,
    BLOCKS,
    MARKINGS,
    MEMBERS,
    PROFILES,
    SESSION_OF,
    SHARED_KINDS,
    Kind,
    Row,
    Snapshot,
    address_of,
)
from caudal.core.access.sessions import NOT_YET, Line, LineKey, stale
from caudal.core.access.wanted import Wanted

_ONLY_STEPS = frozenset({"before-removal", "before-renewal"})
"""Operations that prepare another one, which tells why."""
_AS_GOOD = BLOCKS | MEMBERS | {Kind.PROFILE, Kind.ARP}
"""Kinds of which somebody else's row serves as well as ours."""
_WORKING = ACCOUNTS | {Kind.QUEUE, Kind.LEASE, Kind.MEMBER}
"""Kinds whose rows give service."""
_OWN_POOLS = frozenset({"pool", "pool6"})
_WITH_PREFIX = frozenset({Kind.MEMBER6, Kind.BINDING6})
_ITS_OWN_BUSINESS = SHARED_KINDS | {Kind.SESSION}


def diff(
    wanted: Wanted,
    found: Snapshot,
    *,
    adopt: Collection[Key] = (),
    spare_sessions: Collection[str] = (),
    moving: Collection[str] = (),
    moved: Collection[str] = (),
) -> Diff:
    """What to do on the router, in order. Pure: no clock, no I/O, no dependence on row order.

    `adopt` names unmarked rows (kind, key) that a person allowed us to take over.
    `spare_sessions` are services whose session was closed recently (see sessions.stale).
    `moving` are services of another router that is not proved to serve them yet: what they have
    here stays as long. `moved` are served there: to take away what is left of them cuts nobody.
    An incomplete reading yields no operation at all.
    """
    if not found.complete:
        return Diff(findings=(Finding(Code.INCOMPLETE_READ),))
    matches = match(wanted, found.rows, adopt)
    leave_to_others(matches)
    kept = kept_for_now(matches, wanted, moving)
    _leave(matches, wanted.refused, kept)
    taken = _taken(matches)
    lines = _lines(matches, taken)
    ops = [*_writes(matches, taken), *_removals(matches, found, _given(wanted) | {*moved})]
    ops += [*_kicks(lines, found, spare_sessions), *_cookies(lines, found)]
    findings = [
        *wanted.refusals,
        *(_of_op(op, wanted) for op in ops if op.reason not in _ONLY_STEPS),
        *_conflicts(wanted, matches, taken),
        *moves(matches, kept),
    ]
    return Diff(
        tuple(sorted(ops, key=Op.sort_key)),
        tuple(sorted(findings, key=_finding_order)),
        _unknown(matches, wanted),
        _active(matches),
    )


def _finding_order(finding: Finding) -> tuple[tuple[str, ...], str, str, str, str]:
    changes = repr(sorted(finding.changes.items()))
    return (finding.services, finding.code, finding.kind or "", finding.key, changes)


def _leave(matches: Matches, refused: Collection[str], kept: Collection[str]) -> None:
    """What these services have is not touched."""

    def stays(row: Row) -> bool:
        service = service_of(row)
        return service in refused or (service in kept and not is_passing(row))

    matches.left = [row for row in matches.extra if stays(row)]
    matches.extra = [row for row in matches.extra if not stays(row)]


def _same(row: Row, found: Row) -> bool:
    """Does somebody else's row already do what ours would? From where a profile of others gives
    addresses is its own business, unless we say from where."""
    own = _OWN_POOLS - row.attrs.keys() if row.kind is Kind.PROFILE else frozenset()
    seen = {name: value for name, value in found.attrs.items() if name not in own}
    return row.kind in _AS_GOOD and dict(row.attrs) == seen


def _claims(row: Row) -> Iterator[tuple[Kind, str]]:
    """The address that a row takes for itself."""
    if row.kind in (Kind.ACCOUNT, Kind.QUEUE, Kind.HOTSPOT_USER) and (found := address_of(row)):
        yield row.kind, found


def _taken(matches: Matches) -> dict[int, Row]:
    """Rows to be written whose address or device a row that stays already serves.

    A row that is off serves nobody, but a lease that is off still keeps its device.
    """
    holding = [row for row in matches.foreign if row.enabled or row.kind is Kind.LEASE]
    holding += [row for row in matches.left if row.kind is Kind.LEASE]
    serving = _serving(holding)
    leased: dict[str, list[Row]] = defaultdict(list)
    for row in holding:
        if row.kind is Kind.LEASE:
            leased[row.attrs.get("mac", "")].append(row)
    taken = {
        id(row): serving[claim]
        for row in _to_be_placed(matches)
        for claim in _claims(row)
        if claim in serving
    }
    for row in _to_be_placed(matches):
        mac = row.attrs.get("mac", "") if row.kind is Kind.LEASE else ""
        others = leased.get(mac, ()) if mac else ()
        if other := next((held for held in others if _same_door(row, held)), None):
            taken[id(row)] = other
    return taken


def _serving(rows: Iterable[Row]) -> dict[tuple[Kind, str], Row]:
    return {claim: row for row in rows for claim in _claims(row)}


def _doubled(matches: Matches) -> Iterator[tuple[Row, Row]]:
    """Users of ours on the router whose address a user of somebody else is given as well: it is
    whose who signs in. A second queue for an address is without effect behind the first."""
    users = (row for row in matches.foreign if row.enabled and row.kind in ACCOUNTS)
    serving = _serving(users)
    for row, _found in [*matches.pairs, *matches.adopted] if serving else ():
        yield from ((row, serving[claim]) for claim in _claims(row) if claim in serving)


def _same_door(row: Row, held: Row) -> bool:
    """Leases of one device: a lease for all servers stands in the way of those of each, while it
    is on."""
    servers = row.attrs.get("server", ""), held.attrs.get("server", "")
    return servers[0] == servers[1] or (held.enabled and "" in servers)


def _to_be_placed(matches: Matches) -> Iterator[Row]:
    """What is to be added; a lease that changes its device or address is added anew."""
    yield from matches.missing
    for row, found in [*matches.pairs, *matches.adopted]:
        if row.kind is Kind.LEASE and not _keeps_its_place(row, found):
            yield row


def _writes(matches: Matches, taken: dict[int, Row]) -> Iterator[Op]:
    for row in matches.missing:
        if id(row) not in taken:
            effect = Effect.CUT if row.kind in BLOCKS else Effect.NONE
            yield Op(Verb.ADD, row, None, service_of(row), Code.MISSING, effect)
    for row, found in matches.pairs:
        if (changes := row_changes(found, row)) and id(row) not in taken:
            yield from _change(row, found, _why(changes))
    for row, found in matches.adopted:
        if id(row) not in taken:
            yield from _change(row, found, Code.ADOPTED)


def _change(row: Row, found: Row, why: Code) -> Iterator[Op]:
    service = service_of(row)
    if row.kind is not Kind.LEASE or _keeps_its_place(row, found):
        yield Op(Verb.SET, row, found, service, why, _effect(row, found))
        return
    # Two customers may have changed their addresses or devices: each in the way of the other.
    yield Op(Verb.REMOVE, found, found, service, why, Effect.NONE, "before-renewal")
    yield Op(Verb.ADD, row, None, service, why)


def _keeps_its_place(row: Row, found: Row) -> bool:
    return row.key == found.key and all(
        row.attrs.get(name, "") == found.attrs.get(name, "") for name in ("mac", "server")
    )


def _why(changes: Collection[str]) -> Code:
    if "key" in changes:
        return Code.RENAMED
    return Code.RELABELLED if set(changes) == {"comment"} else Code.CHANGED


def _effect(row: Row, found: Row) -> Effect:
    if row.enabled == found.enabled:
        return Effect.NONE
    # Enabling a list entry cuts, enabling an account restores.
    return Effect.CUT if row.enabled == (row.kind in BLOCKS) else Effect.RESTORE


_PROFILE_OF = {Kind.ACCOUNT: Kind.PROFILE, Kind.HOTSPOT_USER: Kind.HOTSPOT_PROFILE}
_REMOVING = {
    Kind.BLOCK: Effect.RESTORE,
    Kind.BLOCK6: Effect.RESTORE,
    Kind.ACCOUNT: Effect.CUT,
    Kind.HOTSPOT_USER: Effect.CUT,
    Kind.LOGIN: Effect.CUT,
    Kind.LEASE: Effect.CUT,
}


def _given(wanted: Wanted) -> frozenset[str]:
    """Services that have what they need to work, this way or another."""
    return frozenset(service_of(row) for row in wanted.rows if row.kind in _WORKING)


def _removals(matches: Matches, found: Snapshot, given: Collection[str]) -> Iterator[Op]:
    """Ours and no longer wanted. A plan's row stays while a row of somebody else names it, or one
    that is left where it is may need it.

    Who is `given` his service in another way loses nothing with the old one.
    """
    held = _named_by_others(matches.foreign)
    names = {(session.kind, session.name) for session in found.sessions if not session.radius}
    for row in matches.extra:
        service = service_of(row)
        if (row.kind, row.key) in held or (service == SHARED and matches.left):
            continue
        effect = _REMOVING.get(row.kind, Effect.NONE)
        if effect is Effect.CUT and service in given:
            effect = Effect.NONE
        yield Op(Verb.REMOVE, row, row, service, Code.EXTRA, effect)
        if row.kind in ACCOUNTS and row.enabled and (SESSION_OF[row.kind], row.key) in names:
            # Removing an account leaves its session alive, and then nothing tells whose it was.
            # So: disable, kick, and only then remove; a fault in between is found again.
            down = Row(row.kind, row.key, {**row.attrs, "enabled": "no"}, row.comment, row.ref)
            yield Op(Verb.SET, down, row, service, Code.EXTRA, effect, "before-removal")


def _named_by_others(foreign: Collection[Row]) -> set[Key]:
    """Rows of plans that rows of others are on."""
    named = {
        (_PROFILE_OF[row.kind], row.attrs.get("profile", ""))
        for row in foreign
        if row.kind in _PROFILE_OF
    }
    for row in foreign:
        types = [row.attrs.get("type", ""), *row.attrs.get("types", "").split("/")]
        named |= {(Kind.QUEUE_TYPE, name) for name in types if name}
    return named


def _kicks(lines: dict[LineKey, Line], found: Snapshot, spared: Collection[str]) -> Iterator[Op]:
    for session, line, reason in stale(lines, found.sessions, spared):
        seen = {"address": session.address, "mac": session.mac, "speed": session.speed}
        if line.answer is not None:
            seen |= {"answer": session.answer, "wanted": line.answer}
        row = Row(session.kind, session.name, seen, ref=session.ref)
        yield Op(Verb.KICK, row, row, line.service_id, Code.STALE_SESSION, Effect.NONE, reason)


def _cookies(lines: dict[LineKey, Line], found: Snapshot) -> Iterator[Op]:
    """A cookie signs its customer in again without a password, cut or not."""
    for row in found.rows:
        line = lines.get((Kind.HOTSPOT_SESSION, row.key)) if row.kind is Kind.COOKIE else None
        if line and not line.up:
            yield Op(
                Verb.KICK, row, row, line.service_id, Code.STALE_SESSION, reason="account-down"
            )


def _lines(matches: Matches, taken: dict[int, Row]) -> dict[LineKey, Line]:
    """By kind of session and user, what must hold once the writes of this plan are done."""
    new: list[tuple[Row, Row | None]] = [(r, None) for r in matches.missing if id(r) not in taken]
    ours = [*new, *matches.pairs, *matches.adopted]
    profiles = [row for row, _ in ours if row.kind in PROFILES]
    profiles += [found for kind in PROFILES for _, found in _held(matches, kind)]
    speeds = {(row.kind, row.key): row.attrs.get("max", "0/0") for row in profiles}
    blocked = _block_ages(matches)
    lines = {
        (SESSION_OF[row.kind], row.key): Line(service_of(row), up=False)
        for row in matches.extra
        if row.kind in ACCOUNTS
    }
    accounts = [(row, found) for row, found in ours if row.kind in ACCOUNTS]
    for row, found in accounts:
        if found and found.key != row.key:
            lines[SESSION_OF[row.kind], found.key] = Line(service_of(row), up=False)
    for row, found in accounts:
        if row.kind is Kind.LOGIN:
            lines[Kind.SESSION, row.key] = _line_of_login(row)
            continue
        lines[SESSION_OF[row.kind], row.key] = Line(
            service_of(row),
            row.enabled,
            row.attrs.get("address", ""),
            row.attrs.get("mac", ""),
            speeds.get((_PROFILE_OF[row.kind], row.attrs["profile"])),
            blocked.get(row.attrs.get("address", "")),
            found is not None and found.attrs.get("profile") != row.attrs["profile"],
        )
    return lines


def _line_of_login(row: Row) -> Line:
    """What was answered tells all: who is cut may be in, with the notice only."""
    address, mac = row.attrs.get("address", ""), row.attrs.get("mac", "")
    return Line(service_of(row), True, address, mac, answer=answer_of(row.attrs))


def _held(matches: Matches, kind: Kind) -> Iterator[tuple[Row, Row]]:
    return ((row, found) for row, found in matches.held if row.kind is kind)


def _block_ages(matches: Matches) -> dict[str, int | None]:
    """Age per blocked address."""
    ages: dict[str, int | None] = {row.key: NOT_YET for row in matches.missing if _blocks(row)}
    for row, found in [*matches.pairs, *matches.adopted]:
        if _blocks(row):
            moved = found.key != row.key or not found.enabled
            ages[row.key] = NOT_YET if moved else found.age_s
    held = [found for kind in BLOCKS for _, found in _held(matches, kind)]
    return ages | {found.key: found.age_s for found in held}


def _blocks(row: Row) -> bool:
    return row.kind in BLOCKS


def _of_op(op: Op, wanted: Wanted) -> Finding:
    services: tuple[str, ...] = (op.service_id,)
    if op.service_id == SHARED:
        services = wanted.users.get((op.row.kind, op.row.key), ())
    changes = {"session": (op.reason, "")} if op.verb is Verb.KICK else op.changes
    return Finding(op.why, services, op.row.kind, op.row.key, changes)


def _conflicts(wanted: Wanted, matches: Matches, taken: dict[int, Row]) -> Iterator[Finding]:
    for row, found in matches.held:
        if not _same(row, found):
            op = Op(Verb.SET, row, found, service_of(row), Code.UNMARKED)
            yield _of_op(op, wanted)
    for row in _to_be_placed(matches):
        if other := taken.get(id(row)):
            changes = {"holder": (other.key, "")}
            code = Code.MAC_TAKEN if row.kind is Kind.LEASE else Code.ADDRESS_TAKEN
            yield Finding(code, (service_of(row),), row.kind, row.key, changes)
    for row, other in _doubled(matches):
        changes = {"holder": (other.key, "")}
        yield Finding(Code.ADDRESS_TAKEN, (service_of(row),), row.kind, row.key, changes)
    written = [*matches.missing, *(row for row, _found in matches.pairs)]
    for mark, other in in_the_way(written, matches.foreign):
        services = tuple(sorted({*wanted.users.get((mark.kind, mark.key), ())}))
        yield Finding(Code.OVERRIDDEN, services, other.kind, other.key)
    serving = [row for row in wanted.rows if row.kind in _WORKING | _WITH_PREFIX]
    yield from listed_by_hand(serving, wanted.rows, matches.foreign)


def _unknown(matches: Matches, wanted: Wanted) -> tuple[Row, ...]:
    """Rows of others worth showing: profiles and lists of others are the router's own business."""
    lists = {row.attrs["list"] for row in wanted.rows if row.kind in MARKINGS}
    rows = (
        row
        for row in matches.foreign
        if row.kind not in _ITS_OWN_BUSINESS
        and (row.kind not in MEMBERS or row.key.partition(" ")[2] in lists)
    )
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
            row.enabled and address_of(row) not in blocked for row in found if row.kind in _WORKING
        )
    )
