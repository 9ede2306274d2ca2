"""The rows of a run, by meaning, never all of them at once."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from caudal.apps.imports import load
from caudal.apps.imports.custom import meaning_of
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.core.columns import values_of
from caudal.core.ports.importer import Values

HELD = 200
"""So many rows are read at once where all of them are looked at."""


class Said:
    """What the rows of a run say. Some are only understood beside the others: those are looked
    through first, for the little that must be known of them."""

    def __init__(self, run: ImportRun) -> None:
        self._written = _Written(run)
        is_file = run.kind == ImportRun.Kind.CUSTOMERS
        self._importer = load.importer(run.source if is_file else load.GENERIC)
        self._survey = self._importer.survey(self._written)

    def of(self, rows: Sequence[ImportRow]) -> list[Values]:
        """What each of these rows says, in their order."""
        return self._importer.tidy([self._written.row(row) for row in rows], self._survey)

    def lines(self) -> Iterator[tuple[int, Values]]:
        """The number of every line and what it says, in their order."""
        for row in self._written.rows():
            yield row.line, self.of([row])[0]


@dataclass(frozen=True)
class _Written:
    """The rows as they came; each time they are gone through they are read anew."""

    run: ImportRun

    def __iter__(self) -> Iterator[Values]:
        return map(self.row, self.rows())

    def rows(self) -> Iterator[ImportRow]:
        found = self.run.rows.only("run_id", "line", "cells").order_by("line")
        return found.iterator(chunk_size=HELD)

    def row(self, row: ImportRow) -> Values:
        mapping = [meaning_of(name) for name in self.run.mapping]
        return values_of(self.run.header, json.loads(row.cells or "[]"), mapping)
