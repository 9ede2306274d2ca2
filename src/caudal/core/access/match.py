"""Pairs wanted rows with found rows, deciding what is ours and what is somebody else's."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from caudal.core.access.marks import SHARED, fits, mark_of
from caudal.core.access.plan import service_of
from caudal.core.access.rows import LISTED, Kind, Row, address_of
from caudal.core.access.wanted import Wanted

Key = tuple[Kind, str]

IN_MENU_ONLY = frozenset({Kind.COOKIE})
"""What a reading tells beside rows: nobody's configuration."""


@dataclass(slots=True)
class Matches:
    """What each row turned out to be.

    `pairs`: ours, wanted and found. `adopted`: not ours yet, with permission to take over.
    `missing`: wanted only. `held`: wanted, but an unmarked row has the name.
    `extra`: ours, no longer wanted. `left`: ours, of services that were refused: not touched.
    `foreign`: everything else.
    """

    pairs: list[tuple[Row, Row]] = field(default_factory=list)
    adopted: list[tuple[Row, Row]] = field(default_factory=list)
    missing: list[Row] = field(default_factory=list)
    held: list[tuple[Row, Row]] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)
    left: list[Row] = field(default_factory=list)
    foreign: list[Row] = field(default_factory=list)


def match(wanted: Wanted, found: Iterable[Row], adopt: Collection[Key] = ()) -> Matches:
    """Pair by the router's own key first, then by the service named in the mark (a rename).

    What may be adopted is also found by its address: then taking it over renames it.
    """
    found = [row for row in found if row.kind not in IN_MENU_ONLY]
    found.sort(key=lambda row: (row.kind, row.key, row.ref))
    mine = {id(row) for row in ours(wanted, found)}
    by_key: dict[Key, list[Row]] = defaultdict(list)
    for row in found:
        by_key[row.kind, row.key].append(row)
    by_address = _by_address(wanted, found, mine) if adopt else {}
    result = Matches()
    used: set[int] = set()
    unmatched: list[Row] = []
    queues = {row.key for row in found if row.kind is Kind.QUEUE}
    for wish in wanted.rows:
        row = _under_what_there_is(wish, queues)
        chosen = _chosen(by_key[row.kind, row.key], mine)
        if chosen is None and (row.kind, row.key) in adopt:
            chosen = _serving(row, by_address, used)
        if chosen is None:
            unmatched.append(row)
            continue
        used.add(id(chosen))
        if row is not wish or (row.kind, row.key) in adopt:
            row = _in_its_place(row, chosen)
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


def _under_what_there_is(row: Row, queues: Collection[str]) -> Row:
    """A parent that the router has no more cannot be named to it."""
    if row.attrs.get("parent", "") in queues or "parent" not in row.attrs:
        return row
    return replace(row, attrs={k: text for k, text in row.attrs.items() if k != "parent"})


def _in_its_place(row: Row, found: Row) -> Row:
    """A queue that is taken over stays under its parent, also in the reading after that; and so
    does one whose parent has another name by now."""
    held = found.attrs.get("parent", "")
    if row.kind is not Kind.QUEUE or "parent" in row.attrs or not held:
        return row
    return replace(row, attrs={**row.attrs, "parent": held})


def _chosen(candidates: Iterable[Row], mine: Collection[int]) -> Row | None:
    """The row that counts when several have the key: an enabled one, ours before another's.

    Only list entries repeat a key, and there a disabled entry of others does not stand in the way.
    """
    for row in sorted(candidates, key=lambda row: (not row.enabled, id(row) not in mine)):
        if row.enabled or id(row) in mine or row.kind not in LISTED:
            return row
    return None


def _by_address(
    wanted: Wanted, found: Iterable[Row], mine: Collection[int]
) -> dict[Key, list[Row]]:
    """Unmarked, enabled rows that nobody wants by name, by kind and the address they serve."""
    keys = {(row.kind, row.key) for row in wanted.rows}
    serving: dict[Key, list[Row]] = defaultdict(list)
    for row in found:
        free = row.enabled and id(row) not in mine and (row.kind, row.key) not in keys
        if free and row.kind is not Kind.MEMBER and (address := address_of(row)):
            serving[row.kind, address].append(row)
    return serving


def _serving(row: Row, by_address: Mapping[Key, list[Row]], used: Collection[int]) -> Row | None:
    """The one row that serves the address under a name of its own, e.g. with accents."""
    free = [r for r in by_address.get((row.kind, address_of(row)), ()) if id(r) not in used]
    return free[0] if len(free) == 1 else None


def _pair_renamed(result: Matches, unmatched: list[Row], left: list[Row]) -> None:
    """Rows of one kind and service, in their order. A plan has many of a kind: never renamed."""
    old: dict[Key, list[Row]] = defaultdict(list)
    for row in reversed(left):
        if (service := service_of(row)) != SHARED:
            old[row.kind, service].append(row)
    paired: set[int] = set()
    for row in unmatched:
        if same := old.get((row.kind, service_of(row))):
            found = same.pop()
            paired.add(id(found))
            result.pairs.append((row, found))
        else:
            result.missing.append(row)
    result.extra = [row for row in left if id(row) not in paired]


def ours(wanted: Wanted, found: Iterable[Row]) -> Iterator[Row]:
    """Rows whose mark fits them, and rows somebody renamed by hand.

    A renamed row carries the mark of a wanted row that is nowhere to be found; if that one is
    there too, the other is a copy and belongs to whoever copied it.
    """
    found = list(found)
    present = {(row.kind, row.key) for row in found}
    missing = (row for row in wanted.rows if (row.kind, row.key) not in present)
    lost = {row.comment.split(" ")[0] for row in missing if row.comment}
    for row in found:
        mark = mark_of(row)
        if mark and (fits(mark, wanted.owner, row) or row.comment.split(" ")[0] in lost):
            yield row
