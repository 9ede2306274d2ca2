"""Suggestions while an address is typed, and the columns of a file of localities."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from caudal.apps.customers.models import Locality
from caudal.core.columns import column_key

MOST = 8
PARTS = ("postal_code", "neighbourhood", "city", "state")
# How public files call them (SEPOMEX, INEI, DANE, GeoNames) and how people do, best first.
_NAMES = {
    "postal_code": "codigo postal|postal code|cp|d codigo|codpostal|cod postal|ubigeo|codigo|zip",
    "neighbourhood": "colonia|barrio|d asenta|asentamiento|urbanizacion|sector|parroquia"
    "|corregimiento|localidad|neighbourhood|neighborhood|place name",
    "city": "municipio|d mnpio|ciudad|d ciudad|distrito|canton|comuna|partido|alcaldia|city"
    "|admin name2",
    "state": "estado|d estado|provincia|departamento|region|entidad|state|admin name1",
}
COLUMNS = frozenset(column_key(name) for names in _NAMES.values() for name in names.split("|"))


@dataclass(frozen=True)
class Suggestion:
    """`text` is read by people; choosing it writes `fills` into the boxes of those names."""

    text: str
    fills: dict[str, str]


def suggestions(field: str, text: str, postal_code: str = "") -> list[Suggestion]:
    """What fits the box `field` as typed so far; a postal code beside it narrows down."""
    words = text.strip()
    if len(words) < 2 or field not in PARTS:
        return []
    rows: QuerySet[Locality] = Locality.objects.all()
    if field == "postal_code":
        return _whole(rows.filter(postal_code__istartswith=words).order_by("postal_code", "id"))
    if field == "city":
        return _cities(Locality.objects.matching(words))
    rows = Locality.objects.matching(words)
    return _whole(rows.filter(postal_code=postal_code.strip()) if postal_code.strip() else rows)


def shared_by(postal_code: str) -> dict[str, str]:
    """What all localities of the postal code have in common: nobody needs to choose that."""
    rows = list(Locality.objects.filter(postal_code=postal_code.strip()).values(*PARTS)[:200])
    if not (postal_code.strip() and rows):
        return {}
    found = {name: {row[name] for row in rows} for name in PARTS[1:]}
    return {name: values.pop() for name, values in found.items() if len(values) == 1}


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Which column of the file holds what; the best name of each wins."""
    keys = [column_key(name) for name in header]
    found: dict[str, int] = {}
    for part, names in _NAMES.items():
        places = [keys.index(key) for key in map(column_key, names.split("|")) if key in keys]
        if places:
            found[part] = places[0]
    return found


def rows_of_file(
    columns: dict[str, int], lines: Sequence[Sequence[str]]
) -> Iterator[dict[str, str]]:
    for cells in lines:
        yield {part: cells[at] for part, at in columns.items() if at < len(cells)}


def _whole(rows: QuerySet[Locality]) -> list[Suggestion]:
    return [
        Suggestion(str(row), {part: getattr(row, part) for part in PARTS}) for row in rows[:MOST]
    ]


def _cities(rows: QuerySet[Locality]) -> list[Suggestion]:
    pairs = rows.order_by("city", "state").values_list("city", "state").distinct()[:MOST]
    return [
        Suggestion(
            ", ".join(part for part in (city, state) if part), {"city": city, "state": state}
        )
        for city, state in pairs
    ]
