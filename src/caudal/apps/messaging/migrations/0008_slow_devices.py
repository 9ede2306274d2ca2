"""Two more occasions: staff learn of a device that answers badly, and that it does no longer."""

from itertools import product

from django.db import migrations, models

from caudal.apps.messaging.defaults import DEFAULTS

NEW = ("device_poor", "device_fair")
OCCASIONS = [
    ("invoice_issued", "Invoice issued"),
    ("payment_reminder", "Payment reminder"),
    ("cut_notice", "Service cut"),
    ("service_restored", "Service restored"),
    ("payment_receipt", "Payment received"),
    ("payment_rejected", "Reported payment rejected"),
    ("welcome", "Welcome"),
    ("outage_begun", "Outage: it began"),
    ("outage_ended", "Outage: it is over"),
    ("device_down", "Device down (to the staff)"),
    ("device_up", "Device back (to the staff)"),
    ("device_poor", "Device slow or lossy (to the staff)"),
    ("device_fair", "Device answers well again (to the staff)"),
    ("promise_given_up", "Cut not done after a promise (to the company)"),
    ("router_alarm", "Router alarm (to the owner)"),
    ("router_recovered", "Router recovered (to the owner)"),
]


def add_templates(apps, schema_editor) -> None:
    template = apps.get_model("messaging", "Template")
    for occasion, language in product(NEW, ("es", "en")):
        subject, body = DEFAULTS[occasion, language]
        template.objects.get_or_create(
            occasion=occasion,
            channel="email",
            language=language,
            defaults={"subject": subject, "body": body},
        )


class Migration(migrations.Migration):
    dependencies = [("messaging", "0007_alarms_of_routers")]
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
