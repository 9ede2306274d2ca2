"""Invoices know which run made them; requests for runs moved to the runs room."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_credit_of_a_cancellation")]
    operations = [
        migrations.AddField(
            model_name="invoice",
            name="run",
            field=models.PositiveBigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.DeleteModel(name="RequestedRun"),
    ]
