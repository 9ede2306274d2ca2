"""Let the database refuse periods of one service that overlap."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from caudal.apps.billing import overlaps


def install(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    overlaps.install(schema_editor.connection)


def remove(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    overlaps.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_adjustments_fees_and_service")]
    operations = [migrations.RunPython(install, remove)]
