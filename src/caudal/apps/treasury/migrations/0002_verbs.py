"""Let the roles that may do everything with payments do what the treasury brings."""

from django.db import migrations

VERBS = ["payments.arrivals", "payments.match", "payments.gateways"]


def grant(apps, schema_editor):
    for role in apps.get_model("staff", "Role").objects.filter(code__in=["owner", "manager"]):
        role.verbs = [*role.verbs, *(verb for verb in VERBS if verb not in role.verbs)]
        role.save(update_fields=["verbs"])


class Migration(migrations.Migration):
    dependencies = [("treasury", "0001_initial"), ("staff", "0002_standard_roles")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
