"""PCQ that somebody built by hand and that does what ours would: then ours is not written."""

from collections.abc import Iterable, Iterator

from caudal.core.access.match import Matches
from caudal.core.access.rows import Attrs, Kind, Row


def leave_to_others(matches: Matches) -> None:
    """Takes out of what is missing the marks, tree and type of each direction of a plan that rows
    of others give already: the same list marked, divided at the same rates."""
    types, trees, marks = (
        {row.key: row for row in matches.missing if row.kind is kind}
        for kind in (Kind.QUEUE_TYPE, Kind.TREE, Kind.MARKING)
    )
    given: set[int] = set()
    for key, mark in marks.items():
        tree = trees.get(key)
        kind = types.get(tree.attrs.get("type", "")) if tree else None
        if tree and kind and kind.attrs in _divided(mark, matches.foreign):
            given |= {id(mark), id(tree), id(kind)}
    matches.missing = [row for row in matches.missing if id(row) not in given]


def in_the_way(rows: Iterable[Row], others: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Marks of ours with the rule of somebody else that comes first and lets nothing through."""
    others = [row for row in others if row.enabled and row.kind is Kind.MARKING]
    for mark in rows:
        if mark.kind is Kind.MARKING:
            side = {name: mark.attrs[name] for name in ("list", "direction")}
            yield from ((mark, row) for row in others if _stops(row, side))


def _stops(row: Row, side: Attrs) -> bool:
    return row.attrs.get("passthrough") != "yes" and side.items() <= dict(row.attrs).items()


def _divided(mark: Row, others: Iterable[Row]) -> list[Attrs]:
    """How rows of others divide the packets of this list in this direction."""
    others = [row for row in others if row.enabled]
    side = {name: mark.attrs[name] for name in ("list", "direction")}
    marked = {
        row.key
        for row in others
        if row.kind is Kind.MARKING and side.items() <= dict(row.attrs).items()
    }
    named = {
        row.attrs.get("type", "")
        for row in others
        if row.kind is Kind.TREE and marked & {*row.attrs.get("mark", "").split(",")}
    }
    return [dict(row.attrs) for row in others if row.kind is Kind.QUEUE_TYPE and row.key in named]
