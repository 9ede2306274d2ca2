"""Lists: columns, sorting and keyset pages that stay fast and stable however long the list is."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldError, ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.utils.functional import Promise

Row = TypeVar("Row", bound=Model | tuple[Any, ...])


@dataclass(frozen=True)
class Column:
    key: str
    """Attribute of the row, e.g. "name" or "zone.name"; also the name in `?sort=`."""
    label: str | Promise
    sort: tuple[str, ...] = ()
    """Fields that sort by this column, e.g. ("zone__name", "name"); empty: it does not sort."""
    css: str = ""
    template: str = ""
    """Fragment that shows the cell, given `row` and `value`; empty: the value as text."""
    value: Callable[[Any], object] | None = None
    """Instead of the attribute, what the cell shows."""

    def read(self, row: object) -> object:
        if self.value is not None:
            return self.value(row)
        for name in self.key.split("."):
            row = getattr(row, name, None)
        return row() if callable(row) else row


@dataclass(frozen=True)
class Sorting:
    """Which column a list is sorted by, as said in `?sort=name` or `?sort=-name`."""

    key: str
    descending: bool
    order: tuple[str, ...]

    @classmethod
    def read(cls, query: QueryDict, columns: Iterable[Column], default: str) -> "Sorting":
        """What the address asks for; an unknown or unsortable column is as if none was asked."""
        sortable = {column.key: column for column in columns if column.sort}
        asked = query.get("sort", default)
        if asked.removeprefix("-") not in sortable:
            asked = default
        key, descending = asked.removeprefix("-"), asked.startswith("-")
        fields = sortable[key].sort if key in sortable else (key,)
        return cls(key, descending, tuple(_flip(name) if descending else name for name in fields))


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """One page of a list, found by the keys of the row before it and not by counting rows.

    Each row comes exactly once while one pages on, rows with equal keys too, for the primary key
    is always the last one. Nulls count as greater than everything, on every database.
    """

    rows: list[Row]
    next_cursor: str
    previous_cursor: str

    @classmethod
    def of(
        cls, queryset: "QuerySet[Any, Row]", order: Sequence[str], cursor: str = "", size: int = 50
    ) -> "KeysetPage[Row]":
        """`order` as in order_by ("name", "-due"); a broken or foreign `cursor` gives page one."""
        keys = _keys(queryset, order)
        backward, values = _unpack(cursor, keys)
        way = [key.reversed() for key in keys] if backward else keys
        found = queryset.order_by(*(key.ordering() for key in way))
        if values is not None:
            found = found.filter(_after(way, values))
        rows = list(found[: size + 1])
        has_more, rows = len(rows) > size, rows[:size]
        if backward:
            if not rows:
                return cls.of(queryset, order, size=size)
            rows.reverse()
        has_next = has_more or backward
        has_previous = has_more if backward else values is not None
        if not rows:
            return cls([], "", _pack(True, keys, values) if values is not None else "")
        return cls(
            rows,
            _pack(False, keys, [key.read(rows[-1]) for key in keys]) if has_next else "",
            _pack(True, keys, [key.read(rows[0]) for key in keys]) if has_previous else "",
        )


@dataclass(frozen=True)
class _Key:
    name: str
    descending: bool
    field: "Field[Any, Any]"
    nullable: bool

    def reversed(self) -> "_Key":
        return _Key(self.name, not self.descending, self.field, self.nullable)

    def ordering(self) -> OrderBy:
        if not self.nullable:
            return OrderBy(F(self.name), descending=self.descending)
        place = {"nulls_first": True} if self.descending else {"nulls_last": True}
        return OrderBy(F(self.name), descending=self.descending, **place)

    def read(self, row: Any) -> Any:
        """The key of a row of a table, or of a named tuple as `values_list(named=True)` has."""
        if isinstance(row, tuple):
            return getattr(row, self.name)
        for name in self.name.split(LOOKUP_SEP):
            row = getattr(row, name, None)
        return row

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value: Any) -> Q | None:
        """Rows whose key comes after `value` in this order; None: there can be none."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if self.descending else None
        if self.descending:
            return Q(**{f"{self.name}__lt": value})
        further = Q(**{f"{self.name}__gt": value})
        return further | Q(**{f"{self.name}__isnull": True}) if self.nullable else further

    def from_here(self, value: Any) -> Q:
        """Rows at `value` or after it: says nothing new, but lets an index start there."""
        if self.nullable:
            return Q()
        return Q(**{f"{self.name}__{'lte' if self.descending else 'gte'}": value})


def _keys(queryset: QuerySet[Any], order: Sequence[str]) -> list[_Key]:
    names = [*order]
    primary = queryset.model._meta.pk.name
    if not {"id", "pk", primary} & {name.removeprefix("-") for name in names}:
        names.append(f"-{primary}" if names and names[-1].startswith("-") else primary)
    return [_key(queryset, name) for name in names]


def _key(queryset: QuerySet[Any], name: str) -> _Key:
    plain = name.removeprefix("-")
    annotation = queryset.query.annotations.get(plain)
    if annotation is not None:
        return _Key(plain, name.startswith("-"), annotation.output_field, nullable=True)
    model: Any = queryset.model
    nullable = False
    for part in plain.split(LOOKUP_SEP):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        nullable = nullable or field.null
        model = field.related_model
    if model is not None:
        raise FieldError(f"a list is sorted by a value, and {plain} is a row")
    return _Key(plain, name.startswith("-"), field, nullable)


def _after(keys: Sequence[_Key], values: Sequence[Any]) -> Q:
    """Rows after `values`: beyond the first key, or same there and beyond the second, and so on."""
    found = Q(pk__in=[])
    same = Q()
    for key, value in zip(keys, values, strict=True):
        beyond = key.beyond(value)
        if beyond is not None:
            found |= same & beyond
        same &= key.same(value)
    return keys[0].from_here(values[0]) & found


def _pack(backward: bool, keys: Sequence[_Key], values: Sequence[Any]) -> str:
    texts = [None if value is None else _text(value) for value in values]
    packed = json.dumps([int(backward), [key.name for key in keys], texts], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _unpack(cursor: str, keys: Sequence[_Key]) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        backward, names, texts = json.loads(packed)
        if names != [key.name for key in keys] or len(texts) != len(keys):
            return False, None
        values = [_value(key, text) for key, text in zip(keys, texts, strict=True)]
    except (ValueError, TypeError, ValidationError):
        return False, None
    return bool(backward), values


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _value(key: _Key, text: str | None) -> Any:
    if text is None:
        if not key.nullable:
            raise ValueError(f"{key.name} is never empty")
        return None
    return key.field.to_python(str(text))


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"
