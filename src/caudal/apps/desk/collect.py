"""The only file of the room that meets integrations: tables out of files."""

from collections.abc import Iterable

from caudal.core.ports.importer import Sheet
from caudal.integrations.sheet import read_sheet


def read_table(content: bytes, known: Iterable[str]) -> Sheet:
    """The rows of a CSV file or workbook; `known` are column keys that tell the header row.

    Raises core.ports.importer.FileError.
    """
    return read_sheet(content, known)
