"""What can go with a message: higher rooms register how each kind of document is made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    filename: str
    content: bytes
    mimetype: str = "application/pdf"


Maker = Callable[[int], Attachment]
ManyMaker = Callable[[Sequence[int]], Mapping[int, Attachment]]

_makers: dict[str, Maker] = {}
_many: dict[str, ManyMaker] = {}


def register(kind: str, maker: Maker, many: ManyMaker | None = None) -> None:
    """`maker(id)` gives the document that messages left with "kind:id" carry.

    `many(ids)` makes several at once, where that is cheaper than one by one; it leaves out those
    that cannot be made.
    """
    _makers[kind] = maker
    if many is not None:
        _many[kind] = many


def prepare(names: Iterable[str]) -> dict[str, Attachment]:
    """By name those documents that are cheaper to make together; the others are left to `make`."""
    wanted: dict[str, list[int]] = {}
    for name in names:
        kind, _, number = name.partition(":")
        if kind in _many:
            wanted.setdefault(kind, []).append(int(number))
    return {
        f"{kind}:{number}": made
        for kind, numbers in wanted.items()
        for number, made in _many[kind](numbers).items()
    }


def make(name: str) -> list[Attachment]:
    """The document of "kind:id"; none for an empty name. Raises LookupError on an unknown kind."""
    if not name:
        return []
    kind, _, number = name.partition(":")
    return [_makers[kind](int(number))]
