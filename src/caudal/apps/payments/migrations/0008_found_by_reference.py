"""Payments are found by number, and by part of a reference in index time on PostgreSQL."""

from django.db import DatabaseError, migrations, models, transaction

TABLES = ("payments_payment", "payments_paymentpart")


def add_indexes(apps, schema_editor) -> None:
    """Trigrams of what the search compares: UPPER(reference), see customers 0003."""
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    for table in TABLES:
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS {table}_reference_words ON {table}"
            " USING gin (upper(reference::text) gin_trgm_ops)"
        )


def drop_indexes(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {table}_reference_words")


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_no_replacing")]
    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["number"], name="payment_by_number"),
        ),
        migrations.RunPython(add_indexes, drop_indexes),
    ]
