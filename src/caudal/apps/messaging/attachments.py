"""What can go with a message: higher rooms register how each kind of document is made."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    filename: str
    content: bytes
    mimetype: str = "application/pdf"


Maker = Callable[[int], Attachment]

_makers: dict[str, Maker] = {}


def register(kind: str, maker: Maker) -> None:
    """`maker(id)` gives the document that messages left with "kind:id" carry."""
    _makers[kind] = maker


def make(name: str) -> list[Attachment]:
    """The document of "kind:id"; none for an empty name. Raises LookupError on an unknown kind."""
    if not name:
        return []
    kind, _, number = name.partition(":")
    return [_makers[kind](int(number))]
