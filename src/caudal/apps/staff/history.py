"""Reading the journal: entries with the names and values that people know instead of columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, Field, ForeignKey, Model
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from caudal.apps.staff.acts import words_of
from caudal.apps.staff.entry_words import entry_word
from caudal.apps.staff.models import JournalEntry
from caudal.apps.staff.verbs import Verb

Change = tuple[str, str, str]
"""(what, before, after) in words."""


@dataclass(frozen=True)
class Told:
    """An entry as the screen shows it."""

    entry: JournalEntry
    act: str
    kind: str
    changes: list[Change]


def tell(entries: Iterable[JournalEntry]) -> list[Told]:
    """The rows that entries point to are read together, one query per table."""
    found = list(entries)
    names = _names_of_rows(found)
    return [
        Told(entry, words_of(entry.verb), _kind(entry), _changes(entry, names)) for entry in found
    ]


Names = dict[tuple[type[Model], Any], str]


def _changes(entry: JournalEntry, names: Names) -> list[Change]:
    fields = _fields(entry)
    place = {name: at for at, name in enumerate(fields)}
    # In the order of the columns: PostgreSQL keeps the keys of JSON in an order of its own.
    changed = sorted(
        entry.before.keys() | entry.after.keys(),
        key=lambda name: (place.get(name, len(place)), name),
    )
    return [
        (
            _label(fields.get(name), name),
            _words(fields.get(name), entry.before.get(name), names),
            _words(fields.get(name), entry.after.get(name), names),
        )
        for name in changed
        if entry.before.get(name) not in (None, "", [])
        or entry.after.get(name) not in (None, "", [])
    ]


def _fields(entry: JournalEntry) -> "dict[str, Field[Any, Any]]":
    model = _model(entry.subject_kind)
    return {field.attname: field for field in model._meta.concrete_fields} if model else {}


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _kind(entry: JournalEntry) -> str:
    model = _model(entry.subject_kind)
    return str(model._meta.verbose_name) if model else ""


def _label(field: "Field[Any, Any] | None", name: str) -> str:
    text = entry_word(str(field.verbose_name) if field else name.replace("_", " "))
    return text[:1].upper() + text[1:]


def _words(field: "Field[Any, Any] | None", value: Any, names: Names) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or isinstance(field, BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value), f"#{value}")
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list):
        return ", ".join(_item(each) for each in value)
    if isinstance(value, str):
        return _moment(value) if field else entry_word(_moment(value))
    return str(value)


def _item(value: Any) -> str:
    return str(Verb(value).label) if value in Verb.values else str(value)


def _moment(text: str) -> str:
    """A date or time in the reader's form; any other text as it is."""
    try:
        moment = parse_datetime(text) if "T" in text else None
        day = parse_date(text) if len(text) == 10 else None
    except ValueError:
        return text
    if isinstance(moment, datetime):
        aware = localtime(moment) if moment.tzinfo else moment
        return date_format(aware, "SHORT_DATETIME_FORMAT")
    return date_format(day, "SHORT_DATE_FORMAT") if day else text


def _names_of_rows(entries: list[JournalEntry]) -> Names:
    wanted: dict[type[Model], set[Any]] = {}
    for entry in entries:
        for name, field in _fields(entry).items():
            if isinstance(field, ForeignKey):
                keys = {entry.before.get(name), entry.after.get(name)} - {None}
                wanted.setdefault(field.related_model, set()).update(keys)
    return {
        (model, key): str(row)
        for model, keys in wanted.items()
        if keys
        for key, row in model._default_manager.in_bulk(keys).items()
    }
