"""Which column means what: from the names in a file's header to our own words."""

import re
from collections.abc import Iterable, Mapping, Sequence

from caudal.core.ports.importer import AGAIN, MANY, Field, Values
from caudal.core.text import fold

Columns = Mapping[str, Field]
"""Column keys and what they mean."""


def column_key(name: str) -> str:
    """A name as it is compared, folded and without signs: "E-mail (1)" is "e mail 1"."""
    return " ".join(re.findall(r"[a-z0-9$#]+", fold(name)))


def names(table: Mapping[Field, str]) -> dict[str, Field]:
    """Columns from texts such as "first name | second name"."""
    return {column_key(name): field for field, texts in table.items() for name in texts.split("|")}


def fit(columns: Columns, header: Iterable[str]) -> int:
    """How many columns of the file are known by name."""
    return sum(column_key(name) in columns for name in header)


def propose(tables: Iterable[Columns], header: Sequence[str]) -> list[Field | None]:
    """What each column means, None where nobody knows.

    Earlier tables go first, and a meaning goes to the first column that has it; a second column of
    phones or e-mails holds more of them.
    """
    found: list[Field | None] = [None] * len(header)
    taken: set[Field] = set()
    for table in tables:
        for place, name in enumerate(header):
            field = table.get(column_key(name))
            field = AGAIN.get(field, field) if field in taken else field
            if found[place] is None and field and (field not in taken or field in MANY):
                found[place] = field
                taken.add(field)
    return found


def values_of(header: Sequence[str], cells: Sequence[str], mapping: Sequence[str | None]) -> Values:
    """One row by meaning; what several columns tell is joined, notes with the column's name."""
    values: Values = {}
    for title, text, field in zip(header, cells, mapping, strict=False):
        if field is None or not text:
            continue
        noted = f"{title}: {text}" if field is Field.MORE_NOTES else text
        joint = "\n" if field is Field.MORE_NOTES else "; "
        values[field] = f"{values[field]}{joint}{noted}" if field in values else noted
    return values
