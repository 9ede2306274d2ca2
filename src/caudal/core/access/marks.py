"""The ownership mark: how a row on a router says that it is ours, and whose it is."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from caudal.core.access.rows import Kind, Row

LABEL_LENGTH = 60
SHARED = "plan"  # stands in the place of a service id on rows that several services share
NAMED = frozenset({Kind.HOTSPOT_PROFILE, Kind.QUEUE_TYPE})
"""Kinds without comments on routers: the mark is a part of the name."""
_CUTTING = {Kind.MEMBER: Kind.BLOCK, Kind.MEMBER6: Kind.BLOCK6}
_MARK = re.compile(r"caudal:([0-9A-Za-z_-]+):([0-9a-f]{8})(?: |$)")
_BRAND = re.compile(r"(.+) caudal-([0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class Mark:
    """The parsed start of a comment."""

    service_id: str
    check: str


def checksum(owner: str, service_id: str, kind: Kind, key: str) -> str:
    """Ties a mark to one installation and one row, so that a copied comment is not taken for ours.

    Operators duplicate rows by copying them, comment included; two installations may share a
    router. In both cases the check does not fit, and the row counts as somebody else's.
    """
    text = "\n".join((owner, service_id, kind, key))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def comment(owner: str, service_id: str, kind: Kind, key: str, label: str) -> str:
    """The whole comment: mark, then a label for people in plain ASCII."""
    mark = f"caudal:{service_id}:{checksum(owner, service_id, kind, key)}"
    return f"{mark} {plain(label)}".strip()


def parse_mark(text: str) -> Mark | None:
    """The mark a comment starts with, None when it carries none."""
    found = _MARK.match(text)
    return Mark(found[1], found[2]) if found else None


def plain(label: str) -> str:
    """Routers mix character sets in comments: fold accents and drop what is not ASCII."""
    folded = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return " ".join(folded.split())[:LABEL_LENGTH].strip()


def branded(owner: str, kind: Kind, stem: str) -> str:
    """The key of a row of a NAMED kind: what people read, then the mark."""
    return f"{stem} caudal-{checksum(owner, SHARED, kind, stem)}"


def mark_of(row: Row) -> Mark | None:
    """The mark of a row, wherever its kind carries it."""
    if row.kind not in NAMED:
        return parse_mark(row.comment)
    found = _BRAND.fullmatch(row.key)
    return Mark(SHARED, found[2]) if found else None


def fits(mark: Mark, owner: str, row: Row) -> bool:
    """Whether the mark was made by this installation for this very row."""
    return any(
        mark.check == checksum(owner, mark.service_id, kind, key) for kind, key in _written_as(row)
    )


def _written_as(row: Row) -> Iterator[tuple[Kind, str]]:
    """What the row may have been when it was marked. An entry of the cut list is one of another
    list as soon as the router cuts by another list, or somebody moves it: it is ours all the same.
    """
    found = _BRAND.fullmatch(row.key) if row.kind in NAMED else None
    yield row.kind, found[1] if found else row.key
    if row.kind in _CUTTING:
        yield _CUTTING[row.kind], row.key.partition(" ")[0]


def is_branded(name: str) -> bool:
    """Whether a name carries a mark, of whatever installation."""
    return _BRAND.fullmatch(name) is not None
