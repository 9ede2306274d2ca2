"""The rows of a run, by meaning."""

import json

from caudal.apps.imports import load
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.core.ports.importer import Field, Values


def values_of_run(run: ImportRun, rows: list[ImportRow] | None = None) -> list[Values]:
    """What each row says, in the order of the lines; all of them, for some are only understood
    beside the others."""
    rows = list(run.rows.order_by("line")) if rows is None else rows
    mapping = [Field(meaning) if meaning else None for meaning in run.mapping]
    cells = [json.loads(row.cells or "[]") for row in rows]
    source = run.source if run.kind == ImportRun.Kind.CUSTOMERS else load.GENERIC
    return load.by_meaning(source, run.header, mapping, cells)
