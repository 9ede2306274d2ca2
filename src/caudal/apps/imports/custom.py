"""Columns of the operator's own fields, and tags: proposed, read and written for a row."""

from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.functional import Promise

from caudal.apps.customers import actions as customers
from caudal.apps.customers.contacts import split
from caudal.apps.customers.fields import CUSTOM, Value, fields_for, read_cell, say, values_of
from caudal.apps.customers.models import Customer, CustomField, FieldKind, Tag
from caudal.apps.imports.models import ImportRun
from caudal.apps.imports.records import Problem, Record
from caudal.apps.imports.taking import Taking
from caudal.apps.imports.words import LABELS, told
from caudal.apps.staff.models import User
from caudal.core.cells import CellError
from caudal.core.columns import column_key
from caudal.core.ports.importer import MANY, Field


def meaning_of(name: str) -> str | None:
    """A column's meaning as the run keeps it; None where the column is left out."""
    if not name or name.startswith(CUSTOM):
        return name or None
    return Field(name)


def own_fields(run: ImportRun) -> list[CustomField]:
    """Those that columns of the file fill in, of those that who brought it sees."""
    if not any(name.startswith(CUSTOM) for name in run.mapping):
        return []
    return [field for field in fields_for(run.created_by) if f"{CUSTOM}{field.code}" in run.mapping]


def days_among(run: ImportRun) -> list[str]:
    """Meanings of columns that fill own fields with dates."""
    return [f"{CUSTOM}{each.code}" for each in own_fields(run) if each.kind == FieldKind.DATE]


def propose(
    header: Sequence[str], mapping: Sequence[str], fields: Iterable[CustomField]
) -> list[str]:
    """The mapping with own fields for columns that nobody knows and that are called so."""
    known = {
        column_key(name): f"{CUSTOM}{field.code}"
        for field in fields
        for name in (field.code, field.name)
    }
    found = list(mapping)
    for place, title in enumerate(header):
        own = known.get(column_key(title), "")
        if not found[place] and own not in found:
            found[place] = own
    return found


def meanings(user: User | None) -> list[tuple[str, str | Promise]]:
    """What a column may mean: fields of the trade, and the operator's own that `user` sees."""
    own = ((f"{CUSTOM}{field.code}", field.name) for field in fields_for(user))
    return [*((field.value, LABELS[field]) for field in Field), *own]


def said_twice(mapping: Sequence[str]) -> dict[int, int]:
    """Columns that mean what an earlier one means and only one may: place -> place of that one."""
    first: dict[str, int] = {}
    found = {}
    for place, meaning in enumerate(mapping):
        if meaning and meaning not in MANY and meaning in first:
            found[place] = first[meaning]
        first.setdefault(meaning, place)
    return found


def label_of(meaning: str, fields: Mapping[str, CustomField]) -> str:
    """What people call the meaning."""
    own = fields.get(meaning.removeprefix(CUSTOM)) if meaning.startswith(CUSTOM) else None
    return own.name if own else meaning


def tags_of(record: Record, taking: Taking) -> list[Tag]:
    """The tags that the row names; those that there are not yet are made."""
    return customers.tags_named(actor=taking.actor, now=taking.now, names=split(record.tags))


def read_custom(
    record: Record, taking: Taking, country: str, problems: list[Problem]
) -> dict[CustomField, Value | None]:
    """The row's values for fields that its importer sees; who cannot be read is told and left."""
    found: dict[CustomField, Value | None] = {}
    for code, cell in record.custom.items():
        if (field := taking.fields.get(code)) is None:
            continue
        try:
            month_first = taking.lookups.options.month_first
            found[field] = read_cell(field, cell, country, month_first=month_first)
        except CellError as error:
            problems.append(Problem(field.name, told(error), stops=False))
        except ValidationError as error:
            problems.append(Problem(field.name, " ".join(error.messages), stops=False))
    return found


def change_custom(
    news: Record, customer: Customer, taking: Taking, problems: list[Problem]
) -> list[list[str]]:
    """Write the values that differ: [name, before, after] of each."""
    country = customer.company.country
    wanted = read_custom(news, taking, country, problems)
    if not wanted:
        return []
    before = values_of([customer.pk]).get(customer.pk, {})
    customers.set_fields(actor=taking.actor, now=taking.now, customer=customer, values=wanted)
    return [
        [field.name, *(say(field.kind, each, country) for each in (before.get(field.pk), value))]
        for field, value in wanted.items()
        if before.get(field.pk) != value
    ]


def change_tags(news: Record, customer: Customer, taking: Taking) -> list[list[str]]:
    """The tags that the row names instead of those that the customer had."""
    if not news.tags:
        return []
    before = _names(customer)
    tags = tags_of(news, taking)
    customers.set_tags(actor=taking.actor, now=taking.now, customer=customer, tags=tags)
    after = _names(customer)
    return [[Field.ADMIN_STATUS.value, before, after]] if before != after else []


def _names(customer: Customer) -> str:
    return "; ".join(sorted(customer.tags.values_list("name", flat=True)))


def keep_unread(
    record: Record, unread: Iterable[Problem], fields: Mapping[str, CustomField]
) -> None:
    """Values that could not be read go to the notes: nothing of the file is lost."""
    names = {problem.field for problem in unread}
    lines = [
        f"{fields[code].name}: {cell}"
        for code, cell in record.custom.items()
        if code in fields and fields[code].name in names
    ]
    notes = [record.customer.get("notes", ""), *lines]
    if lines:
        record.customer["notes"] = "\n".join(filter(None, notes))


def labelled(changes: Iterable[list[str]], fields: Mapping[str, CustomField]) -> list[list[str]]:
    """Changes with own fields by their names."""
    return [[label_of(meaning, fields), before, after] for meaning, before, after in changes]
