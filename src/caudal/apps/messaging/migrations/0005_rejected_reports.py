"""One more occasion: a customer learns why a payment that he reported was rejected."""

from django.db import migrations, models

from caudal.apps.messaging.defaults import DEFAULTS

OCCASION = "payment_rejected"
OCCASIONS = [
    ("invoice_issued", "Invoice issued"),
    ("payment_reminder", "Payment reminder"),
    ("cut_notice", "Service cut"),
    ("service_restored", "Service restored"),
    ("payment_receipt", "Payment received"),
    (OCCASION, "Reported payment rejected"),
    ("welcome", "Welcome"),
    ("promise_given_up", "Cut not done after a promise (to the company)"),
]


def add_templates(apps, schema_editor) -> None:
    template = apps.get_model("messaging", "Template")
    for language in ("es", "en"):
        subject, body = DEFAULTS[OCCASION, language]
        template.objects.get_or_create(
            occasion=OCCASION,
            channel="email",
            language=language,
            defaults={"subject": subject, "body": body},
        )


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_alert_of_promises")]
    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="occasion",
            field=models.CharField(
                blank=True, choices=OCCASIONS, max_length=40, verbose_name="occasion"
            ),
        ),
        migrations.AlterField(
            model_name="template",
            name="occasion",
            field=models.CharField(choices=OCCASIONS, max_length=40, verbose_name="occasion"),
        ),
        migrations.RunPython(add_templates, migrations.RunPython.noop),
    ]
