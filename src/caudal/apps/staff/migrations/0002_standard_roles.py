"""The seven standard roles come with the installation."""

from django.db import migrations

from caudal.apps.staff.verbs import DEFAULT_ROLES


def add_roles(apps, schema_editor) -> None:
    role = apps.get_model("staff", "Role")
    for code, (name, verbs) in DEFAULT_ROLES.items():
        role.objects.get_or_create(
            code=code,
            defaults={"name": name, "verbs": verbs, "only_own_customers": code == "collector"},
        )


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]
    operations = [migrations.RunPython(add_roles, migrations.RunPython.noop)]
