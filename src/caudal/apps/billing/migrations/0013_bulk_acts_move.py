"""Acts on many rows moved to a room of their own; what was done is taken along."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.core.management.color import no_style

ACT = ("id", "key", "act", "options", "requested_by_id", "requested_at", "finished_at", "status",
       "file", "error")
ROW = ("id", "bulk_id", "subject_id", "position", "status", "result")


def move(apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, fields in (("BulkAct", ACT), ("BulkRow", ROW)):
        fresh = apps.get_model("bulk", name)
        old = apps.get_model("billing", name).objects.order_by("id").values(*fields)
        rows = [fresh(**values) for values in old.iterator(chunk_size=2000)]
        fresh.objects.bulk_create(rows, batch_size=2000)
        connection = schema_editor.connection
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [fresh]):
                cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_run_of_an_invoice"), ("bulk", "0001_initial")]
    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel(name="BulkRow"),
        migrations.DeleteModel(name="BulkAct"),
    ]
