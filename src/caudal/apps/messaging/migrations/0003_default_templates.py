"""Every occasion has its text in Spanish and English from the start."""

from django.db import migrations

from caudal.apps.messaging.defaults import DEFAULTS


def add_templates(apps, schema_editor) -> None:
    template = apps.get_model("messaging", "Template")
    for (occasion, language), (subject, body) in DEFAULTS.items():
        template.objects.get_or_create(
            occasion=occasion,
            channel="email",
            language=language,
            defaults={"subject": subject, "body": body},
        )


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_attachments")]
    operations = [migrations.RunPython(add_templates, migrations.RunPython.noop)]
