"""Give the standard roles of an installation the verb that came with custom fields and tags."""

from django.db import migrations

from caudal.apps.staff.verbs import DEFAULT_ROLES

NEW = "customers.configure"


def add_verb(apps, schema_editor) -> None:
    for role in apps.get_model("staff", "Role").objects.filter(code__in=DEFAULT_ROLES):
        if NEW in DEFAULT_ROLES[role.code][1] and NEW not in role.verbs:
            role.verbs = [*role.verbs, NEW]
            role.save(update_fields=["verbs"])


class Migration(migrations.Migration):
    dependencies = [("staff", "0008_shortcuts")]
    operations = [migrations.RunPython(add_verb, migrations.RunPython.noop)]
