"""Tables that people send, for new customers as for changes: the box, the columns, their rows."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django import forms
from django.db.models import Manager, Model, QuerySet
from django.utils.translation import gettext_lazy as _

from caudal.core.ports.importer import Line
from caudal.store.bulk import insert

BIGGEST_FILE = 20 * 1024 * 1024
AT_ONCE = 500
SAMPLES = 30
SHOWN = 3
Row = TypeVar("Row", bound=Model)
DATES = [
    ("", _("As the dates tell")),
    ("day", _("31/12/2026: the day first")),
    ("month", _("12/31/2026: the month first")),
]
"""How a table writes its dates, and the word for it in the address of the choice."""
MONTH_FIRST = {"": None, "day": False, "month": True}


class TableField(forms.FileField):
    """The box for a CSV file or a workbook."""

    def __init__(self, **options: Any) -> None:
        widget = forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xls,.ods"})
        super().__init__(**{"label": _("File"), "widget": widget, **options})

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > BIGGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 20 MB: split it."))
        return file


def keep_lines(lines: Iterable[Line], make: Callable[[Line, str], Row]) -> None:
    """A row per line with its cells as JSON, some hundreds at a time."""
    waiting = iter(lines)
    while some := list(islice(waiting, AT_ONCE)):
        insert([make(line, json.dumps(line.cells, ensure_ascii=False)) for line in some])


def samples_of(rows: "Manager[Any] | QuerySet[Any]") -> list[list[str]]:
    """The first rows, for people to see what each column holds."""
    return [cells_of(row.cells) for row in rows.order_by("line")[:SAMPLES]]


def cells_of(kept: str) -> list[str]:
    """Of a row as `keep_lines` kept it; none where they are forgotten."""
    found: list[str] = json.loads(kept or "[]")
    return found


def under(samples: Sequence[Sequence[str]], place: int) -> list[str]:
    """What a column holds in the samples, a few of them."""
    return [row[place] for row in samples if place < len(row) and row[place]][:SHOWN]


def with_reasons(rows: Iterable[tuple[str, str]], width: int) -> Iterator[list[str]]:
    """(kept cells, why the row stayed out) as lines of a file, padded to its header."""
    for kept, reason in rows:
        cells = cells_of(kept)
        yield [*cells, *[""] * (width - len(cells)), reason]
