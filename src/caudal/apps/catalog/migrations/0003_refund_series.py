"""Refunds are numbered too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_billing_rules")]

    operations = [
        migrations.AlterField(
            model_name="series",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invoice", "Invoice"),
                    ("free_invoice", "Free invoice"),
                    ("receipt", "Receipt"),
                    ("debit_note", "Non-fiscal debit note (DX)"),
                    ("credit_note", "Non-fiscal credit note (CX)"),
                    ("refund", "Refund"),
                ],
                max_length=15,
                verbose_name="document",
            ),
        ),
    ]
