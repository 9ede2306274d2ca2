"""Put the triggers up again: SQLite's REPLACE is refused as well."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from caudal.apps.payments import guards


def install(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_commissions")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
