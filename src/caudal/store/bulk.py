"""Writing many rows at once: COPY where the database has it, else Django's bulk_create."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import DataError, connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql
from psycopg.errors import NumericValueOutOfRange

from caudal.core.errors import ErrorCode, RuleError
from caudal.store.money import MoneyField

PLAIN = frozenset(
    {
        models.BigAutoField,
        models.BooleanField,
        models.CharField,
        models.DateField,
        models.DateTimeField,
        models.DecimalField,
        models.ForeignKey,
        models.IntegerField,
        models.OneToOneField,
        models.PositiveBigIntegerField,
        models.PositiveIntegerField,
        models.PositiveSmallIntegerField,
        models.TextField,
        models.UUIDField,
    }
)
"""Fields whose Python value is already what the database driver writes."""


COPIED = PLAIN | {MoneyField}
"""Amounts come rounded to their currency from the rules; the column keeps four decimals."""


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model and give them their ids, as `bulk_create` does.

    On PostgreSQL it is several times faster: the ids are taken in one block and the values go
    through COPY, without a statement of thousands of parameters to build and to parse. Values
    must be of the field's Python type; constraints and triggers act as on any insert.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    if connection.vendor != "postgresql":
        model._base_manager.using(connection.alias).bulk_create(rows)
        return
    if rows[0].pk is None:
        give_ids(rows)
    _copy(rows, model, connection)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def give_ids(rows: Sequence[models.Model]) -> None:
    """Give new rows of one model the ids under which they will be inserted in this transaction.

    What names them can then be written before they are, for foreign keys are looked at in the end.
    """
    model = type(rows[0])
    key = model._meta.pk
    if not isinstance(key, models.AutoField | models.BigAutoField):
        return
    connection = connections[router.db_for_write(model)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [model._meta.db_table, key.column, len(rows)],
            )
            ids = [number for (number,) in cursor.fetchall()]
        else:
            # SQLite has one writer at a time, and this transaction is it.
            cursor.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table]
            )
            (last,) = cursor.fetchone() or (0,)
            ids = list(range(last + 1, last + 1 + len(rows)))
    for row, number in zip(rows, ids, strict=True):
        row.pk = number


def _copy(
    rows: Sequence[models.Model], model: type[models.Model], connection: BaseDatabaseWrapper
) -> None:
    fields = model._meta.local_concrete_fields
    names = [field.attname for field in fields]
    prepare = [(at, _preparer(field, connection)) for at, field in enumerate(fields)]
    special = [(at, act) for at, act in prepare if act is not None]

    def values_of(row: models.Model) -> list[Any]:
        known = row.__dict__
        values = [known[name] for name in names]
        for at, act in special:
            values[at] = act(values[at])
        return values

    _send(connection, model, [str(field.column) for field in fields], map(values_of, rows))


def _send(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """COPY them. Raises RuleError where an amount is larger than its column."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(column) for column in columns),
    )
    errors = connection.wrap_database_errors
    try:
        with connection.cursor() as cursor, errors, cursor.copy(statement) as copy:
            for values in rows:
                copy.write_row(values)
    except DataError as error:
        if isinstance(error.__cause__, NumericValueOutOfRange):
            raise RuleError(ErrorCode.AMOUNT_TOO_LARGE) from error
        raise


def _preparer(
    field: "models.Field[Any, Any]", connection: BaseDatabaseWrapper
) -> Callable[[Any], Any] | None:
    """What turns the field's value into the driver's, or None where they are the same."""
    return None if type(field) in COPIED else _saver(field, connection)


def _saver(
    field: "models.Field[Any, Any]", connection: BaseDatabaseWrapper
) -> Callable[[Any], Any]:
    return lambda value: field.get_db_prep_save(value, connection)


def insert_values(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows given as values of the columns `names` (attnames), without making objects.

    For the hottest tables, whose new ids nobody asks for. Every column that is not named must have
    a default in the database or be the key that it gives.
    """
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    is_copied = connection.vendor == "postgresql"
    acts = [
        (at, _preparer(fields[name], connection) if is_copied else _saver(fields[name], connection))
        for at, name in enumerate(names)
    ]
    special = [(at, act) for at, act in acts if act is not None]
    columns = [str(fields[name].column) for name in names]
    ready = (_ready(row, special) for row in rows) if special else rows
    if is_copied:
        _send(connection, model, columns, ready)
        return
    marks = ", ".join(["%s"] * len(columns))
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", list(ready))


def _ready(row: Sequence[Any], special: list[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    values = list(row)
    for at, act in special:
        values[at] = act(values[at])
    return values
