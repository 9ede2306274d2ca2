"""The customers list as a file: the columns that the known systems export (WP-52), and more."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext

from caudal.apps.customers.models import Customer
from caudal.apps.desk.list import copying
from caudal.apps.desk.list.columns import BY_KEY, COLUMNS, ListColumn, fields_of, parts_of
from caudal.apps.desk.list.rows import Listed, listed, tuples
from caudal.apps.desk.list.words import Words
from caudal.apps.documents.sheets import Amount, Column, Fact, Row, Sheet
from caudal.store.copying import can_copy
from caudal.web.export import csv_lines, csv_rows
from caudal.web.money import format_money

AT_ONCE = 2_000
"""Customers per query of a file."""
MOST_PRINTED = 1_000
"""Rows of a printed list: longer ones are for spreadsheets."""
PRINTED = {"code": "code", "description": "name", "phones": "phones", "address": "address",
           "zone": "zone", "plan": "plan", "state": "state", "balance": "debt"}  # fmt: skip
"""Column of the printed list -> column of this list."""
FILED: tuple[ListColumn, ...] = COLUMNS
"""What a file holds where nobody chose: all of it."""


def rows_of_list(
    customers: QuerySet[Customer], order: Sequence[str], columns: Sequence[ListColumn]
) -> Iterator[Listed]:
    """Every row in that order, some thousands at a time: a file costs no memory."""
    parts = parts_of(columns)
    found = tuples(customers, fields_of(columns), order).order_by(*order, "id")
    rows = found.iterator(chunk_size=AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        yield from listed(some, parts)


def values_of_list(
    customers: QuerySet[Customer], order: Sequence[str], columns: Sequence[ListColumn]
) -> Iterator[tuple[Any, ...]]:
    """The same as values under `header`."""
    words = Words.in_readers_language()
    others = [column for column in columns if not column.is_plain]
    readers = [column.read_text for column in others]
    arrange = None
    for row in rows_of_list(customers, order, columns):
        arrange = arrange or _arranged(row.customer, columns, others)
        yield arrange((*row.customer, *[read(row, words) for read in readers]))


def _arranged(
    customer: Any, columns: Sequence[ListColumn], others: Sequence[ListColumn]
) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """Brings a customer's columns, and what was read besides, into the order of the file."""
    names = customer._fields
    places = {column.key: len(names) + at for at, column in enumerate(others)}
    wanted = [
        names.index(column.fields[0]) if column.is_plain else places[column.key]
        for column in columns
    ]
    return itemgetter(*wanted) if len(wanted) > 1 else lambda values: (values[wanted[0]],)


def csv_pieces(
    customers: QuerySet[Customer], order: Sequence[str], columns: Sequence[ListColumn]
) -> Iterator[tuple[int, bytes]]:
    """(rows, bytes) of the file as CSV: written by the database where it can, else here."""
    if can_copy():
        return copying.csv_bytes(customers, order, columns)
    first = "".join(csv_lines(header(columns), [])).encode()
    return chain([(0, first)], _csv_here(values_of_list(customers, order, columns)))


def _csv_here(values: Iterator[Sequence[Any]]) -> Iterator[tuple[int, bytes]]:
    while some := list(islice(values, AT_ONCE)):
        yield len(some), "".join(csv_rows(some)).encode()


def csv_response(
    name: str,
    customers: QuerySet[Customer],
    order: Sequence[str],
    columns: Sequence[ListColumn],
) -> StreamingHttpResponse:
    """The file as it is made: length costs no memory."""
    pieces = csv_pieces(customers, order, columns)
    response = StreamingHttpResponse(
        (piece for _rows, piece in pieces), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def header(columns: Iterable[ListColumn]) -> list[str]:
    return [str(column.label) for column in columns]


def json_response(
    name: str, columns: Sequence[ListColumn], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """One object per customer, by the keys of the columns, in one array."""
    response = StreamingHttpResponse(json_lines(columns, rows), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def json_lines(columns: Sequence[ListColumn], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    keys = [column.key for column in columns]
    before = "[\n"
    for row in rows:
        values = dict(zip(keys, row, strict=True))
        yield before + json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def list_sheet(
    customers: QuerySet[Customer], order: Sequence[str], currency: str, today: date
) -> Sheet:
    """The list on paper (IC-28): who, where, what, and what he owes."""
    columns = [BY_KEY[key] for key in PRINTED.values()]
    words, rows = Words.in_readers_language(), []
    for row in islice(rows_of_list(customers, order, columns), MOST_PRINTED + 1):
        cells = {
            key: str(BY_KEY[name].read_text(row, words) or "") for key, name in PRINTED.items()
        }
        rows.append(Row(cells | {"balance": format_money(row.debt, currency)}))
    is_cut_short = len(rows) > MOST_PRINTED
    rows = rows[:MOST_PRINTED]
    return Sheet(
        title=gettext("Customers"),
        facts=[Fact(gettext("Date"), date_format(today, "SHORT_DATE_FORMAT"))],
        columns=[
            Column(key, str(BY_KEY[name].label), is_number=key == "balance")
            for key, name in PRINTED.items()
        ],
        rows=rows,
        totals=[Amount(gettext("Customers"), str(len(rows)), strong=True)],
        notes=[gettext("There are more: narrow the list, or export it.")] if is_cut_short else [],
    )
