"""Days of reminders; notices are seen from day 1 to 10 unless a company says otherwise."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models


def usual_window(apps, schema_editor) -> None:
    rules = apps.get_model("catalog", "BillingRules")
    rules.objects.filter(notice_from_day=1, notice_to_day=31).update(notice_to_day=10)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_refund_series")]
    operations = [
        migrations.AddField(
            model_name="billingrules",
            name="reminder_days",
            field=models.JSONField(blank=True, default=list, verbose_name="days of reminders"),
        ),
        migrations.AlterField(
            model_name="billingrules",
            name="notice_to_day",
            field=models.PositiveSmallIntegerField(
                default=10,
                validators=[MinValueValidator(1), MaxValueValidator(31)],
                verbose_name="notices to day",
            ),
        ),
        migrations.RunPython(usual_window, migrations.RunPython.noop),
    ]
