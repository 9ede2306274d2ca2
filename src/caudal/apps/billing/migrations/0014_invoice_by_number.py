"""Invoices are found by number, whatever their prefix."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0013_bulk_acts_move")]
    operations = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["number"], name="invoice_by_number"),
        ),
    ]
