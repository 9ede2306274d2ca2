"""Search inside words in index time: trigram indexes, where PostgreSQL may have the extension."""

from django.db import DatabaseError, migrations, transaction

COLUMNS = ("search_text", "access_text")


def add_indexes(apps, schema_editor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        # No right to create extensions, or not installed: the search works, only slower.
        return
    for column in COLUMNS:
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS customer_{column}_words ON customers_customer"
            f" USING gin ({column} gin_trgm_ops)"
        )


def drop_indexes(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for column in COLUMNS:
            schema_editor.execute(f"DROP INDEX IF EXISTS customer_{column}_words")


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_codes_and_notes")]
    operations = [migrations.RunPython(add_indexes, drop_indexes)]
