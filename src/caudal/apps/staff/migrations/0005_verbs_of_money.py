"""Give the standard roles of an installation the verbs that came with the money desk."""

from django.db import migrations

from caudal.apps.staff.verbs import DEFAULT_ROLES

NEW = {
    "billing.promise",
    "billing.sell",
    "payments.arrivals",
    "payments.match",
    "payments.gateways",
    "payments.refund",
    "payments.cheques",
    "cash.operate",
    "cash.supervise",
}


def add_verbs(apps, schema_editor) -> None:
    for role in apps.get_model("staff", "Role").objects.filter(code__in=DEFAULT_ROLES):
        missing = [
            verb for verb in DEFAULT_ROLES[role.code][1] if verb in NEW and verb not in role.verbs
        ]
        if missing:
            role.verbs = [*role.verbs, *missing]
            role.save(update_fields=["verbs"])


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_names_of_columns")]
    operations = [migrations.RunPython(add_verbs, migrations.RunPython.noop)]
