"""Pairs wanted rows with found rows, deciding what is ours and what is somebody else's."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from caudal.core.access.marks import checksum, parse_mark
from caudal.core.access.plan import service_of
from caudal.core.access.rows import Kind, Row
from caudal.core.access.wanted import Wanted

Key = tuple[Kind, str]

ADDRESS_ATTR = {Kind.ACCOUNT: "address", Kind.QUEUE: "target"}
"""Where a row keeps the address that it serves."""


@dataclass(slots=True)
class Matches:
    """What each row turned out to be.

    `pairs`: ours, wanted and found. `adopted`: not ours yet, with permission to take over.
    `missing`: wanted only. `held`: wanted, but an unmarked row has the name.
    `extra`: ours, no longer wanted. `foreign`: everything else.
    """

    pairs: list[tuple[Row, Row]] = field(default_factory=list)
    adopted: list[tuple[Row, Row]] = field(default_factory=list)
    missing: list[Row] = field(default_factory=list)
    held: list[tuple[Row, Row]] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)
    foreign: list[Row] = field(default_factory=list)


def match(wanted: Wanted, found: Iterable[Row], adopt: Collection[Key] = ()) -> Matches:
    """Pair by the router's own key first, then by the service named in the mark (a rename).

    What may be adopted is also found by its address: then taking it over renames it.
    """
    found = sorted(found, key=lambda row: (row.kind, row.key, row.ref))
    mine = {id(row) for row in ours(wanted, found)}
    by_key: dict[Key, list[Row]] = defaultdict(list)
    for row in found:
        by_key[row.kind, row.key].append(row)
    result = Matches()
    used: set[int] = set()
    unmatched: list[Row] = []
    keys = {(row.kind, row.key) for row in wanted.rows}
    for row in wanted.rows:
        chosen = _chosen(by_key[row.kind, row.key], mine)
        if chosen is None and (row.kind, row.key) in adopt:
            chosen = _serving(row, (r for r in found if (r.kind, r.key) not in keys), mine | used)
        if chosen is None:
            unmatched.append(row)
            continue
        used.add(id(chosen))
        if id(chosen) in mine:
            result.pairs.append((row, chosen))
        elif (row.kind, row.key) in adopt:
            result.adopted.append((row, chosen))
        else:
            result.held.append((row, chosen))
            result.foreign.append(chosen)
    left = [row for row in found if id(row) not in used]
    result.foreign += [row for row in left if id(row) not in mine]
    _pair_renamed(result, unmatched, [row for row in left if id(row) in mine])
    return result


def _chosen(candidates: Iterable[Row], mine: Collection[int]) -> Row | None:
    """The row that counts when several have the key: an enabled one, ours before another's.

    Only list entries repeat a key, and there a disabled entry of others does not stand in the way.
    """
    for row in sorted(candidates, key=lambda row: (not row.enabled, id(row) not in mine)):
        if row.enabled or id(row) in mine or row.kind is not Kind.BLOCK:
            return row
    return None


def _serving(row: Row, found: Iterable[Row], taken: Collection[int]) -> Row | None:
    """The one unmarked row that serves the address under a name of its own, e.g. with accents."""
    name = ADDRESS_ATTR.get(row.kind, "")
    address = row.attrs.get(name, "")
    if not address:
        return None
    same = [r for r in found if r.kind is row.kind and r.attrs.get(name) == address and r.enabled]
    free = [r for r in same if id(r) not in taken]
    return free[0] if len(free) == 1 else None


def _pair_renamed(result: Matches, unmatched: list[Row], left: list[Row]) -> None:
    for row in unmatched:
        same = (r for r in left if r.kind == row.kind and service_of(r) == service_of(row))
        old = next(same, None) if row.kind is not Kind.PROFILE else None
        if old:
            left.remove(old)
            result.pairs.append((row, old))
        else:
            result.missing.append(row)
    result.extra = left


def ours(wanted: Wanted, found: Iterable[Row]) -> Iterator[Row]:
    """Rows whose mark fits them, and rows somebody renamed by hand.

    A renamed row carries the mark of a wanted row that is nowhere to be found; if that one is
    there too, the other is a copy and belongs to whoever copied it.
    """
    found = list(found)
    present = {(row.kind, row.key) for row in found}
    lost = {row.comment.split(" ")[0] for row in wanted.rows if (row.kind, row.key) not in present}
    for row in found:
        mark = parse_mark(row.comment)
        if mark is None:
            continue
        fits = mark.check == checksum(wanted.owner, mark.service_id, row.kind, row.key)
        if fits or row.comment.split(" ")[0] in lost:
            yield row
