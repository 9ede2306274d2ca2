"""Files read into rows of meanings; the only file of the room that meets the importers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from caudal.core.cards import without_cards
from caudal.core.columns import Columns, fit, propose
from caudal.core.ports.importer import Field, FileError, FileFault, Importer, Sheet
from caudal.integrations import Manifest, manifest, manifests
from caudal.integrations.sheet import clean, read_sheet

__all__ = ["clean"]

GENERIC = "generic"
TELLING = 2
"""How many columns that only one system has tell that a file is its own."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file, which system it seems to come from, and what its columns seem to mean."""

    sheet: Sheet
    source: str
    mapping: list[Field | None]


def sources() -> list[tuple[str, str]]:
    """Slug and title of every importer, the generic one last."""
    found = [(made.slug, made.title) for made in manifests("importers").values()]
    return sorted(found, key=lambda pair: (pair[0] == GENERIC, pair[1]))


def read_file(content: bytes, source: str = "") -> Reading:
    """The rows of a CSV file or workbook. Without `source` the system is told by its columns.

    Raises core.ports.importer.FileError.
    """
    tables = {slug: importer(slug).columns for slug, _ in sources()}
    sheet = read_table(content, frozenset().union(*tables.values()))
    source = source or _recognised(tables, sheet)
    return Reading(sheet, source, mapping_for(source, sheet.header))


def read_table(content: bytes, known: Iterable[str]) -> Sheet:
    """The rows of any table; `known` are column keys that tell its header from titles above it.

    Raises core.ports.importer.FileError.
    """
    sheet = read_sheet(content, known)
    if not sheet.lines:
        raise FileError(FileFault.NO_ROWS)
    return _without_cards(sheet)


def mapping_for(source: str, header: Sequence[str]) -> list[Field | None]:
    """The system's own names first, then those that anybody uses."""
    return propose([importer(source).columns, importer(GENERIC).columns], header)


def importer(slug: str) -> Importer:
    made: Manifest = manifest("importers", slug)
    return cast(Importer, made.connect(made.config()))


def _without_cards(sheet: Sheet) -> Sheet:
    """Numbers of payment cards are dropped before anything is stored (decision 0013)."""
    lines = (replace(line, cells=without_cards(sheet.header, line.cells)) for line in sheet.lines)
    return replace(sheet, lines=tuple(lines))


def _recognised(tables: dict[str, Columns], sheet: Sheet) -> str:
    """The system that alone knows most of the columns; a table that anybody could have made is
    the generic one's."""
    systems = {slug: table for slug, table in tables.items() if slug != GENERIC}
    owners = Counter(name for table in systems.values() for name in table)
    own = {
        slug: fit({name: field for name, field in table.items() if owners[name] == 1}, sheet.header)
        for slug, table in systems.items()
    }
    best = max(own, key=lambda slug: own[slug])
    return best if own[best] >= TELLING else GENERIC
