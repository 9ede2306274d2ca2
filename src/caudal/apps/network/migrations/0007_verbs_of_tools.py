"""Let the roles that look after routers use their tools, and the owner's see their backups."""

from django.db import migrations

GRANTS = {
    "owner": ["network.tools", "network.backups"],
    "manager": ["network.tools", "network.backups"],
    "support": ["network.tools"],
    "technician": ["network.tools"],
}


def grant(apps, schema_editor):
    for role in apps.get_model("staff", "Role").objects.filter(code__in=GRANTS):
        fresh = [verb for verb in GRANTS[role.code] if verb not in role.verbs]
        role.verbs = [*role.verbs, *fresh]
        role.save(update_fields=["verbs"])


class Migration(migrations.Migration):
    dependencies = [("network", "0006_ways_of_access"), ("staff", "0002_standard_roles")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
