"""PCQ that somebody built by hand and that does what ours would: then ours is not written."""

from collections.abc import Iterable, Iterator

from caudal.core.access.match import Matches
from caudal.core.access.rows import MARKINGS, Attrs, Kind, Row

_MASKS = {Kind.MARKING: "mask6", Kind.MARKING6: "mask"}
"""What a type says of the other family does not matter to the packets of one."""


def leave_to_others(matches: Matches) -> None:
    """Takes out of what is missing the marks, tree and type of each direction of a plan that rows
    of others give already: the same list marked, divided at the same rates."""
    types, trees = (
        {row.key: row for row in matches.missing if row.kind is kind}
        for kind in (Kind.QUEUE_TYPE, Kind.TREE)
    )
    marks = [row for row in matches.missing if row.kind in MARKINGS]
    given: set[int] = set()
    for key, tree in trees.items():
        kind = types.get(tree.attrs.get("type", ""))
        mine = [mark for mark in marks if mark.key == key]
        if kind is None or not mine:
            continue
        done = [mark for mark in mine if _is_given(mark, kind, matches.foreign)]
        given |= {id(mark) for mark in done}
        if len(done) == len(mine):
            given |= {id(tree)} | ({id(kind)} - _needed(matches.missing, kind))
    matches.missing = [row for row in matches.missing if id(row) not in given]


def _is_given(mark: Row, kind: Row, others: Iterable[Row]) -> bool:
    unread = _MASKS[mark.kind]
    wanted = _without(kind.attrs, unread)
    return any(_without(found, unread) == wanted for found in _divided(mark, others))


def _without(attrs: Attrs, name: str) -> dict[str, str]:
    return {key: value for key, value in attrs.items() if key != name}


def _needed(rows: Iterable[Row], kind: Row) -> set[int]:
    """The type itself, where a queue for a whole network is to be written with it."""
    names = (row.attrs.get("types", "").split("/") for row in rows if row.kind is Kind.QUEUE)
    return {id(kind)} if any(kind.key in each for each in names) else set()


def in_the_way(rows: Iterable[Row], others: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Marks of ours with the rule of somebody else that marks the same packets after them.

    What comes before does not matter: ours stand where they are reached, and the last mark
    counts."""
    later = [row for row in others if row.enabled and row.attrs.get("chain") == "postrouting"]
    for mark in rows:
        if mark.kind in MARKINGS:
            yield from ((mark, row) for row in later if _marks(row, mark))


def _marks(row: Row, mark: Row) -> bool:
    """Does a row give a mark to the packets that ours is for? By connections it marks both ways."""
    if row.kind is not mark.kind:
        return False
    listed = mark.attrs["list"] in row.attrs.get("list", "").split(",")
    return listed and row.attrs.get("direction") in (mark.attrs["direction"], "both")


def _divided(mark: Row, others: Iterable[Row]) -> list[Attrs]:
    """How rows of others divide the packets of this list in this direction."""
    others = [row for row in others if row.enabled]
    marked = {row.key for row in others if _marks(row, mark)}
    named = {
        row.attrs.get("type", "")
        for row in others
        if row.kind is Kind.TREE and marked & {*row.attrs.get("mark", "").split(",")}
    }
    half = 0 if mark.attrs["direction"] == "up" else 1
    for row in others:
        passes = row.kind is Kind.QUEUE and (mark.kind is Kind.MARKING or not _only_ipv4(row))
        if passes and marked & {*row.attrs.get("marks", "").split(",")}:
            named |= {*row.attrs.get("divides", "").split("/")[half : half + 1]}
    return [row.attrs for row in others if row.kind is Kind.QUEUE_TYPE and row.key in named]


def _only_ipv4(queue: Row) -> bool:
    targets = queue.attrs.get("target", "")
    return "." in targets and ":" not in targets
