"""Plans say what they guarantee: `limit-at` of queues."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0005_technologies"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="guaranteed_down_kbps",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="guaranteed download (kbit/s)"
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="guaranteed_up_kbps",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="guaranteed upload (kbit/s)"
            ),
        ),
    ]
